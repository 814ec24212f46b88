import Core

/// Groups of points around means.
///
/// Lloyd's algorithm, begun by k-means++. Sources: Lloyd, 1982; Arthur and Vassilvitskii, "k-means++: the advantages of
/// careful seeding", 2007.
public struct KMeans: Sendable {
  /// The means, one for each group, the largest group first.
  public let means: [[Double]]
  /// The group of each point.
  public let groups: [Int]
  /// The sum of squared distances of the points to their means.
  public let inertia: Double

  /// The best of several starts; points have the same number of coordinates, and there are at least `count` of them.
  public init(_ points: [[Double]], count: Int, starts: Int = 10, seed: UInt64 = 1) {
    var random = SeededRandom(seed: seed)
    var best: (means: [[Double]], groups: [Int], inertia: Double)?
    for _ in 0..<starts {
      let run = Self.run(points, count: count, &random)
      if run.inertia < best?.inertia ?? .infinity { best = run }
    }
    let found = best ?? ([], [], 0)
    var sizes = [Int](repeating: 0, count: count)
    for group in found.groups { sizes[group] += 1 }
    let order = (0..<found.means.count).sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    var place = [Int](repeating: 0, count: count)
    for (index, group) in order.enumerated() { place[group] = index }
    means = order.map { found.means[$0] }
    groups = found.groups.map { place[$0] }
    inertia = found.inertia
  }

  private static func run(
    _ points: [[Double]], count: Int, _ random: inout SeededRandom
  ) -> (means: [[Double]], groups: [Int], inertia: Double) {
    var means = seeds(points, count: count, &random)
    var groups = [Int](repeating: -1, count: points.count)
    for _ in 0..<300 {
      var changed = false
      var sums = means.map { $0.map { _ in 0.0 } }
      var sizes = [Int](repeating: 0, count: count)
      for (index, point) in points.enumerated() {
        let group = nearest(point, means).group
        if groups[index] != group {
          groups[index] = group
          changed = true
        }
        sizes[group] += 1
        for axis in point.indices { sums[group][axis] += point[axis] }
      }
      for group in 0..<count where sizes[group] > 0 { means[group] = sums[group].map { $0 / Double(sizes[group]) } }
      if !changed { break }
    }
    return (means, groups, points.reduce(0) { $0 + nearest($1, means).distance })
  }

  /// First means far from each other: each next one by chance in proportion to its squared distance.
  private static func seeds(_ points: [[Double]], count: Int, _ random: inout SeededRandom) -> [[Double]] {
    var means = [points[Int(random.unit() * Double(points.count))]]
    var distances = points.map { squaredDistance($0, means[0]) }
    while means.count < count {
      var left = random.unit() * distances.reduce(0, +)
      let chosen = distances.firstIndex { distance in
        left -= distance
        return left <= 0
      }
      let mean = points[chosen ?? points.count - 1]
      means.append(mean)
      for index in points.indices { distances[index] = min(distances[index], squaredDistance(points[index], mean)) }
    }
    return means
  }

  private static func nearest(_ point: [Double], _ means: [[Double]]) -> (group: Int, distance: Double) {
    var best = (group: 0, distance: Double.infinity)
    for (group, mean) in means.enumerated() {
      let distance = squaredDistance(point, mean)
      if distance < best.distance { best = (group, distance) }
    }
    return best
  }

  /// How well points lie in their groups: 1 clearly, 0 between two, below 0 in the wrong one; over a sample of points.
  ///
  /// Source: Rousseeuw, "Silhouettes", 1987.
  public func silhouette(_ points: [[Double]], sample: Int = 1000, seed: UInt64 = 1) -> Double {
    var random = SeededRandom(seed: seed)
    let chosen = points.indices.shuffled(using: &random).prefix(sample)
    var total = 0.0
    for index in chosen {
      var sums = [Double](repeating: 0, count: means.count)
      var sizes = [Double](repeating: 0, count: means.count)
      for other in chosen where other != index {
        sums[groups[other]] += squaredDistance(points[index], points[other]).squareRoot()
        sizes[groups[other]] += 1
      }
      let own = groups[index]
      guard sizes[own] > 0 else { continue }
      let inside = sums[own] / sizes[own]
      let outside = means.indices.filter { $0 != own && sizes[$0] > 0 }.map { sums[$0] / sizes[$0] }.min() ?? inside
      total += (outside - inside) / max(inside, outside, 1e-12)
    }
    return total / Double(max(chosen.count, 1))
  }
}

private func squaredDistance(_ left: [Double], _ right: [Double]) -> Double {
  var sum = 0.0
  for axis in left.indices {
    let difference = left[axis] - right[axis]
    sum += difference * difference
  }
  return sum
}
