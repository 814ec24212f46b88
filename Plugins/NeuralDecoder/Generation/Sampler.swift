import CDecoderKernels
import Core
import Glibc

/// Chooses tokens from logits; holds scratch for one thread.
final class Sampler {
  private let kernels: decoder_kernels
  private var tokens: [Int32] = []
  private var scores: [Float] = []
  /// The places that `truncate` left, the most probable first.
  private(set) var kept: [Int] = []
  private var weights: [Double] = []
  private var keys: [UInt64] = []
  private var other: [UInt64] = []

  init(_ kernels: Kernels) { self.kernels = kernels.table.pointee }

  /// Chooses the next token.
  ///
  /// - Parameters:
  ///   - logits: one for each token; penalties are written into it. Those outside `mask` may hold anything.
  ///   - mask: the tokens that may be chosen, or nil for all.
  ///   - recent: the text so far, for the penalties.
  /// - Returns: the token and the natural log of its probability before penalties and temperature, among those allowed.
  func choose(
    _ logits: UnsafeMutableBufferPointer<Float>, _ mask: TokenMask?, recent: ArraySlice<Int32>,
    _ options: SamplingOptions, _ random: inout SeededRandom
  ) -> (token: Int32, logProbability: Double) {
    guard var start = logits.baseAddress else { return (0, 0) }
    var count = logits.count
    if let mask {
      // The allowed tokens alone, side by side.
      tokens = mask.tokens
      scores.removeAll(keepingCapacity: true)
      for token in tokens { scores.append(logits[Int(token)]) }
      count = tokens.count
    }
    return scores.withUnsafeMutableBufferPointer { packed in
      if mask != nil, let base = packed.baseAddress { start = base }
      let values = UnsafeMutableBufferPointer(start: start, count: count)
      let norm = normaliser(values)
      var changed: [(place: Int, logit: Float)] = []
      adjust(values, mask, recent, options) { changed.append(($0, values[$0])) }
      let place = options.temperature <= 0 ? kernels.largest(start, count) : draw(values, options, &random)
      // Others may read the same logits.
      for (place, logit) in changed { values[place] = logit }
      return (mask == nil ? Int32(place) : tokens[place], Double(values[place]) - norm)
    }
  }

  /// The log of the sum of all exponentials.
  func normaliser(_ values: UnsafeMutableBufferPointer<Float>) -> Double {
    guard let start = values.baseAddress, !values.isEmpty else { return 0 }
    let most = values[kernels.largest(start, values.count)]
    return Double(most) + log(kernels.sum_exp(start, values.count, most, 1))
  }

  /// Penalties and bias; `before` is told each place that is about to change, once.
  private func adjust(
    _ values: UnsafeMutableBufferPointer<Float>, _ mask: TokenMask?, _ recent: ArraySlice<Int32>,
    _ options: SamplingOptions,
    before: (Int) -> Void
  ) {
    guard options.hasPenalties || !options.bias.isEmpty else { return }
    var counts: [Int32: Int] = [:]
    if options.hasPenalties {
      for token in recent.suffix(options.penaltyWindow) { counts[token, default: 0] += 1 }
    }
    for token in Set(counts.keys).union(options.bias.keys) {
      guard let place = mask.map({ $0.place(of: token) }) ?? Int(token), values.indices.contains(place) else {
        continue
      }
      before(place)
      if let times = counts[token] {
        let factor = Float(options.repetitionPenalty)
        values[place] = values[place] > 0 ? values[place] / factor : values[place] * factor
        values[place] -= Float(options.presencePenalty) + Float(options.frequencyPenalty) * Float(times)
      }
      values[place] += options.bias[token] ?? 0
    }
  }

