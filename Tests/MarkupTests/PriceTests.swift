import Markup
import Testing

struct PriceTests {
  @Test(arguments: [
    ("19.90", "19.90"), ("19.9", "19.90"), ("15", "15.00"), ("0.005", "0.005"), ("1e2", "100.00"),
    ("1.5E-1", "0.15"), ("00012.30", "12.30"), ("0", "0.00"), ("0.000", "0.00"), (".5", "0.50"),
    ("123456789012345678901234.56", "123456789012345678901234.56"), (" 7 ", "7.00"), ("120", "120.00"),
  ])
  func keepsEveryDigitOfTheSource(source: String, text: String) throws {
    #expect(try price(source).text(decimals: 2) == text)
  }

  @Test(arguments: ["", "-1", "abc", "1,50", "1.2.3", "1e99999999999", "1e31", "EUR 5", "1e", ".", "0x10", "1 2"])
  func refusesWhatIsNoAmount(source: String) {
    #expect(source.withBytes { Price($0) } == nil)
  }

  @Test(arguments: [
    ("19.995", 2, "20.00"), ("19.994", 2, "19.99"), ("0.005", 2, "0.01"), ("0.004", 2, "0.00"), ("999.5", 0, "1000"),
    ("1234.5", 0, "1235"), ("1.10", 2, "1.10"),
  ])
  func roundsHalfUp(source: String, decimals: Int, text: String) throws {
    #expect(try price(source).rounded(decimals: decimals).text(decimals: decimals) == text)
  }

  @Test func ordersByAmount() throws {
    let texts = ["0", "0.001", "0.09", "0.1", "0.91", "1", "1.01", "9.99", "10", "10.5", "99", "100"]
    let prices = try texts.map(price)
    for (left, low) in prices.enumerated() {
      for (right, high) in prices.enumerated() {
        #expect((low < high) == (left < right), "\(texts[left]) < \(texts[right])")
      }
    }
    #expect(try price("1.50") == price("1.5"))
  }

  private func price(_ text: String) throws -> Price { try #require(text.withBytes { Price($0) }) }
}
