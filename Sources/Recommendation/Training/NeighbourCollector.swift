/// Sums weights over items and keeps the strongest for each.
struct NeighbourCollector {
  private(set) var rows = SparseRows(starts: [0], columns: [], weights: [])
  private let limit: Int
  // Invariant: 0 for every item outside `touched`.
  private var sums: [Float]
  private var touched: [Int32] = []
  private var scored: [(score: Float, item: Int32)] = []

  init(itemCount: Int, limit: Int) {
    self.limit = limit
    sums = [Float](repeating: 0, count: itemCount)
    rows.starts.reserveCapacity(itemCount + 1)
  }

  /// Lets `body` add to sums; it notes each item that it touches first.
  @inline(__always)
  mutating func accumulate(_ body: (UnsafeMutableBufferPointer<Float>, inout [Int32]) -> Void) {
    touched.removeAll(keepingCapacity: true)
    sums.withUnsafeMutableBufferPointer { body($0, &touched) }
  }

  /// Keeps the strongest of what was added, the item itself left out, and begins anew.
  @inline(__always)
  mutating func finish(_ item: Int, score: (Int, Float) -> Float) {
    scored.removeAll(keepingCapacity: true)
    for other in touched {
      let sum = sums[Int(other)]
      sums[Int(other)] = 0
      if Int(other) != item { scored.append((score(Int(other), sum), other)) }
    }
    keepStrongest(&scored, limit)
    // By item, so that the file and sums do not depend on how the strongest were found.
    scored.sort { $0.item < $1.item }
    for (score, other) in scored {
      rows.columns.append(other)
      rows.weights.append(score)
    }
    rows.starts.append(Int32(rows.columns.count))
  }
}

/// Cuts a list down to its strongest entries, in no order; of equally strong ones those of lower number.
///
/// - Complexity: O(entries) on average (quickselect; Hoare, "Algorithm 65: find", 1961). Of few among many, a heap of them
///   takes each other entry with one comparison as a rule.
func keepStrongest(_ entries: inout [(score: Float, item: Int32)], _ limit: Int) {
  guard entries.count > limit else { return }
  guard limit > 0 else { return entries.removeAll(keepingCapacity: true) }
  entries.withUnsafeMutableBufferPointer { entries in
    if limit * 16 < entries.count { return heapStrongest(entries, limit) }
    var low = 0
    var high = entries.count - 1
    while low < high {
      // The median of three keeps sorted lists from being the worst case.
      let middle = (low + high) / 2
      if precedes(entries[middle], entries[low]) { entries.swapAt(middle, low) }
      if precedes(entries[high], entries[low]) { entries.swapAt(high, low) }
      if precedes(entries[high], entries[middle]) { entries.swapAt(high, middle) }
      let pivot = entries[middle]
      var left = low
      var right = high
      while left <= right {
        while precedes(entries[left], pivot) { left += 1 }
        while precedes(pivot, entries[right]) { right -= 1 }
        if left <= right {
          entries.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if limit - 1 <= right {
        high = right
      } else if limit - 1 >= left {
        low = left
      } else {
        break
      }
    }
  }
  entries.removeLast(entries.count - limit)
}

/// Cuts a list down to its strongest entries, the strongest first.
func sortStrongest(_ entries: inout [(score: Float, item: Int32)], _ limit: Int) {
  keepStrongest(&entries, limit)
  entries.sort { precedes($0, $1) }
}

@inline(__always)
private func precedes(_ left: (score: Float, item: Int32), _ right: (score: Float, item: Int32)) -> Bool {
  left.score != right.score ? left.score > right.score : left.item < right.item
}

/// Brings the strongest entries to the front, in no order: a heap whose root is the weakest of them.
private func heapStrongest(_ entries: UnsafeMutableBufferPointer<(score: Float, item: Int32)>, _ limit: Int) {
  func sink(_ start: Int) {
    let entry = entries[start]
    var place = start
    while case var child = 2 * place + 1, child < limit {
      if child + 1 < limit, precedes(entries[child], entries[child + 1]) { child += 1 }
      guard precedes(entry, entries[child]) else { break }
      entries[place] = entries[child]
      place = child
    }
    entries[place] = entry
  }
  for place in (0..<limit / 2).reversed() { sink(place) }
  for index in limit..<entries.count where precedes(entries[index], entries[0]) {
    entries.swapAt(0, index)
    sink(0)
  }
}
