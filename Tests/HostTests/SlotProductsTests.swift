import Core
import Foundation
import Host
import Testing

/// `products` of a pipeline that shows what one of its stages chose.
struct SlotProductsTests {
  /// Who buys a tent buys pegs later.
  private func shop() throws -> Workspace {
    let workspace = try Workspace()
    var purchases = ""
    for user in 0..<40 {
      let bought = user % 2 == 0 ? ["tent", "pegs"] : ["stove", "gas"]
      for (step, product) in bought.enumerated() {
        purchases +=
          #"{"kind":"purchase","user":"u\#(user)","product":"\#(product)","time":\#(1_700_000_000 + step * 864_000),"order":"\#(user)-\#(step)"}"#
          + "\n"
      }
    }
    try workspace.write("purchases.jsonl", purchases)
    let plugin = try PluginRegistry(folder: builtProducts).plugin(named: "recommender")
    _ = try Training(
      plugin, inputs: ["\(workspace.path)/purchases.jsonl"], output: "\(workspace.path)/shop.model",
      options: Document(json: "{}"), seed: 0, threads: 1, log: { _ in }
    ).run()
    try workspace.write(
      "products.jsonl",
      ["tent:Zelt", "pegs:Heringe", "stove:Kocher", "gas:Gaskartusche"].map { pair in
        let names = pair.split(separator: ":")
        return #"{"id":"\#(names[0])","name":"\#(names[0])","translations":{"de-DE":{"name":"\#(names[1])"}}}"# + "\n"
      }.joined())
    try workspace.write(
      "templates/letter.liquid",
      "{% for p in products %}{{ p.name }}: {{ p.reason }} {{ p.source.name }} {{ p.times }}\n{% endfor %}")
    return workspace
  }

  private func generate(_ workspace: Workspace, _ profile: String) throws -> String {
    try workspace.write("profiles.jsonl", profile)
    let report = try workspace.generate(
      """
      manifest: 1
      name: m
      locales: { default: en-US, supported: [en-US, de-DE], from: profile.locale }
      run_time: 2024-03-01T00:00:00Z
      templates: templates
      inputs: { catalogue: { path: products.jsonl }, profiles: { path: profiles.jsonl } }
      pipelines:
        all:
          products: { slot: picks }
          stages:
            - { id: picks, use: recommender, with: { model: shop.model, count: 2, new_products: 0 } }
            - { id: letter, use: template-filler, with: { template: letter.liquid } }
      assets: [ { slot: letter, path: "{{ profile.id }}.txt" } ]
      """)
    #expect(report.failed == 0, "\(report.failures)")
    return try workspace.read("out/p.txt")
  }

  @Test func theyAreThoseThatAStageChoseWithReasonAndSourceInTheReadersLanguage() throws {
    let workspace = try shop()
    let history = #""history":[{"id":"tent","time":"2024-02-01T00:00:00Z","order":1}]"#
    let text = try generate(workspace, #"{"id":"p","locale":"de-DE",\#(history)}"#)
    #expect(text.contains("Zelt: again  1\n") && text.contains("Heringe: bought_together Zelt"))
  }

  @Test func thePastOfWhoDeclinedIsNotLookedAt() throws {
    let workspace = try shop()
    let history = #""history":[{"id":"tent","time":"2024-02-01T00:00:00Z","order":1}]"#
    let text = try generate(workspace, #"{"id":"p","consent":{"personalise":false},\#(history)}"#)
    #expect(text == (try generate(workspace, #"{"id":"p"}"#)))
    #expect(text.split(separator: "\n").allSatisfy { $0.contains("bestseller") })
  }

  @Test func aSlotThatNoStageWritesIsNamed() {
    let text = message {
      _ = try Manifest(
        path: "m.yaml",
        text:
          "manifest: 1\nname: m\npipelines: { all: { products: { slot: pics }, stages: [ { id: picks, use: x } ] } }")
    }
    #expect(text.contains("'products' names the slot 'pics', which no stage of this pipeline writes"))
    #expect(text.contains("help: did you mean 'picks'?"))
  }
}
