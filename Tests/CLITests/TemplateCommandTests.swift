import Foundation
import Testing

/// `bespoke templates`, on a small shop.
struct TemplateCommandTests {
  private final class Shop {
    let path: String

    init() throws {
      path =
        FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-templates-\(UUID().uuidString)").path
      try write(
        "shop.yaml",
        """
        manifest: 1
        name: shop
        site: { currency: EUR }
        locales: { default: en-US, supported: [en-US, de-DE] }
        inputs: { profiles: { path: profiles.jsonl }, catalogue: { path: products.jsonl } }
        pipelines: { all: { stages: [ { id: text, use: template-filler, with: { template: t.liquid } } ] } }
        assets: [ { slot: text, path: "{{ profile.id }}.txt" } ]
        """)
      try write("profiles.jsonl", "{\"id\":\"a\"}\n{\"id\":\"b\",\"first_name\":\"Bo\"}\n")
      try write("products.jsonl", "{\"id\":\"P1\",\"name\":\"Tent\",\"price\":10}\n")
      try write("templates/t.liquid", "Hello {{ profile.first_name | default: 'you' }}{{ product.name }}")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
      let url = URL(fileURLWithPath: "\(path)/\(name)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }

    func run(_ arguments: String...) throws -> Command { try Command(arguments: arguments, in: path) }
  }

  @Test func renderShowsATemplateWithRealData() throws {
    let shop = try Shop()
    let command = try shop.run("templates", "render", "templates/t.liquid", "--profile", "b", "--product", "P1")
    #expect(command.output == "Hello BoTent\n")
    #expect(command.errors.isEmpty)
    let missing = try shop.run("templates", "render", "t")
    #expect(missing.output == "Hello you\n")
    #expect(missing.errors.contains("'profile.first_name' in 't.liquid' fell back to its default"))
  }

  @Test func aNewTemplateNeedsNoManifestEntry() throws {
    let shop = try Shop()
    try shop.write("templates/new.liquid", "{{ product.price | money }} {{ slots.text }}")
    let command = try shop.run(
      "templates", "render", "new", "--product", "P1", "--locale", "de-DE", "--slot", "text=x", "--manifest",
      "shop.yaml")
    #expect(command.output == "10,00\u{A0}€ x\n")
    try shop.write("elsewhere.liquid", "{% render 't' %}!")
    #expect(try shop.run("templates", "render", "elsewhere.liquid", "--profile", "b").output == "Hello Bo!\n")
  }

  @Test(arguments: [
    (["t", "--profile", "z"], "there is no profile 'z'", 65), (["t", "--product", "z"], "there is no product 'z'", 65),
    (["u"], "did you mean 't'?", 66), (["t", "--locale", "fr"], "which are 'en-US', 'de-DE'", 65),
    (["t", "--slot", "tex=x"], "did you mean 'text'?", 65), (["t", "--slot", "x"], "must be 'NAME=TEXT'", 64),
  ])
  func whatIsNotThereIsSaid(arguments: [String], expected: String, status: Int32) throws {
    let shop = try Shop()
    let command = try Command(arguments: ["templates", "render"] + arguments, in: shop.path)
    #expect(command.status == status)
    #expect(command.errors.contains(expected), "\(command.errors)")
  }

  @Test func watchRendersAgainWhenAFileChanges() throws {
    let shop = try Shop()
    try shop.write("templates/part.liquid", "one")
    try shop.write("templates/t.liquid", "{% render 'part' %}")
    let process = Command.process(["templates", "render", "t", "--watch"], in: shop.path)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      // Threads of tests may block the signal that asks, and a process inherits that.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    func read(until text: String) -> String {
      var all = ""
      while !all.contains(text) {
        let data = pipe.fileHandleForReading.availableData
        if data.isEmpty { break }
        all += String(decoding: data, as: UTF8.self)
      }
      return all
    }
    #expect(read(until: "one").contains("one"))
    // A fault is said and does not end the watch.
    try shop.write("templates/part.liquid", "{% if %}")
    #expect(read(until: "---").contains("---"))
    try shop.write("templates/part.liquid", "two")
    #expect(read(until: "two").contains("two"))
  }

