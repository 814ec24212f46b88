import Core

/// Reads one member of a JSON object.
enum JSONMember {
  /// The text of a member, or nil where the object has no such text.
  static func text(_ name: String, of json: [UInt8]) -> [UInt8]? {
    guard let document = try? Document(json: String(decoding: json, as: UTF8.self)) else { return nil }
    return withExtendedLifetime(document) {
      document.root[name].kind == .string ? Array(document.root[name].text) : nil
    }
  }
}
