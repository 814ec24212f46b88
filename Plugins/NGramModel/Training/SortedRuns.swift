import Core
import Glibc

/// Keys in ascending order, as one run or as several that are merged while they are read.
///
/// Each thread sorts a run at a time. Where all keys at once, with the room that sorting takes, would need more memory than
/// there may be, the runs are kept in a file without a name, which the system removes with the last of its mappings.
struct SortedRuns<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable> {
  /// A run's keys.
  ///
  /// Invariant: `base` points at `count` keys for as long as the owner lives.
  private struct Run {
    let base: UnsafePointer<Key>
    let count: Int
    let owner: AnyObject
  }

  private let runs: [Run]

  /// Sorts keys by their lowest `bits` bits; `keys` makes those of a range of the `count` places, on any thread.
  ///
  /// - Throws: `Diagnostic` where a run cannot be written.
  init(places count: Int, bits: Int, _ options: TrainingOptions, keys: (Range<Int>) -> Buffer<Key>) throws {
    let threads = max(1, min(options.threads, count / Self.smallestRun))
    let whole = max(1, (count + threads - 1) / threads)
    // Sorting takes a second copy of a run.
    let most = options.sortingMemory.map { max(Self.smallestRun, $0 / (2 * MemoryLayout<Key>.size * threads)) }
    let length = min(whole, most ?? whole)
    let ranges = stride(from: 0, to: count, by: length).map { $0..<min(count, $0 + length) }
    guard ranges.count > threads else {
      runs = Self.sorted(ranges[...], bits, keys)
      return
    }
    let file = try RunFile(folder: options.temporaryFolder)
    var sizes: [Int] = []
    for first in stride(from: 0, to: ranges.count, by: threads) {
      for run in Self.sorted(ranges[first..<min(ranges.count, first + threads)], bits, keys) {
        try file.append(UnsafeRawBufferPointer(start: run.base, count: run.count * MemoryLayout<Key>.stride))
        sizes.append(run.count)
      }
    }
    let mapped = try file.mapped()
    var next = mapped.bytes.assumingMemoryBound(to: Key.self)
    runs = sizes.map { size in
      defer { next += size }
      return Run(base: next, count: size, owner: mapped)
    }
  }

  /// Smaller runs are not worth a thread, nor a place among those that are merged.
  private static var smallestRun: Int { 256 }

  /// Makes and sorts some of the runs, all at once.
  private static func sorted(_ ranges: ArraySlice<Range<Int>>, _ bits: Int, _ keys: (Range<Int>) -> Buffer<Key>)
    -> [Run]
  {
    let ranges = Array(ranges)
    return withUnsafeTemporaryAllocation(of: Optional<Buffer<Key>>.self, capacity: ranges.count) { sorted in
      sorted.initialize(repeating: nil)
      defer { sorted.deinitialize() }
      let place = sorted
      inParallel(each: ranges.count) { number in
        let unsorted = keys(ranges[number])
        place[number] = radixSort(unsorted, scratch: Buffer(uninitialized: unsorted.count), bits: bits)
      }
      return sorted.compactMap { $0 }.map { Run(base: UnsafePointer($0.base), count: $0.count, owner: $0) }
    }
  }

  /// Calls with each different key and how often it occurs, in ascending order.
  @inline(__always)
  func forEach(_ body: (_ key: Key, _ count: Int) -> Void) {
    withExtendedLifetime(self) {
      if runs.count == 1 { forEachOfOne(runs[0], body) } else { forEachOfMany(body) }
    }
  }

  @inline(__always)
  private func forEachOfOne(_ run: Run, _ body: (Key, Int) -> Void) {
    let keys = run.base
    var start = 0
    while start < run.count {
      let key = keys[start]
      var end = start &+ 1
      while end < run.count, keys[end] == key { end &+= 1 }
      body(key, end &- start)
      start = end
    }
  }

  /// Merges by a heap of the runs' next keys.
  @inline(__always)
  private func forEachOfMany(_ body: (Key, Int) -> Void) {
    let filled = runs.filter { $0.count > 0 }
    let places = Buffer<UnsafePointer<Key>>(filled.map(\.base))
    let ends = filled.map { $0.base + $0.count }
    var size = filled.count
    let heads = Buffer<Key>(uninitialized: size)
    let owners = Buffer<Int>(uninitialized: size)
    for (slot, run) in filled.indices.sorted(by: { filled[$0].base[0] < filled[$1].base[0] }).enumerated() {
      heads.base[slot] = filled[run].base[0]
      owners.base[slot] = run
    }
    func sink() {
      var slot = 0
      let (head, owner) = (heads.base[0], owners.base[0])
      while true {
        var child = 2 * slot + 1
        guard child < size else { break }
        if child + 1 < size, heads.base[child + 1] < heads.base[child] { child += 1 }
        guard heads.base[child] < head else { break }
        heads.base[slot] = heads.base[child]
        owners.base[slot] = owners.base[child]
        slot = child
      }
      heads.base[slot] = head
      owners.base[slot] = owner
    }
    while size > 0 {
      let key = heads.base[0]
      var occurrences = 0
      while size > 0, heads.base[0] == key {
        let run = owners.base[0]
        let end = ends[run]
        var place = places.base[run]
        repeat {
          place += 1
          occurrences &+= 1
        } while place < end && place[0] == key
        places.base[run] = place
        if place < end {
          heads.base[0] = place[0]
        } else {
          size -= 1
          heads.base[0] = heads.base[size]
          owners.base[0] = owners.base[size]
        }
        sink()
      }
      body(key, occurrences)
    }
  }
}