  @Test func findingsAreSARIFForReviewTools() throws {
    let shop = try Shop()
    try shop.write("templates/t.liquid", "Hello\n{{ profile.frist_name }}")
    let command = try shop.run("templates", "check", "shop.yaml", "--sarif")
    #expect(command.status == 0)
    let log = try #require(try JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let result = try #require((run["results"] as? [[String: Any]])?.first)
    #expect(result["ruleId"] as? String == "unknown-variable")
    #expect(result["level"] as? String == "warning")
    let place = (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
    #expect((place?["artifactLocation"] as? [String: Any])?["uri"] as? String == "templates/t.liquid")
    #expect((place?["region"] as? [String: Any])?["startLine"] as? Int == 2)
    #expect((place?["region"] as? [String: Any])?["startColumn"] as? Int == 4)
    #expect(try shop.run("templates", "check", "shop.yaml", "--strict").status == 65)
  }

  @Test func findingsAreJSONForMachines() throws {
    let shop = try Shop()
    try shop.write("templates/t.liquid", "{{ x | upcse }}")
    let command = try shop.run("templates", "check", "shop.yaml", "--json")
    #expect(command.status == 65)
    let findings = try #require(try JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [[String: Any]])
    #expect(findings.count == 1)
    #expect(findings.first?["severity"] as? String == "error")
    #expect(findings.first?["help"] as? String == "did you mean 'upcase'?")
  }

  @Test func everyRecordsFieldsCount() throws {
    let shop = try Shop()
    try shop.write("profiles.jsonl", "{\"id\":\"a\"}\n{\"id\":\"b\",\"pet\":{\"name\":\"Rex\"}}\n")
    try shop.write("templates/t.liquid", "{{ profile.pet.name }}")
    #expect(try shop.run("templates", "check", "shop.yaml").output == "0 errors, 0 warnings\n")
  }

  @Test func checkRunsTheTestsBesideTemplates() throws {
    let shop = try Shop()
    func test(_ expected: String) throws -> Command {
      try shop.write(
        "templates/t.test.json",
        #"{"template": "t", "tests": [{"name": "guest", "data": {"product": {"name": "<i>"}}, "expect": \#(expected)}]}"#
      )
      return try shop.run("check", "shop.yaml")
    }
    let right = try test(#""Hello you<i>""#)
    #expect(right.status == 0)
    #expect(right.output.contains("1 of 1 test passed"))
    let wrong = try test(#"{"contains": "Hi"}"#)
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("'guest' printed 'Hello you<i>', expected it to contain 'Hi'"))
    let html = try test(#"{"valid_html": true}"#)
    #expect(html.errors.contains("'<i>' is not closed (at 1:10)"))
  }

  @Test func theReportListsMissingData() throws {
    let shop = try Shop()
    let words = try shop.run("generate", "shop.yaml", "--output", "out")
    #expect(
      words.output.contains("'profile.first_name' in 't.liquid' fell back to its default 1 time (profile 'a')"),
      "\(words.output)")
    #expect(words.output.contains("'product.name' in 't.liquid' was empty 2 times (profile 'a'; profile 'b')"))
    let machine = try shop.run("generate", "shop.yaml", "--output", "out2", "--json")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(machine.output.utf8)) as? [String: Any])
    let gaps = try #require(report["gaps"] as? [[String: Any]])
    #expect(gaps.map { $0["variable"] as? String } == ["product.name", "profile.first_name"])
    #expect(gaps.map { $0["outcome"] as? String } == ["empty", "default"])
    #expect(gaps.map { $0["count"] as? Int } == [2, 1])
  }
}