  private func draw(
    _ values: UnsafeMutableBufferPointer<Float>, _ options: SamplingOptions, _ random: inout SeededRandom
  ) -> Int {
    guard let start = values.baseAddress else { return 0 }
    let most = values[kernels.largest(start, values.count)]
    let factor = Float(1 / options.temperature)
    if options.truncates {
      truncate(values, most, options)
      weights.removeAll(keepingCapacity: true)
      var sum = 0.0
      for place in kept {
        let weight = exp(Double((values[place] - most) * factor))
        weights.append(weight)
        sum += weight
      }
      var rest = random.unit() * sum
      for (place, weight) in zip(kept, weights) {
        rest -= weight
        if rest < 0 { return place }
      }
      return kept.last ?? 0
    }
    // Parts of 4,096 are skipped whole; only the one that is hit is walked through.
    var rest = random.unit() * kernels.sum_exp(start, values.count, most, factor)
    var first = 0
    while first < values.count {
      let count = min(4096, values.count - first)
      let part = kernels.sum_exp(start + first, count, most, factor)
      if rest < part || first + count == values.count {
        for place in first..<first + count {
          rest -= exp(Double((values[place] - most) * factor))
          if rest < 0 { return place }
        }
      }
      rest -= part
      first += count
    }
    return kernels.largest(start, values.count)
  }

  /// Puts the places that top-k, top-p and min-p leave into `kept`.
  func truncate(
    _ values: UnsafeMutableBufferPointer<Float>, _ most: Float, _ options: SamplingOptions
  ) {
    let floor = options.minP > 0 ? Float(log(options.minP)) : -.infinity
    let total = options.topP < 1 && options.topK == 0 ? kernels.sum_exp(values.baseAddress, values.count, most, 1) : 0
    kept.removeAll(keepingCapacity: true)
    var (sum, summed) = (0.0, 0)
    var above = Float.infinity
    // Few tokens matter: look no further down than is needed.
    var depth: Float = 1
    while true {
      let least = most + max(-depth, floor)
      appendPlaces(values, from: least, below: above)
      (above, depth) = (least, depth * 2)
      let isAll = least <= most + floor || depth > 1e6 || kept.count == values.count
      if options.topK > 0 {
        if kept.count < options.topK, !isAll { continue }
        kept.removeLast(max(0, kept.count - options.topK))
      }
      guard options.topP < 1 else {
        if isAll || options.topK > 0 { return }
        continue
      }
      func weight(_ place: Int) -> Double { exp(Double(values[place] - most)) }
      let wanted = options.topP * (options.topK > 0 ? kept.reduce(0) { $0 + weight($1) } : total)
      while summed < kept.count, sum < wanted {
        sum += weight(kept[summed])
        summed += 1
      }
      if sum >= wanted || isAll { return kept.removeLast(max(0, kept.count - max(1, summed))) }
    }
  }

  /// Adds the places of values in a range to `kept`, the largest first, equal ones as they stand.
  private func appendPlaces(_ values: UnsafeMutableBufferPointer<Float>, from least: Float, below above: Float) {
    // One number holds value and place, so that they are sorted as numbers.
    keys.removeAll(keepingCapacity: true)
    for place in values.indices where values[place] >= least && values[place] < above {
      // Adding 0 makes the two zeros one.
      let bits = (values[place] + 0).bitPattern
      let ascending = bits >> 31 == 0 ? bits | 1 << 31 : ~bits
      keys.append(UInt64(~ascending) << 32 | UInt64(place))
    }
    if keys.count < 2048 { keys.sort() } else { sortKeys() }
    for key in keys { kept.append(Int(key & 0xFFFF_FFFF)) }
  }

  /// Sorts many numbers by their upper halves, of which equal ones stand in order already: by digits of 11 bits, the last first.
  ///
  /// Source: Knuth 1998, "The Art of Computer Programming", volume 3, section 5.2.5.
  private func sortKeys() {
    other.removeAll(keepingCapacity: true)
    other.append(contentsOf: keys)
    for shift in [32, 43, 54] as [UInt64] {
      var starts = [Int](repeating: 0, count: 2049)
      for key in keys { starts[Int(key >> shift & 2047) + 1] += 1 }
      for digit in 1...2048 { starts[digit] += starts[digit - 1] }
      for key in keys {
        let digit = Int(key >> shift & 2047)
        other[starts[digit]] = key
        starts[digit] += 1
      }
      swap(&keys, &other)
    }
  }
}
