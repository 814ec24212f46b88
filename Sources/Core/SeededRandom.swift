/// A small generator whose numbers depend on its seed alone: xoshiro256** seeded by SplitMix64.
///
/// Not for secrets. Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// A generator for a seed; any value will do.
  public init(seed: UInt64) {
    var mixer = seed
    func next() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      return mix(mixer)
    }
    state = (next(), next(), next(), next())
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    let result = rotate(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotate(state.3, by: 45)
    return result
  }

  /// A number in 0..<1, uniform over the multiples of 2^-53.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// Seeds made from what a call is about, so that nothing depends on order, threads or batches.
public struct SeedHash: Sendable {
  private var state: UInt64

  /// Starts from the run's seed.
  public init(_ seed: UInt64) { state = mix(seed ^ 0x6265_7370_6F6B_6531) }

  /// Adds a text; its length counts, so that ("ab", "c") and ("a", "bc") differ.
  public mutating func combine(_ text: UnsafeBufferPointer<UInt8>) {
    // FNV-1a over the bytes, then a full mix.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(text.count)
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    combine(hash)
  }

  /// Adds a text.
  public mutating func combine(_ text: String) {
    var text = text
    text.withUTF8 { combine($0) }
  }

  /// Adds a number.
  public mutating func combine(_ number: UInt64) { state = mix(state ^ mix(number &+ 0x9E37_79B9_7F4A_7C15)) }

  /// The seed.
  public var value: UInt64 { state }
}

/// SplitMix64's finaliser.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
private func mix(_ value: UInt64) -> UInt64 {
  var value = value
  value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
  value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
  return value ^ (value >> 31)
}

private func rotate(_ value: UInt64, by bits: UInt64) -> UInt64 { value << bits | value >> (64 - bits) }
