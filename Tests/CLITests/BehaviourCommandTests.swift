import Foundation
import Testing

/// `events`, `profiles`, `segments`, `recommend` and `privacy`, as a shop uses them.
struct BehaviourCommandTests {
  private final class Folder {
    let path: String

    init() throws {
      path = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-events-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
      try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

    func run(_ arguments: String...) throws -> Command { try Command(arguments: arguments, in: path) }
  }

  private let folder: Folder

  init() throws { folder = try Folder() }

  /// Sixty customers in two habits: tents with pegs, stoves with gas, some of them again.
  private var orders: String {
    var rows = "Beleg,Kunde,Artikel,Zeit,Menge,Preis\n"
    for user in 0..<60 {
      let products = user % 2 == 0 ? ["tent", "pegs", "tent"] : ["stove", "gas", "gas"]
      for (order, product) in products.prefix(user % 3 + 1).enumerated() {
        rows += "o\(user)-\(order),u\(user),\(product),\(1_700_000_000 + user * 40_000 + order * 900_000),1,20\n"
      }
    }
    return rows
  }

  private let columns = [
    "--map", "user=Kunde", "--map", "product=Artikel", "--map", "time=Zeit", "--map", "order=Beleg", "--map",
    "quantity=Menge",
    "--map", "price=Preis",
  ]

  private func imported() throws {
    try folder.write("orders.csv", orders)
    let result = try Command(
      arguments: ["events", "import", "orders.csv", "--database", "e.db", "--json"] + columns, in: folder.path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains(#""rows":120,"events":120,"dropped":0"#), "\(result.output)")
  }

  private func object(_ command: Command) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [String: Any])
  }

  @Test func importedTwiceNothingIsThereTwice() throws {
    try imported()
    let again = try folder.run("events", "import", "orders.csv", "--database", "e.db")
    #expect(again.output.contains("was imported before: 120 events"))
    let pruned = try folder.run("events", "prune", "--database", "e.db", "--before", "2100-01-01", "--json")
    #expect(pruned.output == "{\"removed\":120}\n")
  }

  @Test func aColumnOfNoFieldIsRefusedWithTheFields() throws {
    try folder.write("orders.csv", orders)
    let result = try folder.run("events", "import", "orders.csv", "--database", "e.db", "--map", "usr=Kunde")
    #expect(result.status == 64 && result.errors.contains("with one of the fields id, kind, user"))
    let missing = try folder.run("profiles", "build", "--database", "none.db")
    #expect(
      missing.status == 66 && missing.errors.contains("make it with 'bespoke events import FILE --database none.db'"))
  }

  @Test func eventsAndAccountsBecomeProfilesWithSegments() throws {
    try imported()
    try folder.write(
      "accounts.jsonl", "{\"id\":\"u0\",\"locale\":\"de-DE\"}\n{\"id\":\"u1\",\"consent\":{\"personalise\":false}}\n")
    #expect(
      try folder.run("profiles", "accounts", "accounts.jsonl", "--database", "e.db", "--json").output
        == #"{"kept":2,"unreadable":0,"erased":0}"# + "\n")
    let segments = try object(folder.run("segments", "--database", "e.db", "--json", "--output", "report.html"))
    #expect(segments["buyers"] as? Int == 60 && (segments["groups"] as? [Any])?.isEmpty == false)
    #expect(try folder.read("report.html").contains("<h2>Tiers</h2>"))
    let built = try folder.run("profiles", "build", "--database", "e.db", "--output", "profiles.jsonl", "--json")
    #expect(built.errors == "{\"written\":60,\"rebuilt\":0,\"withheld\":1}\n")
    let lines = try folder.read("profiles.jsonl").split(separator: "\n")
    #expect(lines[0].hasPrefix(#"{"id":"u0","locale":"de-DE","segments":["#) && lines[0].contains("-spend\""))
    #expect(lines[1] == #"{"id":"u1","consent":{"personalise":false}}"#)
    let explained = try folder.run("profiles", "show", "u2", "--database", "e.db", "--explain")
    #expect(explained.output.contains("3 events: first #") && !explained.output.contains(".0\n"))
  }

