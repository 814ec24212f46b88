/// Learns the merges of a byte-level byte-pair encoding.
///
/// After Sennrich, Haddow and Birch 2016; bytes as in GPT-2.
///
/// The most frequent neighbouring pair becomes a token, again and again; of equally frequent ones that with the smaller
/// tokens, so the same texts always give the same merges.
struct BytePairTrainer {
  private struct Pair: Hashable {
    let left: Int32
    let right: Int32
  }

  private struct Word {
    var tokens: [Int32]
    let count: Int
  }

  private var words: [Word]
  private var counts: [Pair: Int] = [:]
  private var places: [Pair: Set<Int32>] = [:]

  /// - Parameter words: what the pre-tokenizer cut, with how often each occurs.
  init(words found: [[UInt8]: Int]) {
    words = found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
      Word(tokens: $0.key.map(Int32.init), count: $0.value)
    }
    for index in words.indices { count(index, 1) }
  }

  /// The pairs to merge, in order; the token of the first is 256, of the next 257.
  mutating func merges(most: Int) -> [(left: Int32, right: Int32)] {
    var merges: [(left: Int32, right: Int32)] = []
    var heap = PairHeap(counts.map { PairHeap.Entry(count: $0.value, left: $0.key.left, right: $0.key.right) })
    while merges.count < most, let entry = heap.popMost() {
      let pair = Pair(left: entry.left, right: entry.right)
      let count = counts[pair] ?? 0
      // An entry whose count has changed since is out of date.
      if count != entry.count { continue }
      if count < 2 { break }
      let token = Int32(256 + merges.count)
      merges.append((pair.left, pair.right))
      var touched: Set<Pair> = []
      for word in (places[pair] ?? []).sorted() { merge(pair, into: token, Int(word), &touched) }
      for pair in touched {
        if let count = counts[pair], count > 0 {
          heap.push(PairHeap.Entry(count: count, left: pair.left, right: pair.right))
        }
      }
    }
    return merges
  }

  private mutating func merge(_ pair: Pair, into token: Int32, _ index: Int, _ touched: inout Set<Pair>) {
    let tokens = words[index].tokens
    for (left, right) in zip(tokens, tokens.dropFirst()) { touched.insert(Pair(left: left, right: right)) }
    count(index, -1)
    var merged: [Int32] = []
    var place = 0
    while place < tokens.count {
      if place + 1 < tokens.count, tokens[place] == pair.left, tokens[place + 1] == pair.right {
        merged.append(token)
        place += 2
      } else {
        merged.append(tokens[place])
        place += 1
      }
    }
    words[index].tokens = merged
    count(index, 1)
    for (left, right) in zip(merged, merged.dropFirst()) { touched.insert(Pair(left: left, right: right)) }
  }

  /// Adds a word's pairs, or takes them away.
  private mutating func count(_ index: Int, _ sign: Int) {
    let word = words[index]
    for (left, right) in zip(word.tokens, word.tokens.dropFirst()) {
      let pair = Pair(left: left, right: right)
      counts[pair, default: 0] += sign * word.count
      if sign > 0 {
        places[pair, default: []].insert(Int32(index))
      } else {
        places[pair]?.remove(Int32(index))
      }
    }
  }
}

/// A binary heap with the most frequent pair on top.
private struct PairHeap {
  struct Entry: Comparable {
    let count: Int
    let left: Int32
    let right: Int32

    static func < (a: Entry, b: Entry) -> Bool { (a.count, b.left, b.right) < (b.count, a.left, a.right) }
  }

  private var entries: [Entry] = []

  init(_ entries: [Entry]) {
    self.entries = entries.sorted(by: >)
  }

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0, entries[(child - 1) / 2] < entries[child] {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popMost() -> Entry? {
    guard let top = entries.first, let last = entries.popLast() else { return nil }
    if entries.isEmpty { return top }
    entries[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child >= entries.count { return top }
      if child + 1 < entries.count, entries[child] < entries[child + 1] { child += 1 }
      if entries[child] <= entries[parent] { return top }
      entries.swapAt(parent, child)
      parent = child
    }
  }
}
