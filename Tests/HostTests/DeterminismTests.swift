import Core
import Foundation
import Testing

@testable import Host

/// Every plugin of ours gives the same bytes whatever the number of threads and the size of batches, run after run.
struct DeterminismTests {
  private let workspace: Workspace

  /// Ways to run a manifest: threads, and the most rows of a piece of work, which is the most briefs of a call, too.
  private static let ways: [(threads: Int, batchSize: Int?)] = [
    (1, nil), (1, nil), (2, nil), (8, nil), (1, 1), (2, 7), (8, 64), (2, 3),
  ]

  init() throws {
    workspace = try Workspace()
    let products = (0..<60).map { number in
      #"{"id":"T\#(number)","name":"Tent \#(number)","slug":"tent-\#(number)","price":\#(number).50,"currency":"EUR","#
        + #""category":"Tents > Kind \#(number % 5)","availability":"in_stock","description":"Room & air <\#(number)>","#
        + #""translations":{"de":{"name":"Zelt \#(number)"}}}"#
    }
    // Some rows are rejected, some repeat others: what a piece of work holds must not show.
    let profiles = (0..<200).map { number in
      number % 41 == 40
        ? "not a record"
        : #"{"id":"p\#(number % 190)","locale":"\#(number % 2 == 0 ? "de-DE" : "en-US")","first_name":"N\#(number)","#
          + #""email":"p\#(number)@shop.example","segments":[\#(number == 50 ? #""all""# : "")],"#
          + #""recommendations":[{"id":"T\#(number % 60)","reason":"interest"},{"id":"T\#(number % 7)"}],"#
          + #""history":[{"product":"T\#(number % 9)","time":"2026-01-02T10:00:00Z"}]}"#
    }
    try workspace.write("products.jsonl", products.joined(separator: "\n") + "\n")
    try workspace.write("profiles.jsonl", profiles.joined(separator: "\n") + "\n")
    try workspace.write(
      "templates/line.liquid", "{{ profile.first_name }}: {% for p in products %}{{ p.name }} {% endfor %}")
    try workspace.write(
      "templates/page.liquid",
      "<!DOCTYPE html><html lang=\"{{ locale }}\"><head>{{ head }}</head><body><h1>{{ product.name }}</h1>"
        + "<p>{{ product.description }} {{ profile.first_name }}</p></body></html>")
    try workspace.write(
      "templates/mail.liquid",
      "<html><head><style>p { color: #333 }</style></head><body><p>Dear {{ profile.first_name }}</p></body></html>")
    try workspace.write("templates/shown.liquid", "{{ slots.text | json }}{{ slots.chosen | json }}")
    try workspace.write(
      "copy.txt",
      (0..<200).map {
        "A \(["light", "warm", "roomy", "sturdy"][$0 % 4]) tent for \(["two", "four", "all"][$0 % 3]) people."
      }
      .joined(separator: "\n"))
    try workspace.write(
      "purchases.jsonl",
      (0..<120).map { number in
        #"{"kind":"purchase","user":"u\#(number / 3)","product":"T\#((number / 3 + number % 3 * 2) % 9)","#
          + #""time":"2026-01-\#(10 + number % 9)T10:00:00Z","order":"o\#(number)"}"#
      }.joined(separator: "\n") + "\n")
  }

  private func manifest(_ pipelines: String, slot: String = "text") -> String {
    """
    manifest: 1
    name: same
    seed: 11
    site: { name: Shop, base_url: "https://shop.example", currency: EUR, product_path: "{{ locale }}/{{ product.slug }}.html" }
    locales: { default: en-US, supported: [en-US, de-DE] }
    run_time: 2026-03-01T08:00:00Z
    inputs: { catalogue: { path: products.jsonl }, profiles: { path: profiles.jsonl } }
    \(pipelines)
    assets: [ { slot: \(slot), path: "{{ profile.id }}/{{ product.slug | default: 'own' }}-{{ locale }}.txt" } ]
    """
  }

  private func train(_ plugin: String, _ input: String, _ output: String, options: String) throws {
    let plugin = try PluginRegistry(folder: builtProducts).plugin(named: plugin)
    let training = Training(
      plugin, inputs: ["\(workspace.path)/\(input)"], output: "\(workspace.path)/\(output)",
      options: try Document(json: options), seed: 3, threads: 1, log: { _ in })
    _ = try training.run()
  }

