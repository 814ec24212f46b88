import Core
public import Foundation
import Liquid
import Yams

/// The conformance suite for Liquid: `*.json` in the form of golden-liquid, `*.yml` in that of Shopify/liquid-spec.
public struct LiquidSuite {
  /// What became of the cases.
  public struct Result {
    /// Cases whose output was right.
    public var passed = 0
    /// The others: name and what happened.
    public var failures: [(name: String, reason: String)] = []
    /// Cases that need an engine inside Ruby or inside Shopify's shops.
    public var skipped = 0
  }

  /// The folder's files of cases.
  public let files: [URL]

  /// The suite in a folder; nil where the folder has no files of cases.
  public init?(folder: URL) {
    let found = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    files = (found ?? []).filter { ["json", "yml"].contains($0.pathExtension) }.sorted { $0.path < $1.path }
    if files.isEmpty { return nil }
  }

  /// Runs every case of every file.
  public func run() throws -> Result {
    var result = Result()
    let suite = try files.first { $0.lastPathComponent == "suite.yml" }.map(Self.yaml)
    let defaults = suite?.compactMap { $0["defaults"] } ?? []
    for file in files where file.pathExtension == "yml" && file.lastPathComponent != "suite.yml" {
      try run(specs: file, defaults: defaults, into: &result)
    }
    for file in files where file.pathExtension == "json" {
      let document = try Document(json: String(decoding: Data(contentsOf: file), as: UTF8.self))
      withExtendedLifetime(document) {
        let tests = document.root["tests"]
        for index in 0..<tests.count { run(tests[index], into: &result) }
      }
    }
    return result
  }

  private func run(specs file: URL, defaults: [Node], into result: inout Result) throws {
    let roots = try Self.yaml(file)
    let defaults = roots.compactMap { $0["_metadata"] } + defaults
    for node in roots.flatMap({ Array($0.sequence ?? $0["specs"]?.sequence ?? []) }) {
      guard let spec = LiquidSpec(node, file: file.lastPathComponent, defaults: defaults) else {
        result.skipped += 1
        continue
      }
      if let reason = try spec.reason() { result.failures.append((spec.name, reason)) } else { result.passed += 1 }
    }
  }

  /// Values that contain themselves, which Ruby reads and JSON cannot say, become null.
  private static func yaml(_ file: URL) throws -> [Node] {
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    return try Array(compose_all(yaml: text.replacing(#/: \*1$/#.anchorsMatchLineEndings(), with: ": null")))
  }

  private func run(_ test: Value, into result: inout Result) {
    let name = test["name"].string ?? "unnamed"
    let outcome = Self.outcome(of: test)
    let expected =
      (0..<test["results"].count).compactMap { test["results"][$0].string } + [test["result"].string].compactMap(\.self)
    switch outcome {
    case .success(let output):
      if test["invalid"].bool == true {
        result.failures.append((name, "expected an error, got \(output.debugDescription)"))
      } else if expected.contains(output) {
        result.passed += 1
      } else {
        result.failures.append((name, "expected \(expected), got \(output.debugDescription)"))
      }
    case .failure(let error):
      if test["invalid"].bool == true {
        result.passed += 1
      } else {
        result.failures.append((name, "expected \(expected), got the error: \(error)"))
      }
    }
  }

  private static func outcome(of test: Value) -> Swift.Result<String, any Error> {
    let tags = (0..<test["tags"].count).compactMap { test["tags"][$0].string }
    let mode: TemplateOptions.Mode =
      tags.contains("strict2") ? .strict : tags.contains("strict") ? .classic : .lax
    var options = TemplateOptions(mode: mode, failures: .thrown, dialect: .liquid)
    options.partialsSeeGlobals = false
    var partials: [String: [UInt8]] = [:]
    let templates = test["templates"]
    for index in 0..<templates.count {
      partials[String(decoding: templates.key(at: index), as: UTF8.self)] = Array(templates[index].text)
    }
    let sources = partials
    let set = TemplateSet(options: options) { sources[$0] }
    return Swift.Result {
      let template = try set.parse(test["template"].string ?? "", name: "template")
      var scope = Scope(root: test["data"].raw, access: Accessors.table)
      scope.now = Int64(Date().timeIntervalSince1970)
      return try Renderer().text(template, scope: scope)
    }
  }
}
