import ArgumentParser
import Behaviour
import Core
import Foundation
import Glibc
import Recommendation

struct Recommend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure recommendations on your own events.",
    subcommands: [EvaluateRecommendations.self, MeasureRecommendations.self])
}

struct EvaluateRecommendations: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Foresee held-back purchases and compare with simpler recommenders.",
    discussion: """
      Two splits: each customer's last basket, and everything after a date. Two tables: all products, and only those new \
      to the customer. The blend's settings are chosen on the part that is learnt from. The split 'new-products' takes a \
      fifth of the products at a time for ones that nobody bought, and foresees them by what they are.

      Example:
        bespoke recommend eval --events orders.csv.gz
        bespoke recommend eval --database shop.db --split time --until 2024-10-01 --json
        bespoke recommend eval --database shop.db --split new-products --vectors models/vectors.jsonl
      """)

  @Option(help: ArgumentHelp("A file of events, read with the options of a mapping.", valueName: "file"))
  var events: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("A database of events.", valueName: "file"))
  var database: String?

  @Option(help: ArgumentHelp("A YAML file that says how the events are read.", valueName: "file"))
  var mapping: String?

  @Option(help: "Which split: 'last-basket', 'time', 'both' of these, or 'new-products'.")
  var split: SplitName = .both

  @Option(help: ArgumentHelp("The date of the split by time; the first of a month where left out.", valueName: "date"))
  var until: String?

  @Flag(inversion: .prefixedNo, help: "Choose the blend's settings on the part that is learnt from.")
  var tune = true

  @Flag(help: "Print the result as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  enum SplitName: String, ExpressibleByArgument, CaseIterable {
    case both, time
    case lastBasket = "last-basket"
    case newProducts = "new-products"
  }

  @Option(help: ArgumentHelp("JSON lines of products' vectors, for the split 'new-products'.", valueName: "file"))
  var vectors: String?

  func validate() throws {
    if (events == nil) == (database == nil) {
      throw ValidationError("give either '--events' or '--database'")
    }
    if vectors != nil, split != .newProducts {
      throw ValidationError("'--vectors' goes with '--split new-products'")
    }
  }

  func run() throws {
    try reportingErrors(json: json) {
      try withStore { store in
        let log = try store.purchases()
        guard !log.events.isEmpty else { throw Diagnostic("no events", "there are no purchases by known users") }
        print(try split == .newProducts ? newProducts(log, store) : foresee(log))
      }
    }
  }

  /// What the blend and simpler recommenders foresee.
  private func foresee(_ log: PurchaseLog) throws -> String {
    let line = StatusLine(isShown: !quiet && !json && isatty(STDERR_FILENO) == 1)
    var results: [(name: String, settings: RecommendationSettings, evaluation: Evaluation)] = []
    for (name, split) in try splits(log) {
      line.show("\(name): choosing settings", position: 0, size: nil)
      let settings = tune ? SettingsSearch(split.training).best() : RecommendationSettings()
      let evaluation = Evaluation(split, settings: settings) {
        line.show("\(name): \($0)", position: 0, size: nil)
      }
      results.append((name, settings, evaluation))
    }
    line.clear()
    return json ? document(results, log).json : words(results, log)
  }

  /// Hands out the database, or one made of the file of events for the while.
  private func withStore(_ body: (EventStore) throws -> Void) throws {
    if let database { return try body(EventStore(path: database, mustExist: true)) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try EventStore(path: folder.appendingPathComponent("events.db").path)
    let options = try mapping.map { try ImportOptions(yaml: $0) } ?? ImportOptions()
    _ = try EventImport(into: store, options: options, now: Int64(time(nil)) * 1000).run(events ?? "-")
    try body(store)
  }

  private func splits(_ log: PurchaseLog) throws -> [(String, Split)] {
    var splits: [(String, Split)] = []
    let (users, items) = (log.userIDs.count, log.itemIDs.count)
    if split != .time {
      splits.append(("last_basket", .lastBasket(log.events, userCount: users, itemCount: items)))
    }
    if split != .lastBasket {
      let day = try until.map { try moment($0, "--until") / 1000 } ?? Split.usualMoment(log.events)
      splits.append(("time", .time(day, log.events, userCount: users, itemCount: items)))
    }
    return splits
  }

  // MARK: Words

  private func words(
    _ results: [(name: String, settings: RecommendationSettings, evaluation: Evaluation)], _ log: PurchaseLog
  ) -> String {
    var lines = ["\(log.events.count) purchases; \(log.filters.joined(separator: "; "))"]
    for (_, settings, evaluation) in results {
      lines.append("\n\(evaluation.split)")
      lines.append(
        "  \(evaluation.users) customers asked about, \(evaluation.items) products, \(evaluation.events) events learnt from"
      )
      lines.append("  settings: \(Document { settings.write(to: $0) }.json)")
      for table in Evaluation.Table.allCases {
        lines.append(
          "  \(table == .all ? "all products" : "products new to the customer")".padded(36)
            + "hit rate      recall        nDCG          coverage  novelty")
        for row in evaluation.rows where row.table == table {
          let measures = row.measures
          lines.append(
            "    \(row.model)".padded(36) + shown(measures.hitRate) + shown(measures.recall) + shown(measures.ndcg)
              + "\(places(measures.coverage, 3))     \(measures.novelty.map { places($0, 2) } ?? "-")")
        }
        if let blend = evaluation.rows.last(where: { $0.table == table }) {
          let bias = blend.bias.map { "\($0.segment) purchases \(places($0.lift * 100, 0)) %" }.joined(separator: ", ")
          lines.append("    popularity of what the blend shows against the past of customers with \(bias)")
        }
      }
    }
    lines.append("\nat \(results.first?.evaluation.count ?? 10); +- is half of a 95 % interval over customers")
    if results.contains(where: { $0.evaluation.rows.contains { $0.measures.users < 2 } }) {
      lines.append("- cannot be said, because fewer than two customers were asked about")
    }
    return lines.joined(separator: "\n")
  }

  func shown(_ value: MeanWithInterval) -> String {
    "\(value.mean.map { places($0, 3) } ?? "-") +-\(value.halfWidth.map { places($0, 3) } ?? "-")".padded(14)
  }

  private func document(
    _ results: [(name: String, settings: RecommendationSettings, evaluation: Evaluation)], _ log: PurchaseLog
  ) -> Document {
    Document { builder in
      builder.beginObject()
      log.writeFilters(to: builder)
      for (name, settings, evaluation) in results {
        builder.key(name)
        builder.beginObject()
        builder.key("split")
        builder.string(evaluation.split)
        for (key, count) in [("users", evaluation.users), ("items", evaluation.items), ("events", evaluation.events)] {
          builder.key(key)
          builder.int(Int64(count))
        }
        builder.key("settings")
        settings.write(to: builder)
        for table in Evaluation.Table.allCases {
          builder.key(table.rawValue)
          builder.beginObject()
          for row in evaluation.rows where row.table == table {
            builder.key(row.model.replacingOccurrences(of: " ", with: "_"))
            row.write(to: builder)
          }
          builder.end()
        }
        builder.end()
      }
      builder.end()
    }
  }
}

