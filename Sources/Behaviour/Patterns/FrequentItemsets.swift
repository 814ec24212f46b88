/// Sets of items that occur together often, and rules between them.
///
/// FP-growth: Han, Pei and Yin, "Mining frequent patterns without candidate generation", 2000. All comparisons are of
/// whole numbers, so that a rule at exactly the asked confidence is found.
public struct FrequentItemsets: Sendable {
  /// A set of items and in how many baskets it occurs.
  public struct Itemset: Sendable, Hashable {
    /// The items, ascending.
    public let items: [Int32]
    /// In how many baskets they occur together.
    public let count: Int
  }

  /// If these items are in a basket, that one often is too.
  public struct Rule: Sendable, Equatable {
    /// The items that are given.
    public let given: [Int32]
    /// The item that follows.
    public let item: Int32
    /// In how many baskets all of them are.
    public let count: Int
    /// The part of the baskets with the given items that hold the other one.
    public let confidence: Double
    /// How many times as often as by chance.
    public let lift: Double
  }

  /// A bound as a fraction, compared exactly.
  public struct Fraction: Sendable {
    let numerator: Int
    let denominator: Int

    /// A fraction such as 1 / 1000.
    public init(_ numerator: Int, of denominator: Int) {
      self.numerator = numerator
      self.denominator = denominator
    }

    func isReached(_ part: Int, of whole: Int) -> Bool { part * denominator >= numerator * whole }
  }

  /// The sets, the most frequent first.
  public let itemsets: [Itemset]
  private let basketCount: Int

  /// Finds all sets in at least this part of the baskets, of at most so many items.
  public init(_ baskets: [[Int32]], support: Fraction, longest: Int = 10) {
    basketCount = baskets.count
    var found: [Itemset] = []
    let transactions = baskets.map { (items: Set($0).sorted(), count: 1) }
    Self.grow(transactions, suffix: [], baskets: baskets.count, support, longest, &found)
    itemsets = found.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.items.lexicographicallyPrecedes($1.items)
    }
  }

  private struct Node {
    let item: Int32
    let parent: Int32
    var count: Int
    /// The next node of the same item.
    let next: Int32
  }

  private static func grow(
    _ transactions: [(items: [Int32], count: Int)], suffix: [Int32], baskets: Int, _ support: Fraction, _ longest: Int,
    _ found: inout [Itemset]
  ) {
    var counts: [Int32: Int] = [:]
    for (items, count) in transactions { for item in items { counts[item, default: 0] += count } }
    let frequent = counts.filter { support.isReached($0.value, of: baskets) && $0.value > 0 }
      .sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    guard !frequent.isEmpty else { return }
    let rank = Dictionary(uniqueKeysWithValues: frequent.enumerated().map { ($1.key, Int32($0)) })
    // The tree of transactions, their items in the order of frequency, as nodes in an array; 0 is the root.
    var nodes = [Node(item: -1, parent: -1, count: 0, next: -1)]
    var heads = [Int32](repeating: -1, count: frequent.count)
    var children: [UInt64: Int32] = [:]
    for (items, count) in transactions {
      var node: Int32 = 0
      for place in items.compactMap({ rank[$0] }).sorted() {
        let key = UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: place))
        if let child = children[key] {
          nodes[Int(child)].count += count
          node = child
        } else {
          let child = Int32(nodes.count)
          nodes.append(Node(item: place, parent: node, count: count, next: heads[Int(place)]))
          heads[Int(place)] = child
          children[key] = child
          node = child
        }
      }
    }
    for place in frequent.indices.reversed() {
      let (item, count) = frequent[place]
      let items = [item] + suffix
      found.append(Itemset(items: items.sorted(), count: count))
      guard items.count < longest, place > 0 else { continue }
      var prefixes: [(items: [Int32], count: Int)] = []
      var node = heads[place]
      while node >= 0 {
        var path: [Int32] = []
        var parent = nodes[Int(node)].parent
        while parent > 0 {
          path.append(frequent[Int(nodes[Int(parent)].item)].key)
          parent = nodes[Int(parent)].parent
        }
        if !path.isEmpty { prefixes.append((path, nodes[Int(node)].count)) }
        node = nodes[Int(node)].next
      }
      grow(prefixes, suffix: items, baskets: baskets, support, longest, &found)
    }
  }

  /// Rules with one item that follows, of at least this confidence, the highest lift first.
  public func rules(confidence: Fraction) -> [Rule] {
    let counts = Dictionary(uniqueKeysWithValues: itemsets.map { ($0.items, $0.count) })
    var rules: [Rule] = []
    for set in itemsets where set.items.count > 1 {
      for item in set.items {
        let given = set.items.filter { $0 != item }
        guard let givenCount = counts[given], let itemCount = counts[[item]],
          confidence.isReached(set.count, of: givenCount)
        else { continue }
        let part = Double(set.count) / Double(givenCount)
        rules.append(
          Rule(
            given: given, item: item, count: set.count, confidence: part,
            lift: part * Double(basketCount) / Double(itemCount)))
      }
    }
    return rules.sorted { left, right in
      if left.lift != right.lift { return left.lift > right.lift }
      if left.count != right.count { return left.count > right.count }
      return left.item != right.item ? left.item < right.item : left.given.lexicographicallyPrecedes(right.given)
    }
  }
}
