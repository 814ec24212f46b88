extension PatternFindings {
  /// The findings as one HTML page: a sentence beside each number, plots as SVG, nothing loaded from elsewhere.
  public var html: String {
    var page = """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>What customers have in common</title>
      <meta name="viewport" content="width=device-width, initial-scale=1"><style>
      body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}
      h2{margin-top:2.5rem} svg{width:100%;height:auto;font:13px system-ui,sans-serif} rect{fill:#3b6ea5}
      polyline{fill:none;stroke:#3b6ea5;stroke-width:1.5} .expected{stroke:#b5532a;stroke-dasharray:4 3}
      li{margin:.35rem 0} small{color:#555}
      </style></head><body>
      <h1>What customers have in common</h1>
      <p>\(buyers) customers bought something, in \(baskets) baskets. Groups of fewer than \(leastGroup) people are put \
      together or left out, so that nobody can be found in them.\(withheldSentence)</p>

      """
    page += section(
      "Tiers", tierSentences, Plot.bars(tiers.map { ($0.name, Double($0.size)) }, title: "customers by tier"))
    page += section("Groups", clusterSentences, clusterPlots)
    page += section(
      "Rules", tagSentences, Plot.bars(tags.map { ($0.group.name, Double($0.group.size)) }, title: "customers by rule"))
    page += section("Bought together", ruleSentences, "")
    page += section("What follows", successionSentences, "")
    page += section("Demand to come", demandSentences, demandPlots)
    page += section("What cannot be said", unsaid, "")
    return page + "</body></html>\n"
  }

  private func section(_ title: String, _ sentences: [String], _ plots: String) -> String {
    guard !sentences.isEmpty else { return "" }
    let items = sentences.map { "<li>\(Plot.escaped($0))</li>" }.joined(separator: "\n")
    return "<h2>\(Plot.escaped(title))</h2>\n\(plots)\n<ul>\n\(items)\n</ul>\n"
  }

  private var withheldSentence: String {
    withheld > 0 ? " \(withheld) people who do not agree to be measured are not in any number." : ""
  }

  private var tagSentences: [String] {
    tags.map { group, rule in
      "\(group.size) customers (\(share(group.size)) %) are in the segment '\(group.name)', as \(rule): \(means(group))."
    }
  }

  private func means(_ group: Group) -> String {
    "on average the last order is \(Plot.number(group.means[0], 0)) days ago, with \(Plot.number(group.means[1], 1)) "
      + "orders and \(Plot.number(group.means[2], 0)) spent"
  }

  private func share(_ size: Int) -> String { Plot.number(Double(size) / Double(max(buyers, 1)) * 100, 1) }

  private var tierSentences: [String] {
    tiers.map { "\($0.size) customers (\(share($0.size)) %) \($0.name): \(means($0))." }
  }

  private var clusterSentences: [String] {
    guard let best = silhouettes.max(by: { $0.value < $1.value }) else { return [] }
    let clear = best.value >= 0.5 ? "clearly apart" : best.value >= 0.25 ? "apart, with overlaps" : "hardly apart"
    return [
      "\(best.count) groups fit best: their silhouette is \(Plot.number(best.value, 3)), where 1 is perfectly apart and 0 is "
        + "no groups at all; these are \(clear). Other numbers of groups: "
        + silhouettes.filter { $0.count != best.count }
        .map { "\($0.count) with a silhouette of \(Plot.number($0.value, 3))" }.joined(separator: ", ") + "."
    ]
      + clusters.map { "\($0.size) customers (\(share($0.size)) %) are in the segment '\($0.name)': \(means($0))." }
  }

  private var clusterPlots: String {
    Plot.bars(clusters.map { ($0.name, Double($0.size)) }, title: "customers by group")
      + Plot.bars(
        silhouettes.map { ("\($0.count) groups", max(0, $0.value)) }, title: "silhouette by number of groups", digits: 3
      )
  }

  private var ruleSentences: [String] {
    rules.map { given, item, rule in
      "Of the baskets with \(given.joined(separator: " and ")), \(Plot.number(rule.confidence * 100, 0)) % also hold \(item): "
        + "\(Plot.number(rule.lift, 1)) times as many as among all baskets (\(rule.count) baskets)."
    }
  }

  private var successionSentences: [String] {
    successions.map {
      "After \($0.from) the next basket held \($0.to) \($0.count) times, half of them within \(Plot.number($0.days, 0)) days."
    }
  }

  private var demandSentences: [String] {
    demands.map { demand in
      let forecast = demand.forecast
      let verdict =
        forecast.isBetterThanNaive
        ? "better than" : "no better than, so plan with the same weekday of last week instead of"
      return "\(demand.name): \(Plot.number(max(0, forecast.values.reduce(0, +)), 0)) pieces are expected in the next "
        + "\(forecast.values.count) days; on the last 28 days, held back, the forecast was off by "
        + "\(Plot.number(forecast.error, 1)) pieces a day, \(verdict) the \(Plot.number(forecast.naiveError, 1)) of repeating "
        + "the week before."
    }
  }

  private var demandPlots: String {
    demands.map { demand in
      "<p><small>\(Plot.escaped(demand.name)): pieces sold on each of the last \(min(120, demand.series.count)) days, on the left the "
        + "highest and lowest of them; dashed, what is expected of the next \(demand.forecast.values.count) days</small></p>"
        + Plot.line(
          demand.series.suffix(120).map { $0 }, then: demand.forecast.values, title: "demand of \(demand.name)")
    }.joined()
  }
}
