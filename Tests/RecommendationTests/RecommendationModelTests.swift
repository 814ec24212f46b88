import Core
import Testing

@testable import Recommendation

struct RecommendationModelTests {
  /// Tents go with pegs, pans with stoves; everyone buys gas.
  private static let ids = ["tent", "pegs", "pan", "stove", "gas", "unsold"]

  private static func shop() -> Interactions {
    var events: [Interactions.Event] = []
    for user in Int32(0)..<40 {
      let pair: [Int32] = user % 2 == 0 ? [0, 1] : [2, 3]
      for (step, item) in (pair + [4]).enumerated() where !(user < 4 && item == pair[1]) {
        let time = Int64(user) * 86_400 + Int64(step) * 3600
        events.append(.init(user: user, item: item, time: time, basket: Int64(step)))
      }
    }
    return Interactions(events, userCount: 40, itemCount: 6)
  }

  private let model = RecommendationModel(shop(), itemIDs: ids)

  private func recommend(_ items: [Int32], _ repeats: Repeats = .exclude, count: Int = 3) -> [Recommendation] {
    var recommender = Recommender(model)
    let history = items.enumerated().map { HistoryItem(item: $1, age: Int32(items.count - 1 - $0), time: 0) }
    return recommender.recommend(history, count: count, repeats: repeats)
  }

  /// The walk as dense sums over users, as its definition states.
  @Test func weightsAreThoseOfTheWalk() {
    let interactions = Self.shop()
    var settings = RecommendationSettings()
    settings.directed = 0
    let training = NeighbourTraining(interactions, settings)
    let walk = training.walk()
    var taken = [Set<Int32>](repeating: [], count: 40)
    for user in 0..<40 {
      taken[user] = Set(interactions.items[interactions.starts[user]..<interactions.starts[user + 1]])
    }
    for target in Int32(0)..<6 {
      for source in Int32(0)..<6 where source != target {
        let users = taken.filter { $0.contains(source) && $0.contains(target) }
        let sum = users.reduce(Float(0)) { $0 + power(Float($1.count), -0.6) }
        let count = taken.count { $0.contains(source) }
        let expected = sum == 0 ? 0 : sum * power(Float(count), -0.6)
        #expect(abs(walk.weight(row: Int(target), column: source) - expected) < 1e-5)
      }
    }
  }

  @Test func whatOthersTookAlongComesFirst() {
    let answer = recommend([0])
    #expect(answer.first?.item == 1)
    #expect(answer.first?.reason == .because(item: 0))
    #expect(recommend([2]).first?.item == 3)
    #expect(!answer.contains { $0.item == 0 })
  }

  @Test func whatOneHadComesAgainWhereItMay() {
    let answer = recommend([0, 4, 0], .include)
    #expect(answer.first?.item == 0)
    #expect(answer.first?.reason == .again(times: 2))
  }

  @Test func strangersGetWhatIsPopular() {
    let answer = recommend([], .include)
    #expect(answer.count == 3 && answer.first?.item == 4)
    #expect(answer.allSatisfy { $0.reason == .popular })
    #expect(answer.map(\.score) == answer.map(\.score).sorted(by: >))
  }

  @Test func everyItemIsAnsweredOnceAndScoresFall() {
    for history in [[], [0], [0, 1, 2, 3, 4, 5], [5]] as [[Int32]] {
      for repeats in Repeats.allCases {
        let answer = recommend(history, repeats, count: 6)
        #expect(Set(answer.map(\.item)).count == answer.count)
        #expect(answer.map(\.score) == answer.map(\.score).sorted(by: >))
        if repeats == .include { #expect(answer.count == 6) }
      }
    }
  }

  @Test func aRecommenderRemembersNothing() {
    var recommender = Recommender(model)
    let first = recommender.recommend([.init(item: 0, age: 0, time: 0)], count: 3)
    _ = recommender.recommend([.init(item: 2, age: 0, time: 0), .init(item: 3, age: 1, time: 0)], count: 3)
    #expect(recommender.recommend([.init(item: 0, age: 0, time: 0)], count: 3) == first)
  }

  @Test func filesGiveTheSameModel() throws {
    let bytes = model.bytes
    let again = try bytes.withUnsafeBufferPointer { try RecommendationModel(bytes: $0, name: "m") }
    #expect(again.sources == model.sources && again.itemIDs == model.itemIDs && again.settings == model.settings)
    #expect(again.popularity == model.popularity && again.bytes == bytes)
  }

  @Test func damagedFilesAreRefused() throws {
    let bytes = model.bytes
    func message(_ bytes: [UInt8]) -> String {
      do {
        _ = try bytes.withUnsafeBufferPointer { try RecommendationModel(bytes: $0, name: "m") }
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(message([]).contains("no model"))
    #expect(message(Array(bytes.dropLast())).contains("cut short"))
    var flipped = bytes
    flipped[bytes.count - 3] ^= 1
    #expect(message(flipped).contains("damaged"))
    for place in stride(from: 0, to: bytes.count, by: 7) {
      var changed = bytes
      changed[place] ^= 0x41
      #expect(message(changed) != "accepted", "byte \(place)")
    }
  }

  @Test func oneUserOfManyEventsCostsNoMoreThanTheLimit() {
    let events = (0..<20_000).map {
      Interactions.Event(user: 0, item: Int32($0 % 3000), time: Int64($0), basket: Int64($0))
    }
    let model = RecommendationModel(
      Interactions(events, userCount: 1, itemCount: 3000), itemIDs: (0..<3000).map { "\($0)" })
    #expect(model.userCounts.reduce(0, +) == 500)
  }

  @Test func anEmptyShopHasNothingToRecommend() {
    let model = RecommendationModel(Interactions([], userCount: 0, itemCount: 0), itemIDs: [])
    var recommender = Recommender(model)
    #expect(recommender.recommend([], count: 5).isEmpty)
  }
}
