public import Core
import Foundation
import GRDB

extension EventStore {
  /// How many people were erased so far: what was made at a lower number may hold something of one of them.
  func erasures(_ db: Database) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM tombstones") ?? 0 }

  /// Removes a person: events, profile and consents, and refuses the person's events from now on.
  ///
  /// - Returns: a receipt that names what was removed, and the person by the mark of the tombstone only.
  public func erase(_ id: String, at time: Int64) throws -> Document {
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
        try delete("profile_facts", "profile = ?", key)
        try delete("touched", "profile = ?", key)
        try delete("profiles", "key = ?", key)
      }
      try delete("accounts", "id = ?", id)
      try delete("consents", "profile = ?", id)
      try db.execute(
        sql: "INSERT INTO marks VALUES ('erased', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        arguments: [time])
      return (try Tombstones.add(id, at: time, db), counts)
    }
    // What was deleted must not lie on in free pages or in the log.
    try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM") }
    try checkpoint()
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
      builder.key("stale")
      builder.string(
        "profiles and models that were made before this time: build, export and train again; once profiles are built again, "
          + "the recommender refuses models that are older")
      builder.end()
    }
  }
}
