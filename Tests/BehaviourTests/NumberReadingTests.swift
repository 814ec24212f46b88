import Testing

@testable import Behaviour

struct NumberReadingTests {
  @Test(
    arguments: [
      ("2.55", 25500), ("-80995", -809_950_000), ("1,234.5", 12_345_000), ("12,50", 125_000), ("1,234", 12_340_000),
      ("£40.00", 400_000), ("69.71 gbp", 697_100), ("0.00001", 0), ("1.5e2", 1_500_000), ("+7", 70000), (".5", 5000),
    ] as [(String, Int64)])
  func readsNumbersOfShops(_ text: String, _ expected: Int64) {
    var text = text
    #expect(text.withUTF8 { NumberReading.tenThousandths($0) } == expected)
  }

  @Test(arguments: ["", "free", "-", "99999999999999999999"])
  func refusesWhatIsNoNumber(_ text: String) {
    var text = text
    #expect(text.withUTF8 { NumberReading.tenThousandths($0) } == nil)
  }

  @Test func moneyIsWrittenExactly() {
    #expect(Money.text(25500) == "2.55" && Money.text(-5000) == "-0.5" && Money.text(400_000) == "40")
    #expect(Money.text(1) == "0.0001")
  }

  @Test func measuresComeBackFromTheirBytes() {
    var measures = NumberMeasures()
    for number in 1...2000 {
      measures.quantities.add(Double(number % 12 + 1))
      measures.prices.add(Double(number))
    }
    #expect(NumberMeasures(bytes: measures.bytes) == measures)
    #expect(measures.quantities.fence(3) > 12 && measures.quantities.fence(3) < 2000)
  }
}
