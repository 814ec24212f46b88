import Host

/// The one form of a person's id that events, accounts, consents and erasures share.
enum PersonID {
  /// An id without blanks around it and without the `.0` that a spreadsheet gave it.
  static func normal(_ id: String) -> String {
    var id = id
    return id.withUTF8 { String(decoding: withoutDecimals(trimmed($0)), as: UTF8.self) }
  }

  /// A whole number without the `.0` behind it; any other text as it is.
  static func withoutDecimals(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    guard text.count > 2, text[text.count - 1] == 48, text[text.count - 2] == UInt8(ascii: ".") else { return text }
    let whole = UnsafeBufferPointer(rebasing: text[..<(text.count - 2)])
    return whole.allSatisfy({ 48...57 ~= $0 }) ? whole : text
  }
}
