/// What two neighbouring symbols become.
struct Merge {
  /// The higher, the earlier it is done.
  var priority: Float
  /// The token of the merged symbol.
  var token: Int32
}

/// A run of bytes that is one token so far; `token` is negative where the vocabulary has none.
struct Symbol {
  var start: Int
  var count: Int
  var token: Int32
  fileprivate var previous = -1
  fileprivate var next = -1

  init(start: Int, count: Int, token: Int32) {
    self.start = start
    self.count = count
    self.token = token
  }
}

/// Joins neighbouring symbols, the best pair first, the leftmost of equals, until no pair can be joined.
///
/// The one loop behind byte-pair encoding and SentencePiece's own.
/// Source: Sennrich, Haddow and Birch 2016, "Neural machine translation of rare words with subword units".
struct PairMerger {
  private struct Pair {
    let priority: Float
    let left: Int
    let right: Int
    let count: Int
    let token: Int32

    func isBefore(_ other: Pair) -> Bool {
      priority != other.priority ? priority > other.priority : left < other.left
    }
  }

  private var heap: [Pair] = []

  /// Merges symbols in place and calls `emit` with what is left, in order.
  ///
  /// - Complexity: O(n log n).
  mutating func merge(
    _ symbols: inout [Symbol], pair: (Symbol, Symbol) -> Merge?, emit: (Symbol) -> Void
  ) {
    guard !symbols.isEmpty else { return }
    heap.removeAll(keepingCapacity: true)
    for index in symbols.indices {
      symbols[index].previous = index - 1
      symbols[index].next = index + 1 < symbols.count ? index + 1 : -1
    }
    for index in 1..<max(1, symbols.count) { consider(symbols, index - 1, index, pair) }
    while let best = pop() {
      let right = symbols[best.right]
      // A pair one of whose sides has been merged since is no pair any more.
      guard symbols[best.left].count > 0, right.count > 0, symbols[best.left].count + right.count == best.count else {
        continue
      }
      symbols[best.left].count = best.count
      symbols[best.left].token = best.token
      symbols[best.left].next = right.next
      symbols[best.right].count = 0
      if right.next >= 0 {
        symbols[right.next].previous = best.left
        consider(symbols, best.left, right.next, pair)
      }
      if symbols[best.left].previous >= 0 { consider(symbols, symbols[best.left].previous, best.left, pair) }
    }
    for symbol in symbols where symbol.count > 0 { emit(symbol) }
  }

  private mutating func consider(
    _ symbols: [Symbol], _ left: Int, _ right: Int, _ pair: (Symbol, Symbol) -> Merge?
  ) {
    guard let merge = pair(symbols[left], symbols[right]) else { return }
    push(
      Pair(
        priority: merge.priority, left: left, right: right, count: symbols[left].count + symbols[right].count,
        token: merge.token))
  }

  private mutating func push(_ pair: Pair) {
    heap.append(pair)
    var child = heap.count - 1
    while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func pop() -> Pair? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var best = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[best]) {
        best = child
      }
      if best == parent { return first }
      heap.swapAt(parent, best)
      parent = best
    }
  }
}
