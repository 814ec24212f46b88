import Testing

@testable import Recommendation

struct InteractionsTests {
  @Test func eventsAreOrderedAndBasketsCounted() {
    let interactions = Interactions(
      [
        .init(user: 1, item: 2, time: 30, basket: 9), .init(user: 0, item: 1, time: 20, basket: 2),
        .init(user: 0, item: 0, time: 10, basket: 1), .init(user: 0, item: 0, time: 12, basket: 1),
        .init(user: 0, item: 3, time: 5, basket: 1),
      ], userCount: 3, itemCount: 4)
    #expect(interactions.starts == [0, 3, 4, 4])
    #expect(interactions.items == [0, 3, 1, 2])
    #expect(interactions.times == [12, 12, 20, 30])
    #expect(interactions.age == [1, 1, 0, 0])
    #expect(interactions.history(of: 2).isEmpty)
  }

  @Test func theLastBasketIsForeseen() {
    let events: [Interactions.Event] = [
      .init(user: 0, item: 0, time: 10, basket: 1), .init(user: 0, item: 1, time: 20, basket: 2),
      .init(user: 0, item: 2, time: 20, basket: 2), .init(user: 1, item: 2, time: 5, basket: 3),
    ]
    let split = Split.lastBasket(events, userCount: 2, itemCount: 3)
    #expect(split.questions.map(\.user) == [0])
    #expect(split.questions.first?.answer == [1, 2] && split.questions.first?.time == 20)
    #expect(split.training.items == [0])
    let timed = Split.time(15, events, userCount: 2, itemCount: 3)
    #expect(timed.training.items == [0, 2])
    #expect(timed.questions.map(\.user) == [0])
  }

  @Test func theUsualMomentIsTheFirstOfAMonth() {
    // Ten events a month of 2023, each on the 15th.
    let days = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273]
    let events = days.map {
      Interactions.Event(user: 0, item: 0, time: 1_672_531_200 + Int64($0 + 14) * 86_400, basket: 0)
    }
    #expect(Split.usualMoment(events) == 1_672_531_200 + 212 * 86_400)
  }
}
