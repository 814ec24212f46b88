import Foundation

/// Plots as SVG, for pages without scripts.
enum Plot {
  /// Text that is safe in HTML and in attributes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  /// Horizontal bars, each with its name and number.
  static func bars(_ entries: [(name: String, value: Double)], title: String, digits: Int = 0) -> String {
    let most = max(entries.map(\.value).max() ?? 1, 1e-9)
    var svg = open(height: entries.count * 26 + 4, title: title)
    for (index, entry) in entries.enumerated() {
      let y = index * 26
      let width = max(1, entry.value / most * 300)
      svg += "<text x=\"232\" y=\"\(y + 17)\" text-anchor=\"end\">\(escaped(entry.name))</text>"
      svg += "<rect x=\"240\" y=\"\(y + 4)\" width=\"\(number(width, 1))\" height=\"18\"/>"
      svg += "<text x=\"\(number(246 + width, 1))\" y=\"\(y + 17)\">\(number(entry.value, digits))</text>"
    }
    return svg + "</svg>"
  }

  /// A series, and behind it what is expected, dashed.
  static func line(_ series: [Double], then expected: [Double], title: String) -> String {
    let all = series + expected
    let (low, high) = (min(all.min() ?? 0, 0), max(all.max() ?? 1, 1e-9))
    func point(_ index: Int, _ value: Double) -> String {
      let x = 40 + 580 * Double(index) / Double(max(all.count - 1, 1))
      let y = 150 - 140 * (value - low) / max(high - low, 1e-9)
      return "\(number(x, 1)),\(number(y, 1))"
    }
    let past = series.enumerated().map { point($0.offset, $0.element) }.joined(separator: " ")
    let future = expected.enumerated().map { point(series.count + $0.offset, $0.element) }.joined(separator: " ")
    return open(height: 170, title: title)
      + "<text x=\"36\" y=\"16\" text-anchor=\"end\">\(number(high, 0))</text>"
      + "<text x=\"36\" y=\"154\" text-anchor=\"end\">\(number(low, 0))</text>"
      + "<polyline points=\"\(past)\"/><polyline class=\"expected\" points=\"\(future)\"/></svg>"
  }

  private static func open(height: Int, title: String) -> String {
    "<svg viewBox=\"0 0 640 \(height)\" role=\"img\" aria-label=\"\(escaped(title))\"><title>\(escaped(title))</title>"
  }

  static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}

/// The natural logarithm.
func logarithm(_ number: Double) -> Double { log(number) }
