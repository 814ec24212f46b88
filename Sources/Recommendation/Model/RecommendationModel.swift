/// A trained model: which items lead to which, and how much each was taken lately.
///
/// Immutable; shared by all threads.
public struct RecommendationModel: Sendable {
  /// The settings it was trained with.
  public let settings: RecommendationSettings
  /// The ids of the items, by number.
  public let itemIDs: [String]
  /// For each item that may be recommended: its strongest sources.
  ///
  /// Rows are sorted by source.
  let sources: SparseRows
  /// The same by source: what each item leads to.
  let targets: SparseRows
  /// How much each item was taken lately, the most popular one's being 1.
  public let popularity: [Float]
  /// For each item how many users took it.
  public let userCounts: [Int32]
  /// Seconds since 1970 of the last event learnt from.
  public let lastEvent: Int64
  /// How many people had been erased from the database when the events were exported.
  public let erasures: Int

  /// Learns from who took what.
  ///
  /// - Complexity: O(sum over users of the square of their items), at most `historyLimit` each.
  public init(
    _ interactions: Interactions, itemIDs: [String], settings: RecommendationSettings = .init(), erasures: Int = 0
  ) {
    precondition(itemIDs.count == interactions.itemCount, "every item has an id")
    let training = NeighbourTraining(interactions, settings)
    let sources = Self.sources(
      walk: training.walk(), directed: settings.directed > 0 ? training.directed() : nil, training.userCounts, settings)
    self.init(
      settings: settings, itemIDs: itemIDs, sources: sources,
      popularity: DecayedPopularity.atEnd(
        of: interactions, halfLifeSeconds: settings.halfLifeDays * 86_400),
      userCounts: training.userCounts, lastEvent: interactions.times.max() ?? 0, erasures: erasures)
  }

  init(
    settings: RecommendationSettings, itemIDs: [String], sources: SparseRows, popularity: [Float],
    userCounts: [Int32], lastEvent: Int64, erasures: Int = 0
  ) {
    self.settings = settings
    self.itemIDs = itemIDs
    self.sources = sources
    targets = sources.transposed(columnCount: itemIDs.count)
    self.popularity = popularity
    self.userCounts = userCounts
    self.lastEvent = lastEvent
    self.erasures = erasures
  }

  /// The same weights, ranked with other settings.
  init(_ model: RecommendationModel, ranking settings: RecommendationSettings) {
    self.settings = settings
    itemIDs = model.itemIDs
    sources = model.sources
    targets = model.targets
    popularity = model.popularity
    userCounts = model.userCounts
    lastEvent = model.lastEvent
    erasures = model.erasures
  }

  /// Holds popular items back and blends both kinds of weights.
  static func sources(
    walk: SparseRows, directed: SparseRows?, _ userCounts: [Int32], _ settings: RecommendationSettings
  ) -> SparseRows {
    var sources = walk
    for item in 0..<walk.rowCount {
      let penalty = power(Float(max(userCounts[item], 1)) + settings.priorUsers, -settings.beta)
      for index in walk.range(of: item) { sources.weights[index] *= penalty }
    }
    scaleToMean(&sources)
    guard settings.directed > 0, var directed else { return sources }
    scaleToMean(&directed)
    return blend(sources, directed, weight: settings.directed, limit: settings.neighbours)
  }

  /// Divides all weights by their mean, so that two sources can be added.
  private static func scaleToMean(_ rows: inout SparseRows) {
    let sum = rows.weights.reduce(0.0) { $0 + Double($1) }
    guard sum > 0 else { return }
    let scale = Float(Double(rows.weights.count) / sum)
    for index in rows.weights.indices { rows.weights[index] *= scale }
  }

  /// The sum of two matrices, the second weighed, the strongest of each row kept.
  private static func blend(_ first: SparseRows, _ second: SparseRows, weight: Float, limit: Int)
    -> SparseRows
  {
    var collector = NeighbourCollector(itemCount: first.rowCount, limit: limit)
    for row in 0..<first.rowCount {
      collector.accumulate { sums, touched in
        for (rows, weight) in [(first, 1), (second, weight)] {
          for index in rows.range(of: row) {
            let column = Int(rows.columns[index])
            if sums[column] == 0 { touched.append(Int32(column)) }
            sums[column] += rows.weights[index] * weight
          }
        }
      }
      collector.finish(row) { _, sum in sum }
    }
    return collector.rows
  }

  /// Bytes of memory that the model takes, ids apart.
  public var memoryBytes: Int {
    (sources.columns.count * 2 + targets.columns.count * 2) * 4
      + (sources.starts.count + targets.starts.count) * 4
      + popularity.count * 8
  }
}
