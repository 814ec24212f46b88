public import Core
import Crypto
import Foundation
import GRDB

/// Replaces ids by keyed hashes, so that who has the profiles does not have the people.
///
/// HMAC-SHA256, cut to 128 bits. The key lies in a file of its own, outside the data; another key gives other names.
public struct Pseudonyms: Sendable {
  private let key: SymmetricKey

  /// Reads the key from a file.
  ///
  /// - Throws: `Diagnostic` of kind "missing file" or "weak key" where it has fewer than 16 bytes.
  public init(keyFile path: String) throws(Diagnostic) {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw Diagnostic(
        "missing file", "no key file '\(path)'", help: "make one: head -c 32 /dev/urandom > \(path); chmod 600 \(path)")
    }
    guard bytes.count >= 16 else {
      throw Diagnostic("weak key", "'\(path)' has \(bytes.count) bytes, expected at least 16")
    }
    key = SymmetricKey(data: bytes)
  }

  init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

  /// The pseudonym of an id: 32 hexadecimal digits.
  public func name(of id: String) -> String { name(of: Array(id.utf8)) }

  func name(of id: [UInt8]) -> String {
    HMAC<SHA256>.authenticationCode(for: id, using: key).prefix(16).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}

/// Who was erased: a re-import of such a person is refused without keeping who it was.
struct Tombstones {
  private let marks: Set<String>
  private let pseudonyms: Pseudonyms

  var isEmpty: Bool { marks.isEmpty }

  init(_ db: Database) throws {
    marks = Set(try String.fetchAll(db, sql: "SELECT mark FROM tombstones"))
    pseudonyms = try Self.pseudonyms(db)
  }

  func holds(_ id: UnsafeBufferPointer<UInt8>) -> Bool { marks.contains(pseudonyms.name(of: Array(id))) }

  /// The database's own key, made with the first erasure.
  static func pseudonyms(_ db: Database) throws -> Pseudonyms {
    let known = try Data.fetchOne(db, sql: "SELECT value FROM secrets WHERE name = 'tombstones'")
    return Pseudonyms(key: Array(known ?? Data(count: 32)))
  }

  static func add(_ id: String, at time: Int64, _ db: Database) throws -> String {
    if try Data.fetchOne(db, sql: "SELECT value FROM secrets WHERE name = 'tombstones'") == nil {
      let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
      try db.execute(sql: "INSERT INTO secrets VALUES ('tombstones', ?)", arguments: [key])
    }
    let mark = try pseudonyms(db).name(of: id)
    try db.execute(sql: "INSERT OR REPLACE INTO tombstones VALUES (?, ?)", arguments: [mark, time])
    return mark
  }
}