  @Test func consentAndTheDictionaryAreForMachinesToo() throws {
    try imported()
    let noted = try object(
      folder.run("profiles", "consent", "u3", "--withdraw", "--database", "e.db", "--purpose", "measure", "--json"))
    #expect(noted["id"] as? String == "u3" && noted["purpose"] as? String == "measure")
    #expect(noted["granted"] as? Bool == false)
    let dictionary = try JSONSerialization.jsonObject(
      with: Data(try folder.run("profiles", "dictionary", "--json").output.utf8))
    let values = try #require(dictionary as? [[String: String]]).map { $0["value"] }
    #expect(values.contains("orders") && values.contains("revenue"))
    let unknown = try folder.run("profiles", "erase", "u3", "--database", "none.db", "--json")
    #expect(unknown.status == 66)
    #expect(try object(unknown)["errors"] != nil)
  }

  @Test func whoIsErasedGetsAReceiptAndStaysOut() throws {
    try imported()
    let receipt = try folder.run("profiles", "erase", "u2", "--database", "e.db")
    let removed = try #require(try object(receipt)["removed"] as? [String: Int])
    #expect(removed["events"] == 3 && removed["profiles"] == 1 && !receipt.output.contains("u2"))
    let again = try Command(
      arguments: ["events", "import", "orders.csv", "--again", "--database", "e.db", "--json"] + columns,
      in: folder.path)
    #expect(again.output.contains(#"{"finding":"erased person","outcome":"dropped","count":3"#))
  }

