import Core
import Testing

@testable import Behaviour

struct TimeTextTests {
  private func read(_ text: String, _ order: TimeText.DateOrder = .monthDay) -> TimeText.Reading? {
    var text = text
    return text.withUTF8 { TimeText.read($0, order: order) }
  }

  @Test(
    arguments: [
      ("2010-12-01 08:26:00", 1_291_191_960_000, nil), ("2010-12-01T08:26:00Z", 1_291_191_960_000, 0),
      ("2010-12-01T08:26:00.25+01:00", 1_291_191_960_250, 60), ("2010-12-01", 1_291_161_600_000, nil),
      ("20101201", 1_291_161_600_000, nil), ("1291191960", 1_291_191_960_000, 0),
      ("1291191960123", 1_291_191_960_123, 0), ("12/1/2010 8:26", 1_291_191_960_000, nil),
      ("12/1/10 8:26", 1_291_191_960_000, nil), ("01.12.2010 08:26", 1_291_191_960_000, nil),
      ("2010/12/01 08:26", 1_291_191_960_000, nil), ("01/Dec/2010:08:26:00 -0700", 1_291_191_960_000, -420),
      ("2010-12-01 08:26:00 UTC", 1_291_191_960_000, 0), ("2024-02-29", 1_709_164_800_000, nil),
    ] as [(String, Int64, Int?)])
  func readsTheFormsOfFiles(_ text: String, _ milliseconds: Int64, _ offset: Int?) {
    #expect(read(text) == .init(milliseconds: milliseconds, offset: offset))
  }

  @Test(arguments: ["", "now", "2010-13-01", "2010-02-29", "2010-12-01 25:00", "2010-12-01T08", "12/2010", "1-2-3"])
  func refusesWhatIsNoTime(_ text: String) { #expect(read(text) == nil) }

  @Test func theOrderOfSlashesIsConfigured() {
    #expect(read("5/6/2024", .monthDay) == read("2024-05-06"))
    #expect(read("5/6/2024", .dayMonth) == read("2024-06-05"))
  }

  @Test func writesWhatItReads() {
    #expect(TimeText.text(1_291_191_960_250, offset: 60) == "2010-12-01T09:26:00.250+01:00")
    for milliseconds in stride(from: Int64(-5_000_000_000_000), to: 5_000_000_000_000, by: 77_777_777_777) {
      #expect(read(TimeText.text(milliseconds, offset: 0))?.milliseconds == milliseconds)
    }
  }

  @Test func clocksFollowSummerTime() throws {
    var clock = try LocalClock("Europe/London")
    func local(_ text: String) -> Int64 { read(text)?.milliseconds ?? 0 }
    #expect(clock.offset(atLocal: local("2024-01-10 08:00")) == 0)
    #expect(clock.offset(atLocal: local("2024-03-31 00:30")) == 0)
    #expect(clock.offset(atLocal: local("2024-03-31 03:30")) == 60)
    #expect(clock.offset(atLocal: local("2024-07-10 08:00")) == 60)
    #expect(clock.offset(atLocal: local("2024-10-27 12:00")) == 0)
    #expect(clock.offset(atLocal: local("2024-05-01 12:00")) == 60)
  }
}
