import ArgumentParser
import Behaviour
import Core

struct Segments: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find what customers have in common: tiers, groups, what is bought together, demand to come.",
    discussion: """
      Writes one HTML page with a sentence beside each number; '--json' prints the numbers. The groups that are found \
      become segments of the profiles at the next build.

      Example:
        bespoke segments --database shop.db --output report.html
      """)

  @OptionGroup var database: DatabaseArguments

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The page to write; standard output where left out.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Groups of fewer people are put together.", valueName: "n"))
  var leastGroup = 10

  @Option(help: ArgumentHelp("A YAML file of tags and their bounds.", valueName: "file"))
  var tags: String?

  @Option(help: ArgumentHelp("The purpose that people must agree to.", valueName: "name"))
  var purpose = "measure"

  @Flag(help: "Print the numbers as JSON.")
  var json = false

  func validate() throws {
    if leastGroup < 2 { throw ValidationError("'--least-group' must be at least 2, got \(leastGroup)") }
  }

  func run() throws {
    try reportingErrors(json: json) {
      let findings = try database.open().findPatterns(
        leastGroup: leastGroup, tags: try tags.map { try TagRules(yaml: $0) } ?? .usual, purpose: purpose)
      if json { print(document(findings).json) }
      guard !json || output != nil else { return }
      let file = try OutputText(path: output)
      try file.write(findings.html)
      try file.finish()
      if let output {
        writeError(
          "\(counted(findings.buyers, "buyer")) looked at, \(counted(findings.baskets, "basket")): '\(output)'")
      }
    }
  }

  private func document(_ findings: PatternFindings) -> Document {
    Document { builder in
      func groups(_ key: StaticString, _ groups: [PatternFindings.Group]) {
        builder.key(key)
        builder.beginArray()
        for group in groups {
          builder.beginObject()
          builder.key("name")
          builder.string(group.name)
          builder.key("size")
          builder.int(Int64(group.size))
          for (name, mean) in zip(["days_since_order", "orders", "revenue"], group.means) {
            builder.key(name)
            builder.double(mean)
          }
          builder.end()
        }
        builder.end()
      }
      builder.beginObject()
      builder.key("buyers")
      builder.int(Int64(findings.buyers))
      builder.key("baskets")
      builder.int(Int64(findings.baskets))
      builder.key("cannot_be_said")
      builder.beginArray()
      findings.unsaid.forEach(builder.string)
      builder.end()
      groups("tiers", findings.tiers)
      groups("groups", findings.clusters)
      groups("tags", findings.tags.map(\.group))
      builder.key("rules")
      builder.beginArray()
      for (given, item, rule) in findings.rules {
        builder.beginObject()
        builder.key("given")
        builder.beginArray()
        given.forEach(builder.string)
        builder.end()
        builder.key("item")
        builder.string(item)
        builder.key("count")
        builder.int(Int64(rule.count))
        builder.key("confidence")
        builder.double(rule.confidence)
        builder.key("lift")
        builder.double(rule.lift)
        builder.end()
      }
      builder.end()
      builder.key("silhouettes")
      builder.beginArray()
      for (count, value) in findings.silhouettes {
        builder.beginObject()
        builder.key("groups")
        builder.int(Int64(count))
        builder.key("silhouette")
        builder.double(value)
        builder.end()
      }
      builder.end()
      builder.key("successions")
      builder.beginArray()
      for succession in findings.successions {
        builder.beginObject()
        for (key, text) in [("from", succession.from), ("to", succession.to)] {
          builder.key(key)
          builder.string(text)
        }
        builder.key("count")
        builder.int(Int64(succession.count))
        builder.key("days")
        builder.double(succession.days)
        builder.end()
      }
      builder.end()
      builder.key("demand")
      builder.beginArray()
      for demand in findings.demands {
        builder.beginObject()
        builder.key("name")
        builder.string(demand.name)
        builder.key("expected")
        builder.beginArray()
        demand.forecast.values.forEach(builder.double)
        builder.end()
        builder.key("error")
        builder.double(demand.forecast.error)
        builder.key("naive_error")
        builder.double(demand.forecast.naiveError)
        builder.end()
      }
      builder.end()
      builder.end()
    }
  }
}
