import Core

/// What is written a line an asset.
enum AssetLines {
  case none
  /// How it came to be.
  case provenance
  /// The asset itself.
  case content
}

/// Writes a line for each asset of a piece of work.
///
/// One a thread.
protocol LineWriter: AnyObject {
  /// The lines since the last `reset`.
  var bytes: [UInt8] { get }
  /// Forgets the lines.
  func reset()
  /// Adds the line of an asset and returns its place among `bytes`.
  func add(_ item: Int, asset: Int, path: String, of runner: PipelineRunner) -> Range<Int>
  /// What lines refer to, as a file of its own; nil where they refer to nothing.
  func stepsFile(of runners: [PipelineRunner]) -> [UInt8]?
}

/// Writes assets themselves: what they are and their content.
final class ContentWriter: LineWriter {
  private let locales: [String]
  private(set) var bytes: [UInt8] = []

  init(context: WorkerContext) { locales = context.plan.manifest.locales.supported }

  func reset() { bytes.removeAll(keepingCapacity: true) }

  func stepsFile(of runners: [PipelineRunner]) -> [UInt8]? { nil }

  func add(_ item: Int, asset: Int, path: String, of runner: PipelineRunner) -> Range<Int> {
    let start = bytes.count
    let record = runner.items[item]
    let compiled = runner.pipeline.assets[asset]
    bytes.append("{\"path\":", string: path)
    bytes.append(",\"slot\":", string: compiled.rule.slot)
    bytes.append(",\"media_type\":", string: compiled.mediaType)
    bytes.append(",\"pipeline\":", string: runner.pipeline.spec.name)
    bytes.append(",\"profile\":")
    bytes.appendJSON(record.profile["id"])
    if record.product.exists {
      bytes.append(",\"product\":")
      bytes.appendJSON(record.product["id"])
    }
    bytes.append(",\"locale\":", string: locales[record.locale])
    let content = runner.slot(compiled.slot, of: item).text
    if String(validating: content, as: UTF8.self) != nil {
      bytes.append(",\"content\":")
      bytes.appendJSONString(content)
    } else {
      bytes.append(",\"content_base64\":", string: base64(content))
    }
    bytes.append("}\n")
    return start..<bytes.count
  }

  /// RFC 4648, section 4.
  private func base64(_ content: UnsafeBufferPointer<UInt8>) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((content.count + 2) / 3 * 4)
    for start in stride(from: 0, to: content.count, by: 3) {
      let group = content[start..<min(start + 3, content.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        text.append(place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension [UInt8] {
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }

  /// Appends JSON as it is, then a string.
  mutating func append(_ json: StaticString, string: String) {
    append(contentsOf: UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount))
    var string = string
    string.withUTF8 { appendJSONString($0) }
  }
}
