import Testing

@testable import Recommendation

struct ContentAndRulesTests {
  private let index = ContentIndex([
    "Trail running shoe for women, blue", "Trail running shoe for men, red", "Camping stove gas", "Gas cartridge stove",
    "Rain jacket", "Jacket for rain, red",
  ])

  @Test func productsWithTheSameRareWordsResembleEachOther() {
    #expect(index.similarity(0, 1) > 0.5)
    #expect(index.similarity(2, 3) > 0.5)
    #expect(index.similarity(0, 2) == 0)
    #expect(abs(index.similarity(4, 4) - 1) < 1e-5)
    let nearest = index.nearest(to: [(0, 1), (3, 0.5)], among: [1, 2, 4, 5], count: 2)
    #expect(nearest.map(\.product) == [1, 2])
    #expect(nearest.map(\.nearest) == [0, 3])
  }

  @Test func wordsAreFoundInAnyScript() {
    #expect(ContentIndex.words(of: "Zelt, 2-Personen (grün)") == ["zelt", "personen", "grün"])
    #expect(ContentIndex.words(of: "红色帐篷") == ["红色", "色帐", "帐篷"])
    #expect(ContentIndex.words(of: "").isEmpty)
  }

  @Test func rulesLeaveOutWhatAShopCannotOrWillNotSell() {
    var rules = BusinessRules()
    let product = BusinessRules.Product(category: "tents", margin: 0.1)
    #expect(rules.allows(1, product, lastTaken: nil, now: 0))
    #expect(!rules.allows(1, .init(isInStock: false), lastTaken: nil, now: 0))
    rules.leastMargin = 0.2
    #expect(!rules.allows(1, product, lastTaken: nil, now: 0))
    #expect(rules.allows(1, .init(), lastTaken: nil, now: 0))
    rules.restDays = 30
    #expect(!rules.allows(1, .init(), lastTaken: 86_400 * 80, now: 86_400 * 100))
    #expect(rules.allows(1, .init(), lastTaken: 86_400 * 60, now: 86_400 * 100))
    rules.excluded = [1]
    #expect(!rules.allows(1, .init(), lastTaken: nil, now: 0))
  }

  @Test func pinnedComeFirstAndCategoriesAreMixed() {
    var rules = BusinessRules()
    rules.pinned = [9, 3]
    rules.mostOfCategory = 2
    let ranked = (Int32(0)..<8).map { Recommendation(item: $0, score: Float(8 - $0), reason: .popular) }
    let chosen = rules.choose(
      ranked, count: 5, product: { .init(category: $0 < 4 ? "a" : $0 == 9 ? "" : "b") }, isAllowed: { _ in true })
    #expect(chosen.map(\.item) == [9, 3, 0, 4, 5])
    #expect(chosen.prefix(2).allSatisfy { $0.reason == .pinned })
    #expect(rules.choose(ranked, count: 1, product: { _ in nil }, isAllowed: { $0 != 9 }).map(\.item) == [3])
  }
}
