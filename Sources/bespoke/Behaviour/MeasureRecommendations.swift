import ArgumentParser
import Behaviour
import Core
import Glibc
import Recommendation

struct MeasureRecommendations: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Say how long training takes, how many recommendations a core makes and what memory the model takes.",
    discussion: """
      Example:
        bespoke recommend bench --database shop.db
      """)

  @OptionGroup var database: DatabaseArguments

  @Option(help: ArgumentHelp("How many customers are asked about.", valueName: "n"))
  var users = 20_000

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let log = try database.open().purchases()
      guard !log.events.isEmpty else { throw Diagnostic("no events", "there are no purchases by known users") }
      let start = clock()
      let interactions = Interactions(log.events, userCount: log.userIDs.count, itemCount: log.itemIDs.count)
      let model = RecommendationModel(interactions, itemIDs: log.itemIDs)
      let training = seconds(since: start)
      let begun = clock()
      _ = SettingsSearch(interactions).best()
      let choosing = seconds(since: begun)
      let asked = min(max(users, 1), interactions.userCount)
      let histories = (0..<asked).map { interactions.history(of: $0) }
      var recommender = Recommender(model)
      let begin = clock()
      var count = 0
      for history in histories { count += recommender.recommend(history, count: 10).count > 0 ? 1 : 0 }
      let rate = Int(Double(count) / max(seconds(since: begin), 1e-6))
      if json {
        print(document(log, training: training, choosing: choosing, rate: rate, bytes: model.memoryBytes).json)
      } else {
        print(
          "\(log.events.count) purchases of \(log.userIDs.count) customers, \(log.itemIDs.count) products: trained in "
            + "\(places(training, 2)) s of CPU, \(rate) rankings of 10 a second on one core, "
            + "\(model.memoryBytes >> 20) MB of model; choosing settings, which training does beforehand for up to "
            + "\(SettingsSearch.usualItems) products, took \(places(choosing, 2)) s")
      }
    }
  }

  /// Seconds of processor time.
  private func seconds(since start: clock_t) -> Double { Double(clock() - start) / 1_000_000 }

  private func document(_ log: PurchaseLog, training: Double, choosing: Double, rate: Int, bytes: Int) -> Document {
    Document { builder in
      builder.beginObject()
      for (key, count) in [
        ("purchases", log.events.count), ("users", log.userIDs.count), ("items", log.itemIDs.count),
        ("recommendations_per_second", rate), ("model_bytes", bytes),
      ] {
        builder.key(key)
        builder.int(Int64(count))
      }
      builder.key("training_seconds")
      builder.double(training)
      builder.key("choosing_seconds")
      builder.double(choosing)
      builder.end()
    }
  }
}
