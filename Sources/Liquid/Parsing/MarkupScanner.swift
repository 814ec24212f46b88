/// The patterns with which Shopify's Liquid reads markup in lax mode, by hand.
///
/// Each function answers where its pattern ends when it begins at an offset, or nil.
enum MarkupScanner {
  // `"[^"]*"|'[^']*'`
  static func quotedString(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    guard start < end else { return nil }
    let quote = source[start]
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
    var at = start + 1
    while at < end {
      if source[at] == quote { return at + 1 }
      at += 1
    }
    return nil
  }

  // `QuotedString|(?:[^\s,\|'"]|QuotedString)+`
  static func quotedFragment(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    if let closing = quotedString(source, start, end) { return closing }
    var at = start
    while at < end {
      let byte = source[at]
      if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        guard let closing = quotedString(source, at, end) else { break }
        at = closing
      } else if isSpace(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "|") {
        break
      } else {
        at += 1
      }
    }
    return at > start ? at : nil
  }

  /// One or more fragments without anything between them.
  static func quotedFragments(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var at = start
    while let next = quotedFragment(source, at, end) { at = next }
    return at > start ? at : nil
  }

  /// The first fragment at or after an offset.
  static func firstFragment(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Range<Int>? {
    var at = start
    while at < end {
      if let stop = quotedFragment(source, at, end) { return at..<stop }
      at += 1
    }
    return nil
  }

  static func space(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var at = start
    while at < end, isSpace(source[at]) { at += 1 }
    return at
  }

  // `[\w\-]+`
  static func segment(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var at = start
    while at < end, isWord(source[at]) || source[at] == UInt8(ascii: "-") { at += 1 }
    return at > start ? at : nil
  }

  static func word(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var at = start
    while at < end, isWord(source[at]) { at += 1 }
    return at > start ? at : nil
  }

  /// Every `(\w[\w-]*)\s*\:\s*(QuotedFragment)` in a range.
  static func attributes(
    _ source: UnsafePointer<UInt8>, _ range: Range<Int>
  ) -> [(name: Range<Int>, value: Range<Int>)] {
    var result: [(name: Range<Int>, value: Range<Int>)] = []
    var at = range.lowerBound
    while at < range.upperBound {
      if let found = attribute(source, at, range.upperBound) {
        result.append(found)
        at = found.value.upperBound
      } else {
        at += 1
      }
    }
    return result
  }

  static func attribute(
    _ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int
  ) -> (name: Range<Int>, value: Range<Int>)? {
    guard start < end, isWord(source[start]), let nameEnd = segment(source, start, end) else { return nil }
    let colon = space(source, nameEnd, end)
    guard colon < end, source[colon] == UInt8(ascii: ":") else { return nil }
    let value = space(source, colon + 1, end)
    guard let valueEnd = quotedFragment(source, value, end) else { return nil }
    return (start..<nameEnd, value..<valueEnd)
  }

  // `\[(?>[^\[\]]+|\g<0>)*\]`
  static func brackets(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    guard start < end, source[start] == UInt8(ascii: "[") else { return nil }
    var depth = 0
    var at = start
    while at < end {
      if source[at] == UInt8(ascii: "[") { depth += 1 }
      if source[at] == UInt8(ascii: "]") {
        depth -= 1
        if depth == 0 { return at + 1 }
      }
      at += 1
    }
    return nil
  }

  static func trimmed(_ source: UnsafePointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var first = range.lowerBound
    var last = range.upperBound
    while first < last, isStripped(source[first]) { first += 1 }
    while last > first, isStripped(source[last - 1]) { last -= 1 }
    return first..<last
  }
}
