import GRDB

extension EventStore {
  /// Demand by category, where enough people bought of it; those who do not agree are in no number.
  func findDemand(_ findings: inout PatternFindings, _ withheld: Set<Int64>) throws {
    struct Sales {
      var pieces: [Int: Double] = [:]
      var people: Set<Int64> = []
    }
    let sales = try read { db in
      let category = EventField.category.rawValue
      var categories: [Int64: String] = [:]
      let facts = try RowStatement(
        db, "SELECT product, value FROM product_facts WHERE field = \(category) ORDER BY product, count, value DESC")
      while try facts.next() { categories[facts.integer(0)] = facts.string(1) }
      var found: [String: Sales] = [:]
      let row = try RowStatement(
        db,
        """
        SELECT profile, product, (time + zone * 60000) / 86400000, ifnull(quantity, 1) FROM events
        WHERE kind = \(EventKind.purchase.rawValue) AND flags & 1 = 0 AND product NOT NULL
        """)
      while try row.next() {
        let profile = row.integer(0)
        if withheld.contains(profile) { continue }
        for name in Set([categories[row.integer(1)] ?? "", "everything"]) where !name.isEmpty {
          found[name, default: Sales()].pieces[Int(row.integer(2)), default: 0] += row.double(3)
          found[name]?.people.insert(profile)
        }
      }
      return found
    }
    guard let days = sales["everything"]?.pieces.keys, let first = days.min(), let last = days.max(),
      last - first < 36_500
    else {
      findings.unsaid.append("Demand cannot be foreseen: there are no purchases, or they lie a century apart.")
      return
    }
    var series: [(name: String, values: [Double], total: Double)] = []
    for (name, sales) in sales where sales.people.count >= findings.leastGroup {
      let values = (first...last).map { sales.pieces[$0] ?? 0 }
      series.append((name, values, values.reduce(0, +)))
    }
    series.sort { $0.total != $1.total ? $0.total > $1.total : $0.name < $1.name }
    for (name, values, _) in series.prefix(6) {
      guard let forecast = Forecast(values, season: 7, ahead: 28, held: 28) else { continue }
      findings.demands.append(.init(name: name, series: values, forecast: forecast))
    }
    if findings.demands.isEmpty {
      findings.unsaid.append(
        "Demand cannot be foreseen: that needs purchases of at least \(findings.leastGroup) people over at least six weeks."
      )
    }
  }
}
