import Core
import Testing

@testable import Recommendation

struct VectorTests {
  private func read(_ text: String) throws -> ProductVectors {
    try Array(text.utf8).withUnsafeBufferPointer { try ProductVectors(lines: $0, name: "v.jsonl") }
  }

  @Test func linesOfAStageAndOfOthersAreRead() throws {
    let vectors = try read(
      """
      {"path":"a.json","slot":"vector","product":"a","locale":"en-US","content":"[0.5,-1,2]"}

      {"id":7,"vector":[1,0,0]}
      {"product":"a","content":"[9,9,9]"}
      """)
    #expect(vectors.vector(of: "a") == [0.5, -1, 2])
    #expect(vectors.vector(of: "7") == [1, 0, 0])
    #expect(vectors.vector(of: "b") == nil)
  }

  @Test(arguments: [
    ("", "is empty"), ("[1]", "line 1 of 'v.jsonl' names no product"),
    (#"{"product":"a","content":"none"}"#, "holds no vector of numbers"),
    (#"{"product":"a","vector":[1,"x"]}"#, "holds no vector of numbers"),
    ("{\"product\":\"a\",\"vector\":[1,2]}\n{\"product\":\"b\",\"vector\":[1]}", "line 2 of 'v.jsonl' has 1 numbers"),
  ])
  func whatIsNoFileOfVectorsIsRefused(_ text: String, _ expected: String) throws {
    let error = try #require(throws: Diagnostic.self) { try read(text) }
    #expect("\(error)".contains(expected), "\(error)")
  }

  @Test func whatAllHaveInCommonTellsNothing() {
    let index = VectorIndex([[10, 1, 0], [10, 0.9, 0.1], [10, -1, 0], nil, [10, -0.9, -0.1]])
    #expect(index.similarity(0, 1) > 0.9 && index.similarity(0, 2) < -0.9)
    #expect(abs(index.similarity(2, 2) - 1) < 1e-5 && index.similarity(3, 3) == 0)
    let nearest = index.nearest(to: [(0, 1)], among: [1, 2, 3, 4], count: 3)
    #expect(nearest.map(\.product) == [1] && nearest.first?.nearest == 0)
    let blend = ContentBlend(ContentIndex(["red tent", "blue tent", "x", "red tent", "y"]), index)
    #expect(Set(blend.nearest(to: [(0, 1)], among: [1, 2, 3, 4], count: 9).map(\.product)) == [1, 3])
  }

  @Test func vectorsThatTellProductsApartForeseeNewOnes() {
    // Ten hobbies of ten products each, whose vectors name the hobby; words say nothing.
    var random = SeededRandom(seed: 4)
    var events: [Interactions.Event] = []
    for user in Int32(0)..<300 {
      let hobby = Int32(random.next() % 10)
      for week in Int64(0)..<5 {
        events.append(
          .init(user: user, item: hobby * 10 + Int32(random.next() % 10), time: week * 604_800, basket: week))
      }
    }
    let vectors = (0..<100).map { item in (0..<10).map { Float($0 == item / 10 ? 1 : 0) + Float(random.unit()) * 0.1 } }
    let split = Split.lastBasket(events, userCount: 300, itemCount: 100)
    let found = ContentEvaluation(
      split,
      [
        ("words", ContentIndex((0..<100).map { "p\($0)" })), ("vectors", VectorIndex(vectors)),
      ], count: 2)
    #expect(found.questions > 100 && found.rows.map(\.model) == ["words", "vectors", "any order"])
    let rates = found.rows.compactMap(\.measures.hitRate.mean)
    #expect(rates[0] == 0 && rates[1] > 0.95 && rates[2] < 0.3)
  }
}
