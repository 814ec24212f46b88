import CPluginABI
import PluginAPI

/// Writes JSON texts, compact, members in the order given.
enum JSONWriter {
  static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\u{0}"..<" ":
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  static func number(_ number: Double) -> String { number.isFinite ? "\(number)" : "null" }

  /// A value, whole; missing is null.
  static func value(_ value: Value) -> String {
    switch value.kind {
    case .missing, .null: return "null"
    case .boolean: return value.bool == true ? "true" : "false"
    case .integer, .double: return String(decoding: value.utf8, as: UTF8.self)
    case .string: return string(String(decoding: value.utf8, as: UTF8.self))
    case .array: return "[\((0..<value.count).map { self.value(value[$0]) }.joined(separator: ","))]"
    case .object:
      let members = (0..<value.count).map {
        "\(string(String(decoding: value.key(at: $0), as: UTF8.self))):\(self.value(value[$0]))"
      }
      return "{\(members.joined(separator: ","))}"
    }
  }
}
