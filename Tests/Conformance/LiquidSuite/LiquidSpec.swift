import Core
import Foundation
import Liquid
import Yams

/// One case in the form of Shopify/liquid-spec: a template, an environment, partials; an output or the kind of failure.
struct LiquidSpec {
  /// What only an engine inside Ruby or inside Shopify's own shops can do.
  private static let foreign: Set<String> = [
    "ruby_types", "ruby_drops", "drops", "drop_class_output", "binary_data", "activesupport", "shopify_includes",
    "shopify_blank", "shopify_filters", "shopify_tags", "shopify_objects", "shopify_error_format", "template_factory",
  ]

  /// liquid-spec's clock stands still at 2024-01-01 00:01:58 UTC.
  private static let now: Int64 = 1_704_067_318

  let name: String
  private let template: String
  private let environment: String
  private let partials: [String: [UInt8]]
  private let mode: TemplateOptions.Mode
  private let failures: TemplateOptions.Failures
  private let expected: String?
  private let pattern: String?
  private let failsToParse: Bool
  private let failsToRender: Bool
  private let wordsInOutput: [String]

  /// Nil where a case needs Ruby's objects or Shopify's shop.
  /// - Parameter defaults: the file's and the suite's, nearest first.
  init?(_ node: Node, file: String, defaults: [Node]) {
    let features = ([node] + defaults).flatMap { Self.words($0["features"]) }
    guard let template = node["template"]?.string, Self.foreign.isDisjoint(with: features),
      node["resource_limits"] == nil, node["generate"] == nil, node["data_files"] == nil,
      let environment = try? node["environment"].map({ try JSONText($0).text }) ?? "{}"
    else { return nil }
    var partials: [String: [UInt8]] = [:]
    for (key, value) in node["filesystem"]?.mapping.map(Array.init) ?? [] {
      guard let path = key.string, let source = value.string else { return nil }
      partials[Self.key(path)] = Array(source.utf8)
    }
    name = "\(file): \(node["name"]?.string ?? "unnamed")"
    self.template = template
    self.environment = environment
    self.partials = partials
    let settings = [node] + defaults
    let modes = Self.words(settings.lazy.compactMap { $0["error_mode"] ?? $0["required_options"]?["error_mode"] }.first)
    mode = modes.isEmpty || modes.contains("strict2") ? .strict : modes.contains("strict") ? .classic : .lax
    failures = settings.lazy.compactMap({ $0["render_errors"] }).first?.bool == true ? .inPlace : .thrown
    expected = node["expected"]?.string
    // What Ruby calls `m`, that a dot matches line breaks too, is `s` elsewhere.
    pattern = node["expected_pattern"]?.string?.replacingOccurrences(of: "(?m)", with: "(?s)")
    failsToParse = node["errors"]?["parse_error"] != nil
    failsToRender = node["errors"]?["render_error"] != nil
    wordsInOutput = Self.words(node["errors"]?["output"])
  }

  /// What is wrong, or nil.
  func reason() throws -> String? {
    var options = TemplateOptions(mode: mode, failures: failures, dialect: .liquid)
    options.partialsSeeGlobals = true
    let partials = partials
    let set = TemplateSet(options: options) { partials[Self.key($0)] }
    let document = try Document(json: environment)
    defer { withExtendedLifetime(document) {} }
    let parsed: Template
    do { parsed = try set.parse(template, name: "template") } catch {
      return failsToParse ? nil : "the template was refused: \(error)"
    }
    var scope = Scope(root: document.root.raw, access: Accessors.table)
    scope.now = Self.now
    let output: String
    do { output = try Renderer().text(parsed, scope: scope) } catch {
      // A partial is parsed when it is first called: what is wrong in it shows while rendering.
      return failsToRender || failsToParse ? nil : "it could not be rendered: \(error)"
    }
    if failsToParse || failsToRender { return "expected an error, got \(output.debugDescription)" }
    if let expected, output != expected {
      return "expected \(expected.debugDescription), got \(output.debugDescription)"
    }
    if let pattern, output.range(of: pattern, options: .regularExpression) == nil {
      return "expected /\(pattern)/, got \(output.debugDescription)"
    }
    for words in wordsInOutput
    where output.range(of: words, options: [.regularExpression, .caseInsensitive]) == nil {
      return "expected /\(words)/ in \(output.debugDescription)"
    }
    return nil
  }

  /// liquid-spec's file system knows no case and needs no `.liquid`.
  private static func key(_ path: String) -> String {
    let lowered = path.lowercased()
    return lowered.hasSuffix(".liquid") ? String(lowered.dropLast(7)) : lowered
  }

  private static func words(_ node: Node?) -> [String] {
    guard let node else { return [] }
    let items = node.sequence.map { $0.compactMap(\.string) } ?? [node.string].compactMap(\.self)
    return items.map { $0.hasPrefix(":") ? String($0.dropFirst()) : $0 }
  }
}
