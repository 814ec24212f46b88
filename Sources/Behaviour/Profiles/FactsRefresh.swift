import GRDB

extension EventStore {
  /// Makes the facts of everybody with new events; answers of how many.
  func refreshFacts(startsOver: Bool = false) throws -> Int {
    if startsOver { try write { try $0.execute(sql: "INSERT OR IGNORE INTO touched SELECT key FROM profiles") } }
    var rebuilt = 0
    var products: ProductTable?
    while true {
      // A thousand people a transaction: a kill loses no more, and the next build goes on.
      let count = try write { db -> Int in
        let keys = try Int64.fetchAll(db, sql: "SELECT profile FROM touched ORDER BY profile LIMIT 1000")
        if keys.isEmpty { return 0 }
        let table = try products ?? ProductTable(db)
        products = table
        let save = try RowStatement(db, "INSERT OR REPLACE INTO profile_facts VALUES (?, ?, ?)")
        let drop = try RowStatement(db, "DELETE FROM profile_facts WHERE profile = ?")
        let done = try RowStatement(db, "DELETE FROM touched WHERE profile = ?")
        for key in keys {
          let events = try ProfileEvent.all(of: key, currency: table.currency, db)
          if events.isEmpty {
            drop.bind(1, key)
            _ = try drop.run()
          } else {
            let facts = ProfileFacts(events, table)
            save.bind(1, key)
            var (json, days) = (facts.json, facts.daysText)
            try json.withUTF8 { json in
              save.bind(2, json)
              try days.withUTF8 { days in
                save.bind(3, days)
                _ = try save.run()
              }
            }
          }
          done.bind(1, key)
          _ = try done.run()
        }
        return keys.count
      }
      if count == 0 { return rebuilt }
      rebuilt += count
    }
  }

  /// The time of the newest event in milliseconds since 1970; 0 where there is none.
  func newestTime() throws -> Int64 {
    try read { try Int64.fetchOne($0, sql: "SELECT value FROM marks WHERE name = 'newest'") } ?? 0
  }

  /// Everybody with a purchase that was not refunded, by key, but for those left out.
  func buyers(without withheld: Set<Int64> = []) throws -> [PopulationModel.Buyer] {
    try read { db in
      let row = try RowStatement(
        db,
        """
        SELECT profile, days, json_extract(facts, '$.numbers.orders') FROM profile_facts WHERE days <> ''
        ORDER BY profile
        """)
      var buyers: [PopulationModel.Buyer] = []
      while try row.next() {
        if withheld.contains(row.integer(0)) { continue }
        if let buyer = PopulationModel.Buyer(days: row.string(1), orders: Int(row.integer(2))) { buyers.append(buyer) }
      }
      return buyers
    }
  }
}

extension PopulationModel.Buyer {
  /// Reads pairs of "day:spend"; nil where there is none.
  init?(days: String, orders: Int) {
    let entries = days.split(separator: " ").compactMap { pair -> (Int64, Double)? in
      let sides = pair.split(separator: ":")
      guard sides.count == 2, let day = Int64(sides[0]), let spend = Double(sides[1]) else { return nil }
      return (day, spend)
    }
    guard let first = entries.first, let last = entries.last else { return nil }
    let repeats = entries.dropFirst()
    self.init(
      lastDay: last.0, firstDay: first.0, orders: orders, revenue: entries.reduce(0) { $0 + $1.1 },
      repeatDays: repeats.count,
      repeatMean: repeats.isEmpty ? 0 : repeats.reduce(0) { $0 + $1.1 } / Double(repeats.count))
  }
}
