import Markup

/// The rules of a message's style elements: those that can be written into `style` attributes, and the rest.
struct Stylesheet {
  struct Rule {
    var selector: Selector
    var declarations: [Declaration]
  }

  /// In the order of the cascade: a later one wins.
  private(set) var rules: [Rule] = []
  /// What must stay in a style element: at-rules, and rules for states that a message takes on later.
  ///
  /// As a `style` attribute is stronger than any rule, these are marked important.
  private(set) var rest: [UInt8] = []
  /// Rules by what their element must have: id, class or type, in this order of preference.
  private(set) var candidates: [UInt64: [Int]] = [:]
  /// Rules whose element may be any.
  private(set) var universal: [Int] = []

  init(_ css: [UInt8]) {
    Self.withoutComments(css).withBytes { read($0, inAtRule: false) }
    rules = rules.enumerated().sorted {
      ($0.element.selector.specificity, $0.offset) < ($1.element.selector.specificity, $1.offset)
    }.map(\.element)
    for (index, rule) in rules.enumerated() {
      guard let own = rule.selector.compounds.first else { continue }
      let key = own.id != 0 ? own.id : own.classes.first ?? own.tag
      if key == 0 { universal.append(index) } else { candidates[key, default: []].append(index) }
    }
  }

  private mutating func read(_ css: Bytes, inAtRule: Bool) {
    var index = 0
    while index < css.count {
      if css[index] <= 0x20 || css[index] == UInt8(ascii: ";") {
        index += 1
        continue
      }
      let start = index
      guard let open = css[index...].firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: ";") }) else {
        return
      }
      if css[open] == UInt8(ascii: ";") {
        // An at-rule without a block.
        rest.append(contentsOf: css[start...open])
        index = open + 1
        continue
      }
      let close = Self.end(of: open, in: css)
      index = min(close + 1, css.count)
      let prelude = Bytes(rebasing: css[start..<open]).trimmed
      let body = Bytes(rebasing: css[(open + 1)..<close])
      if css[start] == UInt8(ascii: "@") {
        readAtRule(prelude, body)
      } else {
        readRule(prelude, Declaration.list(body), stays: inAtRule)
      }
    }
  }

  private mutating func readAtRule(_ prelude: Bytes, _ body: Bytes) {
    let isGroup = ["@media", "@supports"].contains { prelude.starts($0, at: 0) }
    rest.append(contentsOf: prelude)
    rest.append(UInt8(ascii: "{"))
    if isGroup { read(body, inAtRule: true) } else { rest.append(contentsOf: body.trimmed) }
    rest.append(UInt8(ascii: "}"))
  }

  private mutating func readRule(_ selectors: Bytes, _ declarations: [Declaration], stays: Bool) {
    if declarations.isEmpty { return }
    var kept: [Bytes] = []
    for piece in selectors.split(separator: UInt8(ascii: ",")) {
      let text = Bytes(rebasing: piece).trimmed
      if !stays, let selector = Selector(text) {
        rules.append(Rule(selector: selector, declarations: declarations))
      } else {
        kept.append(text)
      }
    }
    if kept.isEmpty { return }
    for (index, selector) in kept.enumerated() {
      if index > 0 { rest.append(UInt8(ascii: ",")) }
      rest.append(contentsOf: selector)
    }
    rest.append(UInt8(ascii: "{"))
    for (index, declaration) in declarations.enumerated() {
      if index > 0 { rest.append(UInt8(ascii: ";")) }
      rest.append(contentsOf: declaration.name)
      rest.append(UInt8(ascii: ":"))
      rest.append(contentsOf: declaration.value)
      rest.append(raw: "!important" as StaticString)
    }
    rest.append(UInt8(ascii: "}"))
  }

  /// The place of the brace that closes one, or the end.
  private static func end(of open: Int, in css: Bytes) -> Int {
    var depth = 0
    for index in open..<css.count {
      if css[index] == UInt8(ascii: "{") { depth += 1 }
      if css[index] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return css.count
  }

  private static func withoutComments(_ css: [UInt8]) -> [UInt8] {
    css.withBytes { bytes in
      var result: [UInt8] = []
      var index = 0
      while index < bytes.count {
        if bytes.starts("/*", at: index) {
          index += 2
          while index < bytes.count, !bytes.starts("*/", at: index) { index += 1 }
          index += 2
        } else {
          result.append(bytes[index])
          index += 1
        }
      }
      return result
    }
  }
}