  @Test func anEvaluationHasItsMeasuresByTableAndModel() throws {
    try folder.write(
      "orders.csv",
      orders.replacingOccurrences(
        of: "Beleg,Kunde,Artikel,Zeit,Menge,Preis", with: "order,user,product,time,quantity,price"))
    let result = try object(folder.run("recommend", "eval", "--events", "orders.csv", "--json"))
    #expect((result["filters"] as? [String])?.isEmpty == false)
    for split in ["last_basket", "time"] {
      let found = try #require(result[split] as? [String: Any])
      for table in ["all", "new"] {
        let models = try #require(found[table] as? [String: [String: Any]])
        #expect(models["popularity"] != nil && models["blend"] != nil && models["item_cosine"] != nil)
        for model in models.values {
          for key in ["hit_rate", "recall", "ndcg"] {
            let mean = try #require(model[key] as? Double)
            let interval = try #require(model["\(key)_interval"] as? [Double])
            #expect(interval[0] <= mean && mean <= interval[1])
          }
          #expect(model["coverage"] is Double && model["novelty"] is Double)
          #expect(
            (model["popularity_bias"] as? [[String: Any]])?.map { $0["segment"] as? String } == ["few", "some", "many"])
        }
      }
    }
  }

  /// From the shop's own model to a recommendation of a product that nobody bought and that shares no word with what was bought.
  @Test func productsThatNobodyBoughtComeByTheVectorsOfAStage() throws {
    try imported()
    try folder.write(
      "products.jsonl",
      """
      {"id":"tent","name":"Trail tent","description":"A light tent for two people, with steel pegs"}
      {"id":"pegs","name":"Steel pegs","description":"Six pegs that hold a tent in the wind"}
      {"id":"stove","name":"Gas stove","description":"A stove that boils water in three minutes"}
      {"id":"gas","name":"Gas cartridge","description":"Gas for a stove"}
      {"id":"dome","name":"Dome","description":"Three-season shelter, freestanding, sleeps three persons and their packs"}
      """)
    let models = "\(repository)/manifests/models"
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/models", withDestinationPath: models)
    try folder.write(
      "vectors.yaml",
      """
      manifest: 1
      name: vectors
      inputs: { catalogue: { path: products.jsonl } }
      pipelines:
        vectors:
          for_each: products
          stages:
            - id: vector
              use: neural-decoder
              with: { role: vector, model: models/shop.gguf, prompt: "{{ product.name }}. {{ product.description }}" }
      assets: [ { slot: vector, path: "{{ product.id }}.json" } ]
      """)
    let made = try folder.run("generate", "vectors.yaml", "--output", "vectors.jsonl", "--quiet")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try folder.read("vectors.jsonl").split(separator: "\n").count == 5)
    let evaluated = try object(
      folder.run(
        "recommend", "eval", "--database", "e.db", "--split", "new-products", "--vectors", "vectors.jsonl", "--json"))
    let table = try #require(evaluated["new_products"] as? [String: Any])
    for model in ["words", "vectors", "words_and_vectors", "any_order"] {
      #expect((table[model] as? [String: Any])?["hit_rate"] is Double)
    }
    let exported = try folder.run("events", "export", "--database", "e.db", "--output", "purchases.jsonl")
    #expect(exported.status == 0)
    let trained = try folder.run("train", "recommender", "purchases.jsonl", "--output", "shop.model", "--quiet")
    #expect(trained.status == 0, "\(trained.errors)")
    try folder.write(
      "shop.yaml",
      """
      manifest: 1
      name: shop
      run_time: 2023-12-01T00:00:00Z
      inputs:
        catalogue: { path: products.jsonl }
        profiles: { inline: [ { id: anna, history: [ { id: tent, time: "2023-11-14T00:00:00Z", order: 1 } ] } ] }
      pipelines:
        all:
          products: { slot: picks }
          stages:
            - { id: picks, use: recommender, with: { model: shop.model, vectors: vectors.jsonl, count: 4 } }
            - { id: letter, use: template-filler, with: { template: letter.liquid } }
      assets: [ { slot: letter, path: "{{ profile.id }}.txt" } ]
      templates: .
      """)
    try folder.write("letter.liquid", "{% for product in products %}{{ product.id }}:{{ product.reason }} {% endfor %}")
    let picks = try folder.run("generate", "shop.yaml", "--output", "picks.jsonl", "--quiet")
    #expect(picks.status == 0, "\(picks.errors)")
    let chosen = try folder.read("picks.jsonl")
    #expect(chosen.contains("dome:similar"), "\(chosen)")
  }

  @Test func anAuditNamesWhatIsReadOfAPersonByWhom() throws {
    try folder.write(
      "letter.liquid", "{% assign name = profile.first_name %}Dear {{ name }}{% render 'tail', who: profile %}")
    try folder.write(
      "tail.liquid", "---\nparameters:\n  who: object\n---\n{{ who.attributes.colour }} {{ product.name }}")
    try folder.write(
      "shop.yaml",
      """
      manifest: 1
      name: shop
      templates: .
      locales: { default: en-US, supported: [en-US], from: profile.locale }
      routes:
        - { if: { not: { profile.consent.email: true } }, run: all }
        - { run: all }
      pipelines:
        all:
          stages:
            - { id: picks, use: recommender, with: { model: shop.model } }
            - { id: letter, use: template-filler, with: { template: letter.liquid } }
      assets: [ { slot: letter, path: "{{ profile.id }}.txt" } ]
      """)
    let result = try folder.run("privacy", "audit", "shop.yaml")
    #expect(
      result.output == """
        recommender             consent, erasures, history
        template-filler         attributes.colour, first_name
        routes                  consent.email, locale
        options and paths       id

        """, "\(result.errors)")
    let json = try folder.run("privacy", "audit", "shop.yaml", "--json").output
    #expect(
      json.hasPrefix(#"{"readers":[{"reader":"recommender","fields":["consent","erasures","history"]}"#), "\(json)")
  }
}
