import Core
import Testing

@testable import Recommendation

struct MeasureTests {
  @Test func rankingsAreMeasuredAsInTheLiterature() {
    let (hit, recall, gain) = RankingMeasures.measure([7, 1, 9, 2], answer: [1, 2, 3], k: 4)
    #expect(hit == 1 && abs(recall - 2.0 / 3) < 1e-12)
    // (1/log2(3) + 1/log2(5)) / (1 + 1/log2(3) + 1/2)
    #expect(abs(gain - (0.6309297536 + 0.4306765581) / 2.1309297536) < 1e-9)
    #expect(RankingMeasures.measure([1], answer: [1], k: 10).2 == 1)
    #expect(RankingMeasures.measure([], answer: [1], k: 10) == (0, 0, 0))
  }

  @Test func intervalsAreOfTheMean() {
    let value = MeanWithInterval([0, 1, 0, 1])
    #expect(value.mean == 0.5)
    #expect(abs((value.halfWidth ?? 0) - 1.959964 * (1.0 / 3 / 4).squareRoot()) < 1e-5)
  }

  @Test func ofFewerThanTwoNoIntervalIsSaid() {
    #expect(MeanWithInterval([]).mean == nil && MeanWithInterval([]).halfWidth == nil)
    #expect(MeanWithInterval([1]).mean == 1 && MeanWithInterval([1]).halfWidth == nil)
    #expect(MeanWithInterval([1, 1]).halfWidth == 0)
  }

  @Test func theStrongestAreKeptWhateverTheOrder() {
    var random = SeededRandom(seed: 3)
    for size in [0, 1, 2, 10, 1000] {
      for limit in [0, 1, 5, 100, 2000] {
        let entries = (0..<size).map { (score: Float(random.next() % 50), item: Int32($0)) }
        let expected = entries.sorted { $0.score != $1.score ? $0.score > $1.score : $0.item < $1.item }.prefix(limit)
        var kept = entries
        keepStrongest(&kept, limit)
        #expect(Set(kept.map(\.item)) == Set(expected.map(\.item)))
      }
    }
  }

  @Test func popularityLosesHalfInAHalfLife() {
    var popularity = DecayedPopularity(itemCount: 2, halfLifeSeconds: 100)
    popularity.add(0, at: 1000)
    popularity.add(1, at: 1100)
    #expect(abs(popularity[0] - 0.5) < 1e-6 && popularity[1] == 1)
    // Far beyond what a double's exponent holds.
    popularity.add(0, at: 1_000_000)
    #expect(popularity[0] == 1 && popularity[1] == 0)
  }

  @Test func theBlendForeseesBetterThanItsParts() {
    // People keep to one of ten hobbies and buy its next product each week; a few products are bought again.
    var random = SeededRandom(seed: 11)
    var events: [Interactions.Event] = []
    for user in Int32(0)..<600 {
      let hobby = Int32(random.next() % 10)
      var item = Int32(random.next() % 20)
      for week in Int64(0)..<8 {
        item = random.unit() < 0.8 ? (item + 1) % 20 : Int32(random.next() % 20)
        events.append(.init(user: user, item: hobby * 20 + item, time: week * 604_800, basket: week))
        if random.unit() < 0.5 {
          events.append(.init(user: user, item: hobby * 20, time: week * 604_800, basket: week))
        }
      }
    }
    let split = Split.lastBasket(events, userCount: 600, itemCount: 200)
    let settings = SettingsSearch(split.training).best()
    let evaluation = Evaluation(split, settings: settings)
    func gain(_ model: String, _ table: Evaluation.Table) -> Double {
      evaluation.rows.first { $0.model == model && $0.table == table }?.measures.ndcg.mean ?? -1
    }
    #expect(settings.directed == 1)
    for table in Evaluation.Table.allCases {
      for peer in ["popularity", "item cosine"] { #expect(gain("blend", table) > gain(peer, table) + 0.05) }
    }
    #expect(gain("blend", .all) > gain("own history", .all))
    #expect(evaluation.rows.allSatisfy { $0.bias.count == 3 && $0.measures.coverage > 0 })
  }
}
