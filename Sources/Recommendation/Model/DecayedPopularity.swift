import Glibc

/// How much each item was taken lately: what is taken loses half its weight in each half-life.
///
/// Events are added in the order of time, and the state at each time can be asked for.
public struct DecayedPopularity: Sendable {
  private let halfLife: Double
  /// Weights relative to `origin`, at which an event weighs 1; later events weigh more instead of earlier ones less.
  private var weights: [Double]
  private var origin: Int64
  private var highest = 0.0

  /// Nothing taken yet; the half-life is in seconds.
  public init(itemCount: Int, halfLifeSeconds: Double) {
    halfLife = max(halfLifeSeconds, 1)
    weights = [Double](repeating: 0, count: itemCount)
    origin = 0
  }

  /// Adds an event, not earlier than those before.
  public mutating func add(_ item: Int32, at time: Int64) {
    if highest == 0 { origin = time }
    var exponent = Double(time - origin) / halfLife
    if exponent > 500 {
      // Long before a double would overflow, the weights are made relative to now.
      let scale = exp2(-exponent)
      for index in weights.indices { weights[index] *= scale }
      highest *= scale
      origin = time
      exponent = 0
    }
    weights[Int(item)] += exp2(exponent)
    highest = max(highest, weights[Int(item)])
  }

  /// The popularity of an item, the most popular one's being 1.
  @inline(__always)
  public subscript(item: Int) -> Float { highest > 0 ? Float(weights[item] / highest) : 0 }

  /// The popularity of all items, the most popular one's being 1.
  public var values: [Float] { weights.indices.map { self[$0] } }

  /// The popularity at the end of all events.
  static func atEnd(of interactions: Interactions, halfLifeSeconds: Double) -> [Float] {
    var popularity = DecayedPopularity(
      itemCount: interactions.itemCount, halfLifeSeconds: halfLifeSeconds)
    for index in interactions.items.indices.sorted(by: {
      interactions.times[$0] < interactions.times[$1]
    }) {
      popularity.add(interactions.items[index], at: interactions.times[index])
    }
    return popularity.values
  }
}
