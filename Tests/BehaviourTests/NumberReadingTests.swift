import Testing

@testable import Behaviour

struct NumberReadingTests {
  @Test(
    arguments: [
      ("2.55", 25500), ("-80995", -809_950_000), ("1,234.5", 12_345_000), ("12,50", 125_000), ("1,234", 12_340_000),
      ("£40.00", 400_000), ("69.71 gbp", 697_100), ("0.00001", 0), ("1.5e2", 1_500_000), ("+7", 70000), (".5", 5000),
      ("0.30000000000000004", 3000), ("1.1499999999999999", 11500), ("-0.00005", -1), ("3 pcs", 30000), ("5EUR", 50000),
    ] as [(String, Int64)])
  func readsNumbersOfShops(_ text: String, _ expected: Int64) {
    #expect(read(text)?.value == expected)
  }

  @Test(
    arguments: [
      ("1.234.567", 12_345_670_000), ("1.234,56", 12_345_600), ("1 234,56", 12_345_600), ("1\u{A0}234,56", 12_345_600),
      ("1\u{202F}234", 12_340_000), ("1'234.50", 12_345_000), ("1\u{2019}234.50", 12_345_000), ("0,125", 1250),
      ("1234,567", 12_345_670), ("12,34,567.5", 12_345_675_000), ("Rs. 379", 3_790_000), ("Rs.379", 3_790_000),
      ("$.99", 9900), ("-$5", -50000), ("$-5", -50000), ("(12.50)", -125_000), ("12.50-", -125_000),
      ("\u{2212}7", -70000), ("12,-", 120_000), ("CHF 12.–", 120_000),
    ] as [(String, Int64)])
  func readsNumbersOfEveryCountry(_ text: String, _ expected: Int64) {
    #expect(read(text)?.value == expected)
  }

  @Test func aKnownDecimalMarkLeavesNothingToGuess() {
    let comma = UInt8(ascii: ",")
    #expect(read("1.234", comma)?.value == 12_340_000 && read("1,234", comma)?.value == 12340)
    // A point that groups no three digits is no number of such a file.
    #expect(read("2.50", comma) == nil && read("2", comma)?.value == 20000)
  }

  @Test func ratingsMaySayOfHowMany() {
    for text in ["4.5 out of 5", "4.5/5", "4.5"] {
      var text = text
      #expect(text.withUTF8 { NumberReading.rating($0) } == 45000)
    }
  }

  @Test(
    arguments: [
      "", "free", "-", "99999999999999999999", "2011-12-01", "12:30", "1,2,3", "12 34", "10%", "nan", "1e400", "--5",
    ])
  func refusesWhatIsNoNumber(_ text: String) { #expect(read(text) == nil) }

  private func read(_ text: String, _ decimalMark: UInt8? = nil) -> NumberReading? {
    var text = text
    return text.withUTF8 { NumberReading($0, decimalMark: decimalMark) }
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
