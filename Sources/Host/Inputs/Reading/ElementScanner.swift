/// Finds the end of one value of JSON text, over as many reads as it takes.
///
/// A string ends at a line break at the latest, as JSON allows none inside; an object ends before another that stands
/// where no value can. So a value that is not closed does not swallow the ones behind it.
struct ElementScanner {
  private var at = 0
  private var depth = 0
  private var inString = false
  /// For each of the first 64 open containers, from the lowest bit: whether it is an object.
  private var objects: UInt64 = 0
  /// The last byte outside strings that was no blank.
  private var last: UInt8 = 0

  /// The bytes of the value, once its end is in the view.
  mutating func scan(_ view: UnsafeBufferPointer<UInt8>, atEnd: Bool) -> Int? {
    while at < view.count {
      let byte = view[at]
      if inString {
        switch byte {
        case UInt8(ascii: "\""), 10, 13: inString = false
        case UInt8(ascii: "\\"):
          guard at + 1 < view.count || atEnd else { return nil }
          at += 1
        default: break
        }
        at += 1
        if depth == 0, !inString { return min(at, view.count) }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): inString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        // Inside an object a value stands behind a colon only.
        let inObject = 1...64 ~= depth && objects >> UInt64(depth - 1) & 1 == 1
        if inObject, byte == UInt8(ascii: "{"), last != UInt8(ascii: ":") { return at }
        if depth < 64 {
          let bit: UInt64 = 1 << UInt64(depth)
          objects = byte == UInt8(ascii: "{") ? objects | bit : objects & ~bit
        }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return at == 0 ? 1 : at }
        depth -= 1
        if depth == 0 { return at + 1 }
      case UInt8(ascii: ","), 10, 13, 9, 0x20:
        if depth == 0 { return at }
      default: break
      }
      if !isBlank(byte) { last = byte }
      at += 1
    }
    return nil
  }

  /// Says that the first bytes of the view were given up.
  mutating func forget() { at = 0 }
}

extension RowReader {
  /// Gives out the next object of a JSON array, or of JSON texts in a row; false at the end of the input.
  func nextElement(into chunk: inout RowChunk) throws -> Bool {
    guard try skipToElement() else { return false }
    var scanner = ElementScanner()
    while true {
      if let length = scanner.scan(window.view, atEnd: window.atEnd) {
        give(length, asLine: false, fault: nil, to: &chunk)
        return true
      }
      if window.view.count > maxRowBytes { return try giveUnfinished(&scanner, fault: .rowTooLong, to: &chunk) }
      if try !window.more(), window.atEnd { return try giveUnfinished(&scanner, fault: .truncated, to: &chunk) }
    }
  }

  /// Moves the window to the first byte of a value.
  private func skipToElement() throws -> Bool {
    while true {
      let view = window.view
      var index = 0
      while index < view.count {
        let byte = view[index]
        if byte == UInt8(ascii: "["), !inArray {
          inArray = true
        } else if byte == UInt8(ascii: "]"), inArray {
          inArray = false
        } else if !isBlank(byte), byte != UInt8(ascii: ",") {
          break
        }
        if byte == terminator { line += 1 }
        index += 1
      }
      window.consume(index)
      if !window.view.isEmpty { return true }
      if try !window.more() { return false }
    }
  }

  /// Rejects a value without an end: its first line, and reading goes on with the next one; all of it where it has one.
  private func giveUnfinished(
    _ scanner: inout ElementScanner, fault: DirtKind, to chunk: inout RowChunk
  ) throws -> Bool {
    if let length = indexOf(terminator, in: window.view, from: 0) {
      give(length, asLine: true, fault: .truncated, to: &chunk)
      return true
    }
    give(window.view.count, asLine: false, fault: fault, to: &chunk)
    while try window.more() {
      scanner.forget()
      if let length = scanner.scan(window.view, atEnd: window.atEnd) {
        line += lineBreaks(in: UnsafeBufferPointer(rebasing: window.view.prefix(length)))
        window.consume(length)
        break
      }
      line += lineBreaks(in: window.view)
      window.consume(window.view.count)
    }
    return true
  }
}
