import Core

/// What to train.
public struct TrainingOptions: Sendable {
  /// The longest n-gram, in words.
  public var order: Int
  /// For each order from 1 on: n-grams seen at most so often are left out; the last number holds for all higher orders.
  public var prune: [Int] = [0]
  /// The only words to keep, so that every n-gram with another word is left out; nil keeps all.
  public var limitedVocabulary: Set<String>?
  /// Whether unigrams are interpolated with the uniform distribution; if not, `<unk>` gets the whole share.
  public var interpolatesUnigrams = true
  /// The discounts of an order whose counts of counts give none.
  public var fallbackDiscounts: Discounts = .init(0.5, 1, 1.5)

  /// How many threads may be used; the model is the same whatever their number.
  public var threads = 1
  /// How many bytes sorting may use before it goes on in a file; nil for as many as it takes.
  public var sortingMemory: Int?
  /// Where that file lies while it is needed.
  public var temporaryFolder = "/tmp"

  /// The options for an order; nothing is pruned.
  public init(order: Int) { self.order = order }

  /// The orders that a model may have.
  public static let orders = 1...6

  func validate() throws {
    guard Self.orders.contains(order) else {
      throw Diagnostic(
        "invalid order", "order must be in \(Self.orders.lowerBound)...\(Self.orders.upperBound), got \(order)")
    }
    guard let first = prune.first, first == 0, zip(prune, prune.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw Diagnostic(
        "invalid pruning", "thresholds must start with 0 and never fall, got \(prune)",
        help: "give one number an order, such as 0 0 1")
    }
    guard prune.count <= order else {
      throw Diagnostic("invalid pruning", "there are \(prune.count) thresholds for order \(order)")
    }
    for discount in fallbackDiscounts.values.enumerated()
    where discount.element < 0 || discount.element > Float(discount.offset + 1) {
      throw Diagnostic(
        "invalid discount",
        "fallback discount \(discount.offset + 1) must be in 0...\(discount.offset + 1), got \(discount.element)")
    }
  }

  func threshold(order: Int) -> UInt64 { UInt64(prune[min(order, prune.count) - 1]) }
}
