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

  @Test(
    arguments: [
      ("12/1/2010 8:26:00 AM", nil), ("12/1/2010 08:26 am", nil), ("Dec 1, 2010 8:26\u{202F}AM", nil),
      ("December 1, 2010, 8:26 a.m.", nil), ("1 Dec 2010 08:26", nil), ("01-Dec-2010 08:26:00", nil),
      ("01-Dec-10 08:26", nil), ("12-01-2010 08:26", nil), ("Wed, 01 Dec 2010 08:26:00 GMT", 0),
      ("Wednesday, December 1, 2010 8:26 AM", nil), ("Wed Dec  1 08:26:00 2010", nil),
      ("Wed Dec 01 08:26:00 UTC 2010", 0), ("Wed Dec 01 2010 08:26:00 GMT+0000 (UTC)", 0), ("20101201082600", nil),
      ("201012010826", nil), ("20101201T082600Z", 0), ("20101201 08:26", nil), ("2010年12月1日 08:26", nil),
      ("2010.12.01 08:26", nil), ("1291191960000000000", 0), ("1291191960000.0", 0),
      ("2010-12-01T08:26:00+00:00[Europe/London]", 0), ("2010-12-01 08:26:00.000000000123", nil),
    ] as [(String, Int?)])
  func readsTheFormsOfOtherPrograms(_ text: String, _ offset: Int?) {
    #expect(read(text) == .init(milliseconds: 1_291_191_960_000, offset: offset))
  }

  @Test func halvesOfTheDayAndZonesAreReckonedWith() {
    #expect(
      read("12/1/2010 12:00 AM") == read("2010-12-01 00:00") && read("12/1/2010 12:30 PM") == read("2010-12-01 12:30"))
    #expect(read("12/1/2010 8:26:00 PM") == read("2010-12-01 20:26"))
    #expect(read("Wed, 01 Dec 2010 08:26:00 EST")?.offset == -300)
    #expect(read("2010-12-01 24:00") == read("2010-12-02 00:00"))
  }

  @Test(
    arguments: [
      "9999999999999999999", "12/1/2010 13:00 PM", "2010-12-01 24:30", "20101332", "Dec 2010",
      "2010-12-01 08:26 XYZ", "2010-12-01T08:26:00+0199", "41513.35", "Foo 1, 2010",
    ])
  func refusesWhatLooksLikeATime(_ text: String) { #expect(read(text) == nil) }

  @Test func endlessCountsAreFarTimes() { #expect(read("99999999999999999.5")?.milliseconds == 99_999_999_999_999) }

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
    // The hour that is left out is read by the clock of before it, the one that occurs twice as its first.
    #expect(clock.offset(atLocal: local("2024-03-31 01:30")) == 0)
    #expect(clock.offset(atLocal: local("2024-10-27 01:30")) == 60)
  }
}
