import CDecoderKernels
import Core
import Glibc

/// The most probable of many tokens, without sorting all of them; for one thread.
///
/// Tokens lie in bins by how far their logits are below the largest. Only a bin that is cut through or drawn from is
/// sorted.
final class Ranking {
  // 64 bins a logit; the last holds all that lies deeper.
  private static let lastBin = 2047
  private static let binsPerLogit: Float = 64

  private let kernels: decoder_kernels
  private var bins = Buffer<UInt16>(0)
  private var places = Buffer<Int32>(0)
  private var logits = Buffer<Float>(0)
  /// Where each bin ends in `places` and `logits`.
  private var ends: [Int] = []
  private var most: Float = 0
  private var keys: [UInt64] = []
  /// How many are left.
  private var count = 0

  init(_ kernels: Kernels) { self.kernels = kernels.table.pointee }

  /// The places of those that are left: the better bins first, in no order inside of them.
  var kept: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: places.start, count: count) }

  /// Keeps what top-k, then top-p, then min-p leave of logits, of which `most` is the largest: at least that one.
  func keep(_ all: UnsafeMutableBufferPointer<Float>, most: Float, _ options: SamplingOptions) {
    self.most = most
    let floor = options.minP > 0 ? most + Float(log(options.minP)) : -.infinity
    let isCut = options.topK > 0
    let total = options.topP < 1 && !isCut ? kernels.sum_exp(all.baseAddress, all.count, most, 1) : 0
    putInBins(all)
    gather(all, upTo: lastNeeded(options, floor, options.topP * total))
    if isCut { cut(options.topK) }
    if options.topP < 1 { cut(reaching: options.topP * (isCut ? weight(0..<count, 1) : total)) }
    if options.minP > 0 { cut(below: floor) }
  }

  /// Draws one of those that are left by its logit times `factor`.
  func draw(_ factor: Float, _ random: inout SeededRandom) -> Int {
    var rest = random.unit() * weight(0..<count, factor)
    for bin in ends.indices {
      let range = range(bin)
      let part = weight(range, factor)
      if rest >= part {
        rest -= part
        continue
      }
      sort(range)
      for index in range {
        rest -= exp(Double((logits.start[index] - most) * factor))
        if rest < 0 { return Int(places.start[index]) }
      }
    }
    return count > 0 ? Int(places.start[count - 1]) : 0
  }

  // MARK: Bins

  private func putInBins(_ all: UnsafeMutableBufferPointer<Float>) {
    if bins.count < all.count {
      (bins, places, logits) = (Buffer(all.count), Buffer(all.count), Buffer(all.count))
    }
    let bins = bins.start
    for (place, logit) in all.enumerated() { bins[place] = Self.bin(most - logit) }
    ends = [Int](repeating: 0, count: Self.lastBin + 1)
    ends.withUnsafeMutableBufferPointer { ends in
      for place in all.indices { ends[Int(bins[place])] += 1 }
    }
  }

  /// The bin of a logit so far below the largest, the last for what is no number.
  private static func bin(_ depth: Float) -> UInt16 {
    let bin = max(0, min(Float(lastBin), depth * binsPerLogit))
    // Added to 2 to the power of 23, a small number stands in the lowest bits, rounded.
    return UInt16(truncatingIfNeeded: (bin + 8_388_608).bitPattern)
  }

  /// The last bin with something that may be left.
  private func lastNeeded(_ options: SamplingOptions, _ floor: Float, _ wanted: Double) -> Int {
    let last = options.topK == 0 ? Int(Self.bin(most - floor)) : Self.lastBin
    var (seen, least) = (0, 0.0)
    for bin in 0..<last {
      seen += ends[bin]
      if options.topK > 0 {
        if seen >= options.topK { return bin }
      } else if options.topP < 1 {
        // Each weighs at least as much as one at the next bin.
        least += Double(ends[bin]) * exp(Double(-Float(bin + 1) / Self.binsPerLogit))
        if least >= wanted { return bin }
      }
    }
    return last
  }

  private func gather(_ all: UnsafeMutableBufferPointer<Float>, upTo last: Int) {
    let (bins, places, logits) = (bins.start, places.start, logits.start)
    ends.removeLast(Self.lastBin - last)
    count = 0
    for bin in ends.indices {
      let size = ends[bin]
      ends[bin] = count
      count += size
    }
    // Each end begins where its bin does and moves on.
    ends.withUnsafeMutableBufferPointer { ends in
      for place in all.indices where bins[place] <= last {
        let to = ends[Int(bins[place])]
        ends[Int(bins[place])] = to + 1
        places[to] = Int32(truncatingIfNeeded: place)
        logits[to] = all[place]
      }
    }
  }

  /// What is left of a bin.
  private func range(_ bin: Int) -> Range<Int> {
    let start = bin > 0 ? min(ends[bin - 1], count) : 0
    return start..<min(ends[bin], count)
  }

  private func weight(_ range: Range<Int>, _ factor: Float) -> Double {
    kernels.sum_exp(logits.start + range.lowerBound, range.count, most, factor)
  }

  /// Sorts a part of a bin, the largest logit first, equal ones by their places.
  private func sort(_ range: Range<Int>) {
    guard range.count > 1 else { return }
    keys.removeAll(keepingCapacity: true)
    for index in range {
      // One number holds logit and place. Adding 0 makes the two zeros one.
      let bits = (logits.start[index] + 0).bitPattern
      let ascending = bits >> 31 == 0 ? bits | 1 << 31 : ~bits
      keys.append(UInt64(~ascending) << 32 | UInt64(places.start[index]))
    }
    keys.sort()
    for (index, key) in zip(range, keys) {
      let bits = ~UInt32(truncatingIfNeeded: key >> 32)
      logits.start[index] = Float(bitPattern: bits >> 31 == 1 ? bits & ~(1 << 31) : ~bits)
      places.start[index] = Int32(truncatingIfNeeded: key)
    }
  }

  // MARK: Cuts

  /// Leaves so many.
  private func cut(_ most: Int) {
    guard most < count else { return }
    if let bin = ends.indices.first(where: { ends[$0] > most }) { sort(range(bin)) }
    count = max(1, most)
  }

  /// Leaves as few as weigh that much together.
  private func cut(reaching wanted: Double) {
    var sum = 0.0
    for bin in ends.indices {
      let range = range(bin)
      let part = weight(range, 1)
      if sum + part < wanted {
        sum += part
        continue
      }
      sort(range)
      for index in range {
        sum += exp(Double(logits.start[index] - most))
        if sum >= wanted { return cut(index + 1) }
      }
    }
  }

  /// Leaves none that is less than `floor`.
  private func cut(below floor: Float) {
    let bin = Int(Self.bin(most - floor))
    guard bin < ends.count else { return }
    let range = range(bin)
    sort(range)
    cut(range.first { logits.start[$0] < floor } ?? range.upperBound)
  }
}
