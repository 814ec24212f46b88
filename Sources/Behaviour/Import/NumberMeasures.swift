import Glibc

/// The number in the middle, or the mean of the two there; nil of none.
func median(_ numbers: [Double]) -> Double? {
  let sorted = numbers.sorted()
  guard let upper = sorted.dropFirst(sorted.count / 2).first else { return nil }
  return sorted.count % 2 == 1 ? upper : (sorted[sorted.count / 2 - 1] + upper) / 2
}

/// How often positive numbers of each size occurred: buckets of a sixteenth of an octave.
struct SizeHistogram: Equatable {
  // A bucket is the exponent and the first four bits of the mantissa of a number.
  private var counts: [UInt16: UInt32] = [:]
  private(set) var total = 0

  mutating func add(_ number: Double) {
    guard number > 0, number.isFinite else { return }
    counts[UInt16(number.bitPattern >> 48), default: 0] += 1
    total += 1
  }

  /// The number above which an outlier lies: so many interquartile ranges beyond the third quartile of the logarithms.
  ///
  /// Nothing is outlying among fewer than a thousand numbers. Source: Tukey's fences, 1977.
  func fence(_ ranges: Double) -> Double {
    guard total >= 1000 else { return .infinity }
    let sorted = counts.sorted { $0.key < $1.key }
    func logarithm(at part: Double) -> Double {
      var left = Int(part * Double(total))
      for (bucket, count) in sorted {
        left -= Int(count)
        if left < 0 { return log(Double(bitPattern: UInt64(bucket) << 48)) }
      }
      return 0
    }
    let (first, third) = (logarithm(at: 0.25), logarithm(at: 0.75))
    // Where most numbers are the same, a factor of two is the least range.
    return exp(third + ranges * max(third - first, 0.7))
  }

  /// Bucket and count by turns, for keeping.
  var words: [UInt32] { counts.sorted { $0.key < $1.key }.flatMap { [UInt32($0.key), $0.value] } }

  init() {}

  init(words: some Sequence<UInt32>) {
    var bucket: UInt32?
    for word in words {
      if let key = bucket {
        counts[UInt16(truncatingIfNeeded: key)] = word
        total += Int(word)
        bucket = nil
      } else {
        bucket = word
      }
    }
  }
}

/// What is known of the numbers of a file so far, kept with each batch so that a later run goes on alike.
struct NumberMeasures: Equatable {
  var quantities = SizeHistogram()
  var prices = SizeHistogram()

  var bytes: [UInt8] {
    let (quantities, prices) = (quantities.words, prices.words)
    return ([UInt32(quantities.count)] + quantities + prices).flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
    }
  }

  init() {}

  init(bytes: [UInt8]) {
    let words = stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { start in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << ($1 * 8) }
    }
    guard let count = words.first, Int(count) < words.count else { return }
    quantities = SizeHistogram(words: words.dropFirst().prefix(Int(count)))
    prices = SizeHistogram(words: words.dropFirst(Int(count) + 1))
  }
}
