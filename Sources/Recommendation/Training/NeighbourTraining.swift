/// Item-to-item weights from who took what.
///
/// RP3beta: a random walk of three steps from an item over its users to other items, popular ends held back. Source:
/// Paudel, Christoffel, Newell and Bernstein, "Updatable, accurate, diverse, and scalable recommendations for
/// interactive applications", 2017. For each item that may be recommended the strongest sources are kept, so that every
/// item can be reached.
struct NeighbourTraining {
  let interactions: Interactions
  let settings: RecommendationSettings
  /// For each user the items, each once, the latest last.
  private(set) var distinct: SparseRows
  /// For each item how many users took it.
  private(set) var userCounts: [Int32]

  init(_ interactions: Interactions, _ settings: RecommendationSettings) {
    self.interactions = interactions
    self.settings = settings
    (distinct, userCounts) = Self.distinctItems(interactions, limit: settings.historyLimit)
  }

  /// The items of each user, each once, in the order of the last time, the latest of them where there are many.
  private static func distinctItems(_ interactions: Interactions, limit: Int) -> (
    SparseRows, [Int32]
  ) {
    var starts: [Int32] = [0]
    starts.reserveCapacity(interactions.userCount + 1)
    var columns: [Int32] = []
    columns.reserveCapacity(interactions.items.count)
    var seen = [Int32](repeating: -1, count: interactions.itemCount)
    var counts = [Int32](repeating: 0, count: interactions.itemCount)
    for user in 0..<interactions.userCount {
      let first = columns.count
      for index in (interactions.starts[user]..<interactions.starts[user + 1]).reversed() {
        let item = Int(interactions.items[index])
        guard seen[item] != Int32(user) else { continue }
        seen[item] = Int32(user)
        columns.append(Int32(item))
        counts[item] += 1
        if columns.count - first == limit { break }
      }
      columns[first...].reverse()
      starts.append(Int32(columns.count))
    }
    return (SparseRows(starts: starts, columns: columns, weights: []), counts)
  }

  /// For each item its strongest sources by the walk, popular items not yet held back.
  func walk() -> SparseRows {
    let userWeight = (0..<interactions.userCount).map { user in
      power(Float(distinct.range(of: user).count), -settings.alpha)
    }
    let itemWeight = userCounts.map { power(Float(max($0, 1)), -settings.alpha) }
    return collect(userWeight: userWeight) { _, other, sum in sum * itemWeight[other] }
  }

  /// For each item those that are nearest to it by the cosine of their users.
  func cosine() -> SparseRows {
    collect(userWeight: [Float](repeating: 1, count: interactions.userCount)) { item, other, sum in
      sum / (Float(userCounts[item]) * Float(userCounts[other])).squareRoot()
    }
  }

  /// For each item the strongest others that share users with it, by a score of the sum of these users' weights.
  private func collect(userWeight: [Float], score: (_ item: Int, _ other: Int, _ sum: Float) -> Float) -> SparseRows {
    let users = usersOfItems()
    var collector = NeighbourCollector(itemCount: interactions.itemCount, limit: settings.neighbours)
    for item in 0..<interactions.itemCount {
      collector.accumulate { sums, touched in
        for entry in users.range(of: item) {
          let user = Int(users.columns[entry])
          let weight = userWeight[user]
          for place in distinct.range(of: user) {
            let other = Int(distinct.columns[place])
            if sums[other] == 0 { touched.append(Int32(other)) }
            sums[other] += weight
          }
        }
      }
      collector.finish(item) { other, sum in score(item, other, sum) }
    }
    return collector.rows
  }

  /// For each item what came before it in earlier baskets of the same users, nearer ones counting more.
  func directed() -> SparseRows {
    let successors = precursors()
    let damp = userCounts.map {
      (from: power(Float(max($0, 1)), -0.6), to: power(Float(max($0, 1)), -0.4))
    }
    var collector = NeighbourCollector(
      itemCount: interactions.itemCount, limit: settings.neighbours)
    for item in 0..<interactions.itemCount {
      collector.accumulate { sums, touched in
        for entry in successors.range(of: item) {
          let other = Int(successors.columns[entry])
          if sums[other] == 0 { touched.append(Int32(other)) }
          sums[other] += successors.weights[entry]
        }
      }
      collector.finish(item) { other, sum in sum * damp[other].from * damp[item].to }
    }
    return collector.rows
  }

  /// Pairs of baskets at most so many steps apart: for each later item the earlier ones, with repetitions.
  ///
  /// Each pair of baskets weighs the same whatever their sizes, and gives at most `pairLimit` pairs of items.
  private func precursors() -> SparseRows {
    var later: [Int32] = []
    var earlier: [Int32] = []
    var weights: [Float] = []
    let events = interactions
    for user in 0..<events.userCount {
      let end = events.starts[user + 1]
      let first = max(events.starts[user], end - settings.historyLimit)
      for index in first..<end {
        var taken = 0
        var place = index - 1
        while place >= first, taken < Self.pairLimit {
          let distance = events.age[place] - events.age[index]
          if distance > Int32(settings.steps) { break }
          if distance > 0, events.items[place] != events.items[index] {
            later.append(events.items[index])
            earlier.append(events.items[place])
            weights.append(1 / Float(distance))
            taken += 1
          }
          place -= 1
        }
      }
    }
    let pairs = SparseRows(starts: [0, Int32(later.count)], columns: later, weights: weights)
    var starts = [Int32](repeating: 0, count: events.itemCount + 1)
    for item in later { starts[Int(item) + 1] += 1 }
    for item in 0..<events.itemCount { starts[item + 1] += starts[item] }
    var next = starts
    var columns = [Int32](repeating: 0, count: later.count)
    var moved = [Float](repeating: 0, count: later.count)
    for index in later.indices {
      let place = Int(next[Int(pairs.columns[index])])
      columns[place] = earlier[index]
      moved[place] = weights[index]
      next[Int(later[index])] += 1
    }
    return SparseRows(starts: starts, columns: columns, weights: moved)
  }

  private static let pairLimit = 64

  private func usersOfItems() -> SparseRows {
    var rows = distinct
    rows.weights = [Float](repeating: 1, count: rows.columns.count)
    return rows.transposed(columnCount: interactions.itemCount)
  }
}
