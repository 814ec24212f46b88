/// What modified Kneser-Ney takes from counts of one, of two, and of three and more.
///
/// Source: Chen and Goodman, "An empirical study of smoothing techniques for language modeling", 1999, eq. 26.
public struct Discounts: Sendable, Equatable {
  /// The discounts for counts 1, 2, 3 and more.
  public let values: [Float]

  /// Given discounts.
  public init(_ one: Float, _ two: Float, _ more: Float) { values = [one, two, more] }

  /// The discounts that follow from how many n-grams have a count of 1, 2, 3 and 4; nil where these give none.
  public init?(countsOfCounts counts: [Int]) {
    guard counts[0] > 0, counts[1] > 0, counts[2] > 0 else { return nil }
    let y = Float(counts[0]) / Float(counts[0] + 2 * counts[1])
    var values: [Float] = []
    for count in 1...3 {
      let falling = Float(count + 1) * y * Float(counts[count]) / Float(counts[count - 1])
      let discount = Float(count) - falling
      guard discount >= 0, discount <= Float(count) else { return nil }
      values.append(discount)
    }
    self.values = values
  }
}

/// What training found at one order.
public struct OrderStatistics: Sendable {
  /// How many different n-grams the text has; at order 1 with the three special words.
  public var types = 0
  /// How many of them the model holds.
  public var kept = 0
  /// The discounts in use.
  public var discounts = Discounts(0, 0, 0)
  /// Whether these are the fallback discounts.
  public var usesFallback = false
}
