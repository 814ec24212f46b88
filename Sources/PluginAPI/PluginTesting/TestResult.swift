public import PluginAPI

/// What a plugin made of one brief.
public struct TestResult: Sendable {
  /// What lies in a slot.
  public enum Slot: Sendable, Equatable {
    /// A text, a piece of markup or an address.
    case text(String)
    /// A structured slot as compact JSON, members in the order they were written.
    case json(String)
    /// Bytes and their media type.
    case media(type: String, bytes: [UInt8])
  }

  /// One fact of how a slot came to be.
  public struct Note: Sendable, Equatable {
    /// The port; empty for the stage's own slot.
    public let port: String
    /// Such as "template".
    public let key: String
    /// Its value.
    public let value: String

    /// A note.
    public init(port: String = "", key: String, value: String) {
      self.port = port
      self.key = key
      self.value = value
    }
  }

  /// What was written, by port; the empty name is the stage's own slot.
  public let slots: [String: Slot]
  /// Notes in the order they were taken.
  public let notes: [Note]
  /// Why the item failed or was skipped (code `skip`); nil where it is done.
  public let failure: PluginError?

  /// The text of the stage's own slot, or nil where it holds no text.
  public var text: String? { self[""] }

  /// The text of a port, or the JSON of a structured one; nil where nothing or bytes were written.
  public subscript(port: String) -> String? {
    switch slots[port] {
    case .text(let text), .json(let text): text
    case .media, nil: nil
    }
  }
}

/// One brief with what accompanies it.
public struct TestRequest: Sendable, ExpressibleByStringLiteral {
  /// The brief as JSON text.
  public var brief: String
  /// The only source of chance.
  public var seed: UInt64
  /// Nanoseconds of CLOCK_MONOTONIC; 0 for none.
  public var deadline: UInt64
  /// How often the plugin may ask whether it is cancelled before the answer is yes; nil for never.
  public var cancelAfter: Int?

  /// A request.
  public init(_ brief: String, seed: UInt64 = 0, deadline: UInt64 = 0, cancelAfter: Int? = nil) {
    self.brief = brief
    self.seed = seed
    self.deadline = deadline
    self.cancelAfter = cancelAfter
  }

  /// A request of a brief alone.
  public init(stringLiteral brief: String) { self.init(brief) }
}
