public import CPluginABI

/// What a render reads: the variables, and everything that would otherwise come from the machine it runs on.
public struct Scope {
  /// The value whose members are the top-level names.
  public var root: bespoke_value
  /// How host values are read.
  public var access: UnsafePointer<bespoke_access_v1>
  /// BCP 47 tag: "de-DE".
  ///
  /// Decides `money`, `number`, `percent`, `date` and `t`.
  public var locale = "en"
  /// The locale whose texts stand in for those that the reader's lacks; nil for the set's own default.
  public var fallbackLocale: String?
  /// ISO 4217 code: "EUR".
  public var currency = "USD"
  /// Seconds since 1970 in UTC: what `now` means.
  public var now: Int64 = 0
  /// Seconds east of UTC in which dates are shown.
  public var timeZoneOffset = 0
  /// The abbreviation that `%Z` shows.
  public var timeZoneName = "UTC"
  /// Names given by the caller beside the root's members; they win.
  var extras: [Extra] = []

  struct Extra {
    var name: String
    var text: [UInt8]
    var isSafe: Bool
  }

  /// Reads the members of `root`; both must outlive the render.
  public init(root: bespoke_value, access: UnsafePointer<bespoke_access_v1>) {
    self.root = root
    self.access = access
  }

  /// Adds a top-level text; `isSafe` says that it is escaped already.
  public mutating func set(_ name: String, _ text: [UInt8], isSafe: Bool = false) {
    extras.removeAll { $0.name == name }
    extras.append(Extra(name: name, text: text, isSafe: isSafe))
  }

  /// Adds a top-level text.
  public mutating func set(_ name: String, _ text: String, isSafe: Bool = false) {
    set(name, Array(text.utf8), isSafe: isSafe)
  }
}
