import Core
import Foundation
import Liquid
import Testing

/// Runs every `inputs/NAME.txt` and compares with `snapshots/NAME.txt`.
///
/// An input is a JSON context, a line `---`, and a template. In the context, `$templates` holds partials by name and
/// `$options` the settings `mode`, `kind`, `failures`, `locale`, `currency`, `now`. With `RECORD=1` in the environment
/// the snapshots are written instead.
struct GoldenTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder.appendingPathComponent("inputs"), includingPropertiesForKeys: nil)
    return (files ?? []).map { $0.deletingPathExtension().lastPathComponent }.sorted()
  }()

  @Test func thereAreInputs() { #expect(Self.names.count >= 10) }

  @Test(arguments: names)
  func rendersAsRecorded(name: String) throws {
    let input = try String(contentsOf: Self.folder.appendingPathComponent("inputs/\(name).txt"), encoding: .utf8)
    let snapshot = Self.folder.appendingPathComponent("snapshots/\(name).txt")
    let output = try Self.render(input, name: "\(name).liquid")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try output.write(to: snapshot, atomically: true, encoding: .utf8)
      return
    }
    #expect(output == (try String(contentsOf: snapshot, encoding: .utf8)))
  }

  private static func render(_ input: String, name: String) throws -> String {
    let parts = try #require(input.firstRange(of: "\n---\n"))
    let context = try Document(json: String(input[..<parts.lowerBound]))
    return withExtendedLifetime(context) {
      let settings = context.root["$options"]
      var options = TemplateOptions(mode: settings["mode"].string == "lax" ? .lax : .strict)
      if let kind = settings["kind"].string.flatMap(OutputKind.init) { options.kind = kind }
      if settings["failures"].string == "in place" { options.failures = .inPlace }
      if let turns = settings["turns"].int { options.limits.loopTurns = Int(turns) }
      let templates = context.root["$templates"]
      var sources: [String: [UInt8]] = [:]
      for index in 0..<templates.count {
        let value = templates[index]
        let text = value.string.map { Array($0.utf8) } ?? Array(json(value).utf8)
        sources[String(decoding: templates.key(at: index), as: UTF8.self)] = text
      }
      let loaded = sources
      let set = TemplateSet(options: options) { loaded[$0] }
      var scope = Scope(root: context.root.raw, access: Accessors.table)
      scope.locale = settings["locale"].string ?? "en"
      scope.currency = settings["currency"].string ?? "USD"
      scope.now = settings["now"].int ?? 1_772_352_000
      do {
        let template = try set.parse(String(input[parts.upperBound...]), name: name)
        return try Renderer().text(template, scope: scope)
      } catch {
        return "\(error)\n"
      }
    }
  }

  /// A locale file that stands in the context as an object.
  private static func json(_ value: Value) -> String {
    switch value.kind {
    case .object:
      let members = (0..<value.count).map {
        "\"\(String(decoding: value.key(at: $0), as: UTF8.self))\":\(json(value[$0]))"
      }
      return "{\(members.joined(separator: ","))}"
    default: return "\"\(value.scalarText ?? "")\""
    }
  }
}
