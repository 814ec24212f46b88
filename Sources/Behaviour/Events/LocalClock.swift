import Core
import Foundation

/// The clock of a place: turns local times into UTC, with summer time.
///
/// Offsets are cached from one change to the next, so a row costs two comparisons.
struct LocalClock {
  private let zone: TimeZone
  // The offset in force over the local span that was asked for last, in milliseconds.
  private var span: Range<Int64> = 0..<0
  private var minutes = 0

  /// A clock by its IANA name, `Europe/London`, or `UTC`.
  ///
  /// - Throws: `Diagnostic` of kind "unknown time zone".
  init(_ name: String) throws(Diagnostic) {
    guard let zone = TimeZone(identifier: name) else {
      throw Diagnostic(
        "unknown time zone", "'\(name)' is no IANA time zone",
        help: nearestName(to: name, among: TimeZone.knownTimeZoneIdentifiers).map { "did you mean '\($0)'?" }
          ?? "names look like 'Europe/London'")
    }
    self.zone = zone
  }

  /// Minutes east of UTC at a local time; of an hour that occurs twice, the first; of one that is left out, those of
  /// before, so that 02:30 is 03:30.
  mutating func offset(atLocal milliseconds: Int64) -> Int {
    if span.contains(milliseconds) { return minutes }
    // The offset of the moment that shows this local time: tried with the offset a day earlier, then corrected.
    let local = Double(milliseconds) / 1000
    let before = zone.secondsFromGMT(for: Date(timeIntervalSince1970: local - 86_400))
    let moment = Date(timeIntervalSince1970: local - Double(before))
    let seconds = zone.secondsFromGMT(for: moment)
    // Where the offset behind a change leads back before it, the clock never showed this time.
    let isLeftOut =
      seconds != before && zone.secondsFromGMT(for: Date(timeIntervalSince1970: local - Double(seconds))) != seconds
    minutes = (isLeftOut ? before : seconds) / 60
    let next = zone.nextDaylightSavingTimeTransition(after: moment).map { $0.timeIntervalSince1970 + Double(seconds) }
    // Near a change nothing is cached: there a local time may be missing or occur twice.
    let end = next.map { Int64(($0 - 7200) * 1000) } ?? .max
    span = milliseconds + 7_200_000 < end && seconds == before ? milliseconds..<end : 0..<0
    return minutes
  }
}
