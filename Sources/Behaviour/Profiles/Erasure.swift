public import Core
import Foundation
import GRDB

extension EventStore {
  /// How many people were erased so far: what was made at a lower number may hold something of one of them.
  func erasures(_ db: Database) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM tombstones") ?? 0 }

  /// Empties the examples of reports of imports that hold an id.
  private static func forget(_ id: String, inReportsOf db: Database) throws {
    for row in try Row.fetchAll(db, sql: "SELECT name, report FROM imports") {
      let json: String = row["report"]
      var report = try CleaningReport(json: json)
      guard report.forget(id) else { continue }
      let name: String = row["name"]
      try db.execute(sql: "UPDATE imports SET report = ? WHERE name = ?", arguments: [report.json, name])
    }
  }

  /// Removes a person: events, orders, profile and consents, and refuses the person's events from now on.
  ///
  /// Words and orders of nobody else go too, and so do examples in reports of imports that name the person.
  ///
  /// - Returns: a receipt that names what was removed, and the person by the mark of the tombstone only.
  public func erase(_ id: String, at time: Int64) throws -> Document {
    let id = PersonID.normal(id)
    let (mark, counts) = try write { db -> (String, [(String, Int)]) in
      let key = try Int64.fetchOne(db, sql: "SELECT key FROM profiles WHERE id = ?", arguments: [id])
      var counts: [(String, Int)] = []
      func delete(_ table: String, _ condition: String, _ value: any DatabaseValueConvertible) throws {
        try db.execute(sql: "DELETE FROM \(table) WHERE \(condition)", arguments: [value])
        counts.append((table, db.changesCount))
      }
      if let key {
        try db.execute(
          sql: "DELETE FROM event_ids WHERE id IN (SELECT id FROM events WHERE profile = ?)", arguments: [key])
        try delete("events", "profile = ?", key)
        // What only this person's events named.
        for (table, columns) in [("orders", [#""order""#]), ("words", ["currency", "channel", "region"])] {
          let used = columns.map { "SELECT \($0) FROM events WHERE \($0) NOT NULL" }.joined(separator: " UNION ")
          try db.execute(sql: "DELETE FROM \(table) WHERE key NOT IN (\(used))")
          counts.append((table, db.changesCount))
        }
        try delete("profile_facts", "profile = ?", key)
        try delete("touched", "profile = ?", key)
        try delete("profiles", "key = ?", key)
      }
      try Self.forget(id, inReportsOf: db)
      try delete("accounts", "id = ?", id)
      try delete("consents", "profile = ?", id)
      try db.execute(
        sql: "INSERT INTO marks VALUES ('erased', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        arguments: [time])
      return (try Tombstones.add(id, at: time, db), counts)
    }
    var remains = access(path + ".backup", F_OK) == 0 ? [path + ".backup"] : []
    do {
      // What was deleted must not lie on in free pages or in the log.
      try Self.explaining(path) { try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM") } }
      try checkpoint()
    } catch let error as Diagnostic where error.kind == "locked database" {
      // Who reads keeps the old pages.
      remains.append(path)
    }
    return Document { builder in
      builder.beginObject()
      builder.key("erased")
      builder.string(mark)
      builder.key("time")
      builder.string(Moment(milliseconds: time).text)
      builder.key("removed")
      builder.beginObject()
      for (table, count) in counts {
        builder.key(table)
        builder.int(Int64(count))
      }
      builder.end()
      if !remains.isEmpty {
        builder.key("not_erased_in")
        builder.beginArray()
        remains.forEach(builder.string)
        builder.end()
      }
      if remains.contains(path) {
        builder.key("to_do")
        builder.string("erase again when no other program reads the database: until then it holds old pages")
      }
      builder.key("stale")
      builder.string(
        "profiles and models that were made before this time: build, export and train again; once profiles are built again, "
          + "the recommender refuses models that are older")
      builder.end()
    }
  }
}
