/// What is wrong with a text for people, found by looking at it as a whole.
enum Prose {
  /// Whether a text has at least 20 letters of A to Z and none in lower case.
  static func isAllCapitals(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var letters = 0
    for byte in text {
      if 97...122 ~= byte { return false }
      if 65...90 ~= byte { letters += 1 }
    }
    return letters >= 20
  }

  /// Whether a sign of a currency or one of the best-known codes stands before or behind digits.
  static func hasPrice(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let words = words(of: text)
    return words.enumerated().contains { index, word in
      guard marks.contains(where: { text[word].starts(with: $0.utf8) || endsWith(text[word], $0) }) else {
        return false
      }
      // "£40" holds its digits; "Rs. 379" and "40 EUR" are two words.
      let first = words[max(0, index - 1)].lowerBound
      let last = words[min(words.count - 1, index + 1)].upperBound
      return [first..<word.upperBound, word, word.lowerBound..<last].contains {
        PriceText(withoutEnd(UnsafeBufferPointer(rebasing: text[$0])))?.currency != nil
      }
    }
  }

  /// Copies text without size tables that were flattened into it: from the word that opens one to its last number.
  ///
  /// A table is a run of at least six numbers with at most three words between two of them, and the words of its head
  /// back to the nearest "Size". Returns whether there was one.
  static func dropTables(_ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) -> Bool {
    let words = words(of: text)
    let tables = tables(in: text, words: words)
    var from = 0
    for table in tables {
      output.append(UnsafeBufferPointer(rebasing: text[from..<words[table.lowerBound].lowerBound]))
      from = words[table.upperBound - 1].upperBound
      while from < text.count, text[from] == 0x20 { from += 1 }
    }
    output.append(UnsafeBufferPointer(rebasing: text[from...]))
    return !tables.isEmpty
  }

  /// Whether a text holds a flattened table.
  static func hasTable(_ text: UnsafeBufferPointer<UInt8>) -> Bool { !tables(in: text, words: words(of: text)).isEmpty }

  /// The tables of a text, as ranges of its words.
  private static func tables(in text: UnsafeBufferPointer<UInt8>, words: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var index = 0
    while index < words.count {
      guard isNumber(text[words[index]]) else {
        index += 1
        continue
      }
      var numbers = 1
      var last = index
      var next = index + 1
      while next < words.count, next - last <= 4 {
        if isNumber(text[words[next]]) {
          numbers += 1
          last = next
        }
        next += 1
      }
      // A heading lies at most 12 words before the first number, and behind the table before it.
      let earliest = max(result.last?.upperBound ?? 0, index - 12)
      let head = words[earliest..<index].firstIndex { text[$0].elementsEqual("Size".utf8) }
      if numbers >= 6, let head { result.append(head..<last + 1) }
      index = last + 1
    }
    return result
  }

  private static func isNumber(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    word.allSatisfy { 48...57 ~= $0 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
      && word.contains { 48...57 ~= $0 }
  }

  private static let marks = ["£", "€", "$", "₹", "Rs", "EUR", "USD", "GBP", "CHF", "INR", "CNY", "JPY"]

  private static func endsWith(_ word: Slice<UnsafeBufferPointer<UInt8>>, _ mark: String) -> Bool {
    // "40€," and "40 EUR." end a clause.
    let end = word.last == UInt8(ascii: ".") || word.last == UInt8(ascii: ",") ? word.dropLast() : word
    return end.suffix(mark.utf8.count).elementsEqual(mark.utf8)
  }

  /// A word without the full stop or comma that ends it.
  private static func withoutEnd(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    guard let last = text.last, last == UInt8(ascii: ".") || last == UInt8(ascii: ",") else { return text }
    return UnsafeBufferPointer(rebasing: text.dropLast())
  }

  private static func words(of text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    text.split(whereSeparator: { isBlank($0) }).map { $0.startIndex..<$0.endIndex }
  }
}
