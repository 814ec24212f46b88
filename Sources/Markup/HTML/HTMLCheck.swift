/// Says whether a text is well-formed HTML: a whole page, or a fragment.
///
/// Found are the mistakes of the HTML Standard's tokenizer and tree builder (sections 13.2.5 and 13.2.6) that authors
/// make: elements that are not closed or close in the wrong order, stray `<`, broken or repeated attributes, repeated
/// ids. Which element may stand in which is not looked at.
public enum HTMLCheck {
  /// The first mistake with its line and column, or nil.
  public static func problem(in text: String) -> String? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { bytes in
      var checker = Checker(scanner: HTMLScanner(bytes: bytes))
      do throws(HTMLMistake) {
        try checker.run()
        return nil
      } catch {
        let before = bytes[..<min(error.place, bytes.count)]
        let line = 1 + before.count { $0 == UInt8(ascii: "\n") }
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = 1 + before[start...].count { $0 & 0xC0 != 0x80 }
        return "\(error.detail) (at \(line):\(column))"
      }
    }
  }

  private struct Checker {
    var scanner: HTMLScanner
    private var open: [(name: String, place: Int)] = []
    private var ids: Set<String> = []

    init(scanner: HTMLScanner) { self.scanner = scanner }

    mutating func run() throws(HTMLMistake) {
      while let tag = try scanner.next() {
        if tag.isEnd { try close(tag) } else { try begin(tag) }
      }
      while let last = open.popLast() {
        if !HTMLNames.optional.contains(last.name) {
          throw HTMLMistake("'<\(last.name)>' is not closed", at: last.place)
        }
      }
    }

    private mutating func begin(_ tag: HTMLScanner.Tag) throws(HTMLMistake) {
      if let id = tag.id, !ids.insert(id).inserted {
        throw HTMLMistake("the id '\(id)' stands here twice", at: tag.place)
      }
      let isForeign = open.contains { $0.name == "svg" || $0.name == "math" } || tag.name == "svg" || tag.name == "math"
      if HTMLNames.void.contains(tag.name), !isForeign { return }
      if tag.isSelfClosing {
        if isForeign { return }
        throw HTMLMistake("'<\(tag.name)/>' does not close the element, expected '</\(tag.name)>'", at: tag.place)
      }
      if let last = open.last?.name, HTMLNames.closes(tag.name, last) { open.removeLast() }
      open.append((tag.name, tag.place))
      if HTMLNames.raw.contains(tag.name), !isForeign { try scanner.skipRaw(tag.name, from: tag.place) }
    }

    private mutating func close(_ tag: HTMLScanner.Tag) throws(HTMLMistake) {
      if HTMLNames.void.contains(tag.name) {
        throw HTMLMistake("'</\(tag.name)>' closes an element that has no end", at: tag.place)
      }
      while let last = open.last {
        if last.name == tag.name {
          open.removeLast()
          return
        }
        guard HTMLNames.optional.contains(last.name), open.contains(where: { $0.name == tag.name }) else {
          throw HTMLMistake("found '</\(tag.name)>', expected '</\(last.name)>'", at: tag.place)
        }
        open.removeLast()
      }
      throw HTMLMistake("'</\(tag.name)>' closes nothing", at: tag.place)
    }
  }
}

/// A mistake in HTML and where it is.
struct HTMLMistake: Error {
  var detail: String
  var place: Int

  init(_ detail: String, at place: Int) {
    self.detail = detail
    self.place = place
  }
}
