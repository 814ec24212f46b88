import CDecoderKernels
import Glibc
import Synchronization

/// Memory of keys and values that texts left behind, for the texts to come.
final class KeyValueStore: Sendable {
  private struct Free: @unchecked Sendable {
    // Blocks that nobody else has; hence the unchecked conformance.
    var blocks: [Int: [UnsafeMutablePointer<Float>]] = [:]
    var bytes = 0
  }

  private static let mostBytes = 128 << 20
  private let free = Mutex(Free())

  deinit {
    free.withLock { free in
      for block in free.blocks.values.joined() { Glibc.free(block) }
    }
  }

  /// A block of so many numbers, each of them finite.
  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let found = free.withLock { free in
      let block = free.blocks[count]?.popLast()
      if block != nil { free.bytes -= count * 4 }
      return block.map { UInt(bitPattern: $0) }
    }
    if let block = found.flatMap(UnsafeMutablePointer<Float>.init(bitPattern:)) { return block }
    return zeroed(count * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
  }

  /// Takes a block back.
  func give(_ block: UnsafeMutablePointer<Float>, _ count: Int) {
    let address = UInt(bitPattern: block)
    let isKept = free.withLock { free in
      guard free.bytes + count * 4 <= Self.mostBytes, let block = UnsafeMutablePointer<Float>(bitPattern: address)
      else {
        return false
      }
      free.blocks[count, default: []].append(block)
      free.bytes += count * 4
      return true
    }
    if !isKept { Glibc.free(block) }
  }
}

/// Keys and values of consecutive positions in every layer: what a text's later tokens look back on.
final class KeyValues: @unchecked Sendable {
  // Written by the pass that computes its positions, only read once shared; hence the unchecked conformance.
  /// How many positions there is room for: a multiple of 16.
  let capacity: Int
  private let shape: ModelShape
  private let keys: UnsafeMutablePointer<Float>
  private let values: UnsafeMutablePointer<Float>
  private let store: KeyValueStore

  init(_ shape: ModelShape, capacity wanted: Int, _ store: KeyValueStore) {
    capacity = (max(1, wanted) + 15) / 16 * 16
    self.shape = shape
    self.store = store
    // Lanes of a block of keys that no position has filled yet are computed with, and then left out.
    keys = store.take(shape.layers * shape.keyWidth * capacity)
    values = store.take(shape.layers * shape.keyWidth * capacity)
  }

  deinit {
    store.give(keys, shape.layers * shape.keyWidth * capacity)
    store.give(values, shape.layers * shape.keyWidth * capacity)
  }

  private func offset(_ layer: Int, _ head: Int) -> Int {
    (layer * shape.keyValueHeads + head) * capacity * shape.headSize
  }

  /// Keeps a position's key and value of one head.
  func store(
    _ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>, layer: Int, head: Int, position: Int
  ) {
    let size = shape.headSize
    let block = keys + offset(layer, head) + position / 16 * 16 * size + position % 16
    for index in 0..<size { block[index * 16] = key[index] }
    (values + offset(layer, head) + position * size).update(from: value, count: size)
  }

  /// The first `count` positions of one head, as the kernels read them.
  func segment(layer: Int, head: Int, count: Int) -> decoder_segment {
    let offset = offset(layer, head)
    return decoder_segment(keys: keys + offset, values: values + offset, count: count)
  }
}

/// The text before a token: segments that may be shared with other texts, then one of its own.
struct Past {
  /// Shared segments and how many positions of each count.
  private(set) var shared: [(segment: KeyValues, count: Int)] = []
  /// Where the next positions go.
  let own: KeyValues
  /// How many positions of `own` are filled.
  var ownCount = 0
  /// How many positions the shared segments have.
  let sharedCount: Int

  init(shared: [(segment: KeyValues, count: Int)] = [], own: KeyValues) {
    self.shared = shared.filter { $0.count > 0 }
    self.own = own
    sharedCount = shared.reduce(0) { $0 + $1.count }
  }

  /// How many positions there are.
  var count: Int { sharedCount + ownCount }
}
