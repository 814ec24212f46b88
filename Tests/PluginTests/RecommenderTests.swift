import Foundation
import PluginAPI
import PluginTesting
import Recommendation
import Testing

@testable import Recommender

struct RecommenderTests {
  private static let catalogue = #"""
    [{"id":"tent","name":"Trail tent","category":"tents"},{"id":"pegs","name":"Steel pegs","category":"tents"},
    {"id":"stove","name":"Gas stove","category":"stoves"},{"id":"gas","name":"Gas cartridge","category":"stoves"},
    {"id":"old","name":"Old lamp","category":"lamps","availability":"out_of_stock"},
    {"id":"dome","name":"Dome tent for the trail","category":"tents","margin":0.1}]
    """#

  /// Tents go with pegs, stoves with gas.
  private func model() -> TestResource {
    var events: [Interactions.Event] = []
    for user in Int32(0)..<30 {
      let items: [Int32] = user % 2 == 0 ? [0, 1] : [2, 3, 4]
      for (step, item) in items.enumerated() where user >= 4 || step != 1 {
        events.append(
          .init(user: user, item: item, time: 1_700_000_000 + Int64(step) * 86_400, basket: Int64(step)))
      }
    }
    let ids = ["tent", "pegs", "stove", "gas", "old", "gone"]
    let model = RecommendationModel(Interactions(events, userCount: 30, itemCount: 6), itemIDs: ids)
    return TestResource(kind: "model", name: "shop.model", bytes: model.bytes)
  }

  private func instance(_ options: String = "") throws -> TestInstance {
    try TestHost(resources: [model()], catalogue: Self.catalogue)
      .instance(of: RecommenderPlugin.self, config: #"{"model":"shop.model"\#(options)}"#)
  }

  private let tentBuyer = #"""
    {"profile":{"history":[{"id":"tent","time":"2023-11-14T00:00:00Z","order":1}]},"run_time":"2023-12-01T00:00:00Z"}
    """#

  private func ids(_ instance: TestInstance, _ brief: String) throws -> [String] {
    let result = try instance.process(TestRequest(brief))
    let json = try JSONSerialization.jsonObject(with: Data((result.text ?? "").utf8)) as? [[String: Any]]
    return try #require(json).compactMap { $0["id"] as? String }
  }

  @Test func whatOthersBoughtAlongComesWithItsReason() throws {
    let result = try instance(#","repeats":"exclude","count":2,"new_products":0"#).process(TestRequest(tentBuyer))
    #expect((result.text ?? "").contains(#""id":"pegs""#))
    #expect((result.text ?? "").contains(#""reason":"bought_together","source":"tent","source_name":"Trail tent""#))
  }

  @Test func newProductsComeByTheirResemblance() throws {
    let text = try instance(#","count":3"#).process(TestRequest(tentBuyer)).text ?? ""
    #expect(text.contains(#""id":"dome""#) && text.contains(#""reason":"similar","source":"tent""#))
  }

  @Test func vectorsFindWhatWordsDoNot() throws {
    let catalogue = #"""
      [{"id":"tent","name":"Trail tent"},{"id":"stove","name":"Gas stove"},{"id":"bivouac","name":"Shelter"},
      {"id":"burner","name":"Cooker"}]
      """#
    let lines = [("tent", "[1,0.1,0]"), ("bivouac", "[1,0,0.1]"), ("stove", "[0,1,0.1]"), ("burner", "[0.1,1,0]")]
      .map { #"{"product":"\#($0)","content":"\#($1)"}"# }.joined(separator: "\n")
    func text(_ options: String, _ lines: String) throws -> String {
      try TestHost(
        resources: [model(), TestResource(kind: "model", name: "v.jsonl", text: lines)], catalogue: catalogue
      ).instance(of: RecommenderPlugin.self, config: #"{"model":"shop.model","count":2\#(options)}"#)
        .process(TestRequest(tentBuyer)).text ?? ""
    }
    #expect(try !text("", lines).contains("similar"))
    let found = try text(#","vectors":"v.jsonl""#, lines)
    #expect(found.contains(#""id":"bivouac""#) && found.contains(#""reason":"similar","source":"tent""#), "\(found)")
    let error = try #require(throws: PluginError.self) { try text(#","vectors":"v.jsonl""#, "nonsense") }
    #expect(error.field == "vectors" && error.message.contains("line 1 of 'v.jsonl' names no product"))
  }

  @Test func strangersGetWhatIsPopularAndInStock() throws {
    let found = try ids(instance(#","count":8"#), #"{"profile":{}}"#)
    #expect(Set(found) == ["tent", "pegs", "stove", "gas"])
  }

  @Test func rulesOfTheShopHold() throws {
    #expect(try ids(instance(#","pinned":["gas"],"count":2"#), tentBuyer).first == "gas")
    #expect(try !ids(instance(#","excluded":["pegs"]"#), tentBuyer).contains("pegs"))
    #expect(try !ids(instance(#","rest_days":60"#), tentBuyer).contains("tent"))
    #expect(try ids(instance(#","rest_days":10"#), tentBuyer).contains("tent"))
    #expect(try !ids(instance(#","least_margin":0.2"#), tentBuyer).contains("dome"))
    let mixed = try ids(instance(#","most_of_category":1,"count":2,"new_products":0"#), tentBuyer)
    #expect(mixed.count == 2 && !(mixed.contains("tent") && mixed.contains("pegs")))
  }

  @Test func withoutACatalogueTheModelsProductsAreForSale() throws {
    let instance = try TestHost(resources: [model()]).instance(
      of: RecommenderPlugin.self, config: #"{"model":"shop.model","count":3}"#)
    #expect(try ids(instance, tentBuyer).first == "tent")
  }

  @Test func aWrongModelOrProductIsNamed() throws {
    let host = try TestHost(
      resources: [TestResource(kind: "model", name: "shop.model", text: "nonsense")], catalogue: Self.catalogue)
    let error = try #require(throws: PluginError.self) {
      try host.instance(of: RecommenderPlugin.self, config: #"{"model":"shop.model"}"#)
    }
    #expect(error.field == "model" && error.message.contains("no model"))
    let unknown = try #require(throws: PluginError.self) { try instance(#","pinned":["tant"]"#) }
    #expect(unknown.field == "pinned" && unknown.message.contains("'tant'"))
  }

  @Test func aModelOlderThanAnErasureIsRefusedUntilItIsLearntAnew() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("erased-\(UUID().uuidString)").path
    defer { for end in [".jsonl", ".model"] { try? FileManager.default.removeItem(atPath: path + end) } }
    func answer(after erasures: Int, _ profile: String) throws -> TestResult {
      let mark = erasures > 0 ? #","erasures":\#(erasures)"# : ""
      let lines = (0..<20).map { user in
        #"{"kind":"purchase","user":"u\#(user)","product":"\#(user % 2 == 0 ? "tent" : "pegs")","time":"2024-05-01"\#(user == 0 ? mark : "")}"#
      }
      try lines.joined(separator: "\n").write(toFile: path + ".jsonl", atomically: false, encoding: .utf8)
      var file = PurchaseFile()
      try file.read(path + ".jsonl") { false }
      let model = RecommendationModel(
        Interactions(file.events, userCount: file.userCount, itemCount: file.itemIDs.count), itemIDs: file.itemIDs,
        erasures: file.erasures)
      return try TestHost(
        resources: [TestResource(kind: "model", name: "shop.model", bytes: model.bytes)], catalogue: Self.catalogue
      ).instance(of: RecommenderPlugin.self, config: #"{"model":"shop.model"}"#).process(TestRequest(profile))
    }
    let profile = #"{"profile":{"erasures":2}}"#
    for erasures in [0, 1] {
      let failure = try #require(try answer(after: erasures, profile).failure)
      #expect(failure.code == .refused && failure.message.contains("make it anew with 'bespoke train recommender'"))
    }
    #expect(try answer(after: 2, profile).failure == nil)
    #expect(try answer(after: 2, #"{"profile":{}}"#).failure == nil)
  }

  @Test func optionsAndSchemaAgree() throws {
    #expect(try disagreements(between: RecommenderPlugin.Config.self, and: RecommenderPlugin.info.config) == [])
  }

  @Test func purchasesAreReadFromEvents() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("events-\(UUID().uuidString).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try """
    {"kind":"purchase","user":"a","product":"x","time":"2024-05-01T10:00:00Z","order":"o1","quantity":1,"price":2}
    {"kind":"view","user":"a","product":"y","time":"2024-05-01T10:00:00Z"}
    {"kind":"purchase","user":"b","product":"x","time":"2024-05-01T12:00:00+02:00","price":0}
    {"kind":"purchase","user":"b","product":"z","time":"2024-05-01T12:00:00+02:00"}
    broken

    """.write(toFile: path, atomically: false, encoding: .utf8)
    var file = PurchaseFile()
    try file.read(path) { false }
    #expect(file.itemIDs == ["x", "z"] && file.userCount == 2 && file.otherLines == 3)
    #expect(file.events.map(\.time) == [1_714_557_600, 1_714_557_600])
    #expect(throws: PluginError.self) { try file.read(path + ".absent") { false } }
  }
}
