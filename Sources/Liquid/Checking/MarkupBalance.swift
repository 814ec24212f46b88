internal import Core

/// Finds HTML elements that a template opens and does not close, or the other way round.
///
/// Only elements that open and close on the same level of tags are looked at: what stands half in a condition is left
/// alone.
struct MarkupBalance {
  private let template: Template
  private var problems: [Diagnostic] = []

  static func problems(in template: Template) -> [Diagnostic] {
    var balance = MarkupBalance(template: template)
    balance.check()
    return balance.problems
  }

  private init(template: Template) { self.template = template }

  private struct Element {
    var name: String
    var place: Int
  }

  private static let void: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
  ]
  /// Elements whose end tag HTML lets authors leave out.
  private static let optional: Set<String> = [
    "li", "dt", "dd", "p", "rt", "rp", "option", "optgroup", "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup",
    "html", "head", "body",
  ]

  private mutating func check() {
    let program = template.program.pointee
    // One stack a level; a level that begins inside a tag of HTML, or ends there, is not judged.
    var levels: [(open: [Element], end: Int32)] = [([], program.operationCount)]
    for index in 0..<Int(program.operationCount) {
      while levels.count > 1, levels[levels.count - 1].end <= Int32(index) { levels.removeLast() }
      let operation = program.operations[index]
      if operation.code == .literal {
        let range = Int(operation.a)..<Int(operation.a + operation.b)
        scan(range, &levels[levels.count - 1].open)
      } else if operation.c > Int32(index + 1) {
        levels.append(([], operation.c))
      }
    }
    for element in levels[0].open { report(element) }
  }

  private mutating func report(_ element: Element) {
    if Self.optional.contains(element.name) { return }
    problems.append(template.warning("unclosed element", "'<\(element.name)>' is not closed", at: element.place))
  }

  /// Where the tag ends that goes on at a byte, whatever Liquid stands in it.
  private func tagEnd(from start: Int) -> Int {
    let source = template.source
    var at = start
    while at < source.count, source[at] != UInt8(ascii: ">") {
      if source[at] == UInt8(ascii: "{"), at + 1 < source.count {
        let close: StaticString? =
          source[at + 1] == UInt8(ascii: "{") ? "}}" : source[at + 1] == UInt8(ascii: "%") ? "%}" : nil
        if let close, let end = source.firstIndex(of: Datum(close).text, from: at + 2) {
          at = end + 2
          continue
        }
      }
      at += 1
    }
    return at
  }

  private mutating func scan(_ range: Range<Int>, _ open: inout [Element]) {
    let source = template.program.pointee.source
    var at = range.lowerBound
    while at < range.upperBound {
      guard source[at] == UInt8(ascii: "<") else {
        at += 1
        continue
      }
      let start = at
      let isEnd = at + 1 < range.upperBound && source[at + 1] == UInt8(ascii: "/")
      var end = start + (isEnd ? 2 : 1)
      let first = end
      while end < range.upperBound, isWord(source[end]) || source[end] == UInt8(ascii: "-") { end += 1 }
      at = max(end, start + 1)
      guard end > first, isLetter(source[first]) else { continue }
      let name = template.source.part(first..<end).string.lowercased()
      at = tagEnd(from: at)
      let closesItself = source[at - 1] == UInt8(ascii: "/")
      if isEnd {
        guard let match = open.lastIndex(where: { $0.name == name }) else { continue }
        for element in open[(match + 1)...] { report(element) }
        open.removeSubrange(match...)
      } else if !Self.void.contains(name), !closesItself {
        open.append(Element(name: name, place: start))
      }
    }
  }
}