extension Evaluation.Row {
  fileprivate func write(to builder: DocumentBuilder) {
    builder.beginObject()
    builder.key("users")
    builder.int(Int64(measures.users))
    measures.writeMeans(to: builder)
    builder.key("coverage")
    builder.double(measures.coverage)
    builder.key("novelty")
    if let novelty = measures.novelty { builder.double(novelty) } else { builder.null() }
    builder.key("popularity_bias")
    builder.beginArray()
    for group in bias {
      builder.beginObject()
      builder.key("segment")
      builder.string(group.segment)
      builder.key("users")
      builder.int(Int64(group.users))
      for (key, value) in [("past", group.past), ("recommended", group.recommended), ("lift", group.lift)] {
        builder.key(key)
        builder.double(value)
      }
      builder.end()
    }
    builder.end()
    builder.end()
  }
}

extension RankingMeasures {
  /// The three means with their intervals, as members of an object.
  func writeMeans(to builder: DocumentBuilder) {
    for (key, value) in [("hit_rate", hitRate), ("recall", recall), ("ndcg", ndcg)] {
      builder.key(key)
      if let mean = value.mean { builder.double(mean) } else { builder.null() }
      builder.key("\(key)_interval")
      guard let mean = value.mean, let halfWidth = value.halfWidth else {
        builder.null()
        continue
      }
      builder.beginArray()
      builder.double(mean - halfWidth)
      builder.double(mean + halfWidth)
      builder.end()
    }
  }
}

/// A number with so many digits behind the point.
func places(_ number: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", number) }

extension String {
  /// The text filled up with blanks.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension PurchaseLog {
  /// Writes the member "filters" of an object: what was left out.
  func writeFilters(to builder: DocumentBuilder) {
    builder.key("filters")
    builder.beginArray()
    for filter in filters { builder.string(filter) }
    builder.end()
  }
}
