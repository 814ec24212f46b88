import ArgumentParser
import Core
import Glibc
import Host

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how an asset came to be.",
    discussion: """
      Route, stages, fallbacks, plugins with their versions, hashes of templates and models, seeds and facts, as the run \
      wrote them into 'provenance.jsonl'.

      Example:
        bespoke explain en-US/pk-001.html --output out/demo
      """)

  @Argument(help: "The asset: its path below the output folder.", completion: .file())
  var asset: String

  @Option(name: .shortAndLong, help: "The folder that the run wrote.", completion: .directory)
  var output: String = "out"

  @Flag(help: "Print the entry as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let entry = try ProvenanceFile(folder: output).entry(of: pathBelowFolder)
      withExtendedLifetime(entry) { print(json ? entry.root.json : Explanation(entry: entry.root).words) }
    }
  }

  /// The asset's path where people named the file by its folder, too, as a shell completes it.
  private var pathBelowFolder: String {
    let folder = output.hasSuffix("/") ? output : "\(output)/"
    return asset.hasPrefix(folder) ? String(asset.dropFirst(folder.utf8.count)) : asset
  }
}

/// An entry of a provenance file in words.
private struct Explanation {
  let entry: Value

  var words: String {
    if entry["stale"].bool == true {
      return
        "asset '\(text("path"))' is stale: a former run made it, the last one did not ('generate --prune' removes it)"
    }
    if entry["static"].bool == true { return "'\(text("path"))' is a static file: the manifest has it copied as it is" }
    if let kind = entry["feed"].string {
      return "'\(text("path"))' is a feed of kind '\(kind)', written from all assets that it lists"
    }
    var lines = ["asset '\(text("path"))' (\(text("media_type")), \(text("locale"))), from slot '\(text("slot"))'"]
    for kind in ["profile", "product"] where entry[kind].exists {
      lines.append("  \(kind) '\(text(kind))', its record has sha256 \(text("\(kind)_sha256"))")
    }
    let route = entry["route"]
    let condition = route["if"].exists ? ", as \(route["if"].json) held" : ", which takes whoever no other route took"
    lines.append("  route \(route["number"].scalarText ?? "?")\(condition): pipeline '\(text("pipeline"))'")
    lines.append("  manifest with sha256 \(text("manifest")), seed \(text("seed")), run time \(time)")
    for stage in entry["stages"].elements { lines += self.lines(of: stage) }
    return lines.joined(separator: "\n")
  }

  private func text(_ key: String) -> String { entry[key].scalarText ?? "?" }

  private var time: String {
    var seconds = time_t(entry["run_time"].int ?? 0)
    if seconds == 0 { return "not set" }
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 64)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func lines(of stage: Value) -> [String] {
    let plugin = named(stage)
    let made =
      if stage["empty"].bool == true {
        "stayed empty, as it may"
      } else if let number = stage["alternative"].int {
        "was filled by \(plugin), fallback \(number)"
      } else {
        "was filled by \(plugin)"
      }
    var lines = ["stage '\(stage["stage"].scalarText ?? "?")' \(made)"]
    for entry in stage["passed_over"].elements {
      lines.append("  before it \(named(entry)) was tried: \(entry["reason"].scalarText ?? "")")
    }
    lines += details(of: stage)
    for check in stage["checks"].elements {
      lines.append("  checked by \(named(check))")
      lines += details(of: check).map { "  \($0)" }
    }
    return lines
  }

  private func named(_ step: Value) -> String {
    "'\(step["plugin"].scalarText ?? "?")' \(step["version"].scalarText ?? "?")"
  }

  private func details(of step: Value) -> [String] {
    var lines: [String] = []
    let facts = step["facts"].elements.compactMap(\.scalarText)
    if !facts.isEmpty { lines.append("  may read \(facts.joined(separator: ", "))") }
    if let seed = step["seed"].scalarText { lines.append("  seed \(seed)") }
    for (key, value) in members(of: step["files"]) { lines.append("  file '\(key)', sha256 \(value)") }
    for (key, value) in members(of: step["notes"]) {
      let said = value.split(separator: "\n").joined(separator: "; ")
      lines.append("  \(key): \(said)")
    }
    return lines
  }

  private func members(of object: Value) -> [(String, String)] {
    (0..<object.count).map { (String(decoding: object.key(at: $0), as: UTF8.self), object[$0].scalarText ?? "") }
  }
}
