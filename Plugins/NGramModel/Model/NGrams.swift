/// The n-grams of a back-off model with their probabilities: what training makes and an ARPA file holds.
///
/// Immutable once made, but for the reader and the estimator that fill it.
public final class NGrams {
  /// The n-grams of one order; at order 1 an n-gram's index is its word.
  struct Level {
    var first: Buffer<UInt32>
    var last: Buffer<UInt32>
    /// The n-gram without its first word, at the order below.
    var suffix: Buffer<UInt32>
    /// The n-gram without its last word, at the order below.
    var context: Buffer<UInt32>
    /// Base 10, as in ARPA.
    var logProbability: Buffer<Float>
    /// Base 10; empty at the highest order.
    var logBackoff: Buffer<Float>

    var size: Int { first.count }
  }

  /// The words.
  public let vocabulary: Vocabulary
  let levels: [Level]

  init(vocabulary: Vocabulary, levels: [Level]) {
    self.vocabulary = vocabulary
    self.levels = levels
  }

  /// The longest n-gram, in words.
  public var order: Int { levels.count }
  /// How many n-grams there are of each order, from 1 on.
  public var counts: [Int] { levels.map(\.size) }

  /// What stands for the logarithm of 0.
  static let logZero: Float = -99

  /// The words of an n-gram, first to last.
  func words(order: Int, index: Int) -> [UInt32] {
    var words: [UInt32] = []
    var index = index
    for level in levels[..<order].reversed() {
      words.append(level.first.base[index])
      index = Int(level.suffix.base[index])
    }
    return words
  }
}

extension NGrams {
  /// What a model holds of one n-gram; logarithms to base 10.
  public struct Entry: Sendable, Hashable {
    /// The logarithm of the last word's probability after the others.
    public var logProbability: Float
    /// The logarithm of the back-off; 0 at the highest order.
    public var logBackoff: Float
  }

  /// The n-grams of an order by their words, which blanks separate.
  public func entries(order: Int) -> [String: Entry] {
    let level = levels[order - 1]
    var entries: [String: Entry] = [:]
    for item in 0..<level.size {
      let words = words(order: order, index: item).map { vocabulary.text($0) }.joined(separator: " ")
      entries[words] = Entry(
        logProbability: level.logProbability.base[item],
        logBackoff: order < self.order ? level.logBackoff.base[item] : 0)
    }
    return entries
  }
}
