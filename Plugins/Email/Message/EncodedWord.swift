import Markup

/// Text of a header that is not ASCII (RFC 2047).
enum EncodedWord {
  /// Appends text: as it is where it is short printable ASCII, else as encoded words of at most 75 characters that never
  /// cut a character, on lines of at most 76.
  ///
  /// - Parameter column: where on its line the text begins.
  static func append(_ text: String, to output: inout [UInt8], column: Int) {
    let isPlain = text.utf8.allSatisfy { 0x20..<0x7F ~= $0 } && !text.contains("=?")
    if isPlain, text.utf8.count <= 900 {
      appendFolded(text, to: &output, column: column)
    } else {
      appendWords(text, to: &output, column: column)
    }
  }

  /// Appends text as encoded words, whatever it holds.
  static func appendWords(_ text: String, to output: inout [UInt8], column: Int) {
    let prefix: StaticString = "=?utf-8?B?"
    // Three bytes become four characters; 12 characters belong to the word itself.
    var room = (min(75, 76 - column) - 12) / 4 * 3
    var word: [UInt8] = []
    func flush(isLast: Bool) {
      output.append(raw: prefix)
      Base64Text.append(word, to: &output)
      output.append(raw: isLast ? "?=" : "?=\r\n " as StaticString)
      word.removeAll(keepingCapacity: true)
    }
    for scalar in text.unicodeScalars {
      let bytes = Array(String(Character(scalar)).utf8)
      if word.count + bytes.count > room, !word.isEmpty {
        flush(isLast: false)
        room = (75 - 12) / 4 * 3
      }
      word += bytes
    }
    flush(isLast: true)
  }

  /// Appends ASCII, the line broken at blanks before column 76 where there are any.
  private static func appendFolded(_ text: String, to output: inout [UInt8], column: Int) {
    var column = column
    for (index, word) in text.utf8.split(separator: 0x20).enumerated() {
      if index > 0 {
        if column + word.count + 1 > 76 {
          output.append(raw: "\r\n " as StaticString)
          column = 1
        } else {
          output.append(0x20)
          column += 1
        }
      }
      output.append(contentsOf: word)
      column += word.count
    }
  }
}
