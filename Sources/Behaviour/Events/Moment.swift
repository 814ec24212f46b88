import Core

/// A point in time, as people write it on a command line.
public struct Moment: Sendable {
  /// Milliseconds since 1970.
  public let milliseconds: Int64

  /// Reads ISO 8601; a time that names no zone is in UTC.
  public init?(_ text: String) {
    var text = text
    guard let reading = text.withUTF8({ TimeText.read($0, order: .monthDay) }) else { return nil }
    milliseconds = reading.milliseconds - Int64(reading.offset ?? 0) * 60_000
  }

  /// A point in time by its milliseconds since 1970.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The time in UTC as ISO 8601.
  public var text: String { TimeText.text(milliseconds, offset: 0) }
}
