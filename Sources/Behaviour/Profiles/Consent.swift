import Core
import GRDB

extension EventStore {
  /// Notes whether a person lets data be used for a purpose; the latest statement counts.
  public func setConsent(_ id: String, purpose: String, granted: Bool, time: Int64) throws {
    let id = PersonID.normal(id)
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO consents VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
          SET granted = excluded.granted, time = excluded.time WHERE excluded.time >= time
          """, arguments: [id, purpose, granted, time])
    }
  }

  /// The latest statements of each person, by id.
  func consents() throws -> [String: [(purpose: String, granted: Bool)]] {
    try read { db in
      var found: [String: [(purpose: String, granted: Bool)]] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT profile, purpose, granted FROM consents ORDER BY profile, purpose") {
        found[row["profile"], default: []].append((row["purpose"], row["granted"]))
      }
      return found
    }
  }

  /// The keys of those who do not let their data be used for a purpose: as stated last, else as the account says, else
  /// as is assumed.
  ///
  /// - Throws: `Diagnostic` of kind "invalid purpose" for a name that is not made of letters, digits, '_' and '-'.
  func withheld(_ purpose: String, assumesConsent: Bool = true) throws -> Set<Int64> {
    guard !purpose.isEmpty, purpose.utf8.allSatisfy(Self.isPurposeByte) else {
      throw Diagnostic("invalid purpose", "a purpose is made of letters, digits, '_' and '-', got '\(purpose)'")
    }
    return try read { db in
      let row = try RowStatement(
        db,
        """
        SELECT p.key, c.granted, a.json FROM profiles p
        LEFT JOIN consents c ON c.profile = p.id AND c.purpose = '\(purpose)' LEFT JOIN accounts a ON a.id = p.id
        """)
      var withheld: Set<Int64> = []
      let builder = DocumentBuilder()
      while try row.next() {
        var agrees = assumesConsent
        if !row.isNull(1) {
          agrees = row.integer(1) != 0
        } else if !row.isNull(2) {
          builder.reset()
          agrees = ToldConsent(try builder.parseJSON(row.text(2))["consent"]).answer(purpose) ?? assumesConsent
        }
        if !agrees { withheld.insert(row.integer(0)) }
      }
      return withheld
    }
  }

  private static func isPurposeByte(_ byte: UInt8) -> Bool {
    switch byte | 0x20 {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): true
    default: 48...57 ~= byte || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
  }
}