  /// Runs a manifest in all ways and compares all files that come of it.
  private func expectSameBytes(_ manifest: String, atLeast least: Int) throws {
    let plan = try workspace.plan(manifest)
    var first: [String: Data] = [:]
    for (number, way) in Self.ways.enumerated() {
      var options = GenerateOptions(sink: .folder("\(workspace.path)/out\(number)"), threads: way.threads)
      options.batchSize = way.batchSize
      options.rejectsPath = "\(workspace.path)/out\(number)/rejects.jsonl"
      let report = try Generation(plan, options: options).run()
      #expect(report.failed == 0 && report.written >= least)
      let files = try workspace.files(in: "out\(number)")
      if number == 0 { first = files }
      let differing = Set(files.keys).symmetricDifference(first.keys).union(
        files.keys.filter { files[$0] != first[$0] })
      #expect(
        differing.isEmpty, "\(way.threads) threads, batches of \(way.batchSize ?? 0): \(differing.sorted().prefix(3))")
    }
  }

  @Test func templateFiller() throws {
    try expectSameBytes(
      manifest(
        "pipelines: { all: { stages: [ { id: text, use: template-filler, with: { template: line.liquid } } ] } }"),
      atLeast: 150)
  }

  @Test func productPageWithFeedsAndAPipelineOverAllProducts() throws {
    try expectSameBytes(
      manifest(
        """
        routes:
          - { if: { profile.segments: { contains: all } }, run: shop }
          - run: own
        pipelines:
          shop: { for_each: products, locales: all, stages: [ { id: text, use: product-page, with: { template: page.liquid } } ] }
          own: { locales: all, stages: [ { id: text, use: product-page, with: { template: page.liquid, title: Offers } } ] }
        feeds:
          - { kind: sitemap, path: sitemap.xml, slot: text }
          - { kind: google-merchant, path: merchant.xml, slot: text }
          - { kind: wordpress-wxr, path: import.xml, slot: text }
        """), atLeast: 400)
  }

  @Test func email() throws {
    try expectSameBytes(
      manifest(
        """
        pipelines:
          all:
            stages:
              - id: text
                use: email
                with:
                  template: mail.liquid
                  from: "Shop <news@shop.example>"
                  to: "{{ profile.email }}"
                  subject: "For {{ profile.first_name }}"
                  unsubscribe_url: "https://shop.example/u/{{ profile.id }}"
        """), atLeast: 150)
  }

  @Test func ngramModel() throws {
    try train("ngram-model", "copy.txt", "shop.ngram", options: "{}")
    try expectSameBytes(
      manifest(
        """
        pipelines:
          all:
            stages:
              - { id: text, use: ngram-model, with: { model: shop.ngram, count: 3, max_words: 12, longest_copied_run: 0 }, optional: true }
              - { id: shown, use: template-filler, with: { template: shown.liquid } }
        """, slot: "shown"), atLeast: 150)
  }

  @Test func neuralDecoder() throws {
    try train(
      "neural-decoder", "copy.txt", "shop.gguf",
      options: #"{"vocabulary":300,"width":32,"layers":1,"heads":1,"context":32,"epochs":1}"#)
    try expectSameBytes(
      manifest(
        """
        pipelines:
          all:
            stages:
              - id: text
                use: neural-decoder
                with: { model: shop.gguf, prompt: "For {{ profile.first_name }}", max_tokens: 6, candidates: 2 }
                otherwise: { use: template-filler, with: { template: line.liquid } }
              - { id: shown, use: template-filler, with: { template: shown.liquid } }
        """, slot: "shown"), atLeast: 150)
  }

  @Test func recommender() throws {
    try train("recommender", "purchases.jsonl", "shop.model", options: "{}")
    try expectSameBytes(
      manifest(
        """
        pipelines:
          all:
            for_each: { slot: chosen, limit: 2 }
            stages:
              - { id: chosen, use: recommender, with: { model: shop.model, count: 4 } }
              - { id: text, use: template-filler, with: { template: page.liquid, kind: html } }
        """), atLeast: 300)
  }
}
