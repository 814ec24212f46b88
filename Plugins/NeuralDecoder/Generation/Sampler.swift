import CDecoderKernels
import Core
import Glibc

/// Chooses tokens from logits; holds scratch for one thread.
final class Sampler {
  private let kernels: decoder_kernels
  private var tokens: [Int32] = []
  private var scores: [Float] = []
  private let ranking: Ranking

  init(_ kernels: Kernels) {
    self.kernels = kernels.table.pointee
    ranking = Ranking(kernels)
  }

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
      ranking.keep(values, most: most, options)
      return ranking.draw(factor, &random)
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
}
