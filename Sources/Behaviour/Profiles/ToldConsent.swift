import Core

/// What an account says of consent: by purpose, as the list of purposes that are agreed to, or once for all of them.
struct ToldConsent {
  private let told: Value

  init(_ told: Value) { self.told = told }

  /// Whether the person agrees to a purpose; nil where nothing is said of it.
  func answer(_ purpose: String) -> Bool? {
    switch told.kind {
    case .object:
      let own = (0..<told.count).filter { told.key(at: $0).elementsEqual(purpose.utf8) }
      return own.isEmpty ? nil : own.allSatisfy { Self.isGiven(told[$0]) }
    case .array: return (0..<told.count).contains { told[$0].string == purpose }
    case .missing, .null: return nil
    default: return Self.isGiven(told)
    }
  }

  /// The purposes that are named.
  var purposes: [String] {
    switch told.kind {
    case .object: (0..<told.count).map { String(decoding: told.key(at: $0), as: UTF8.self) }
    case .array: (0..<told.count).compactMap { told[$0].string }
    default: []
    }
  }

  private static func isGiven(_ value: Value) -> Bool {
    switch value.kind {
    case .boolean: value.bool == true
    case .string, .integer, .double: isGiven(value.text)
    default: false
    }
  }

  /// Whether a word says that a person agrees; what it does not clearly say is no consent.
  static func isGiven(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    words.contains(String(decoding: text, as: UTF8.self).lowercased())
  }

  private static let words: Set<String> = [
    "true", "t", "yes", "y", "1", "1.0", "on", "granted", "given", "agreed", "opt-in", "opted in", "ja", "oui", "是",
  ]
}
