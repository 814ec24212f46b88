/// The SHA-256 digest of bytes (FIPS 180-4), so that a test host's resources carry one without a dependency.
func sha256(_ message: [UInt8]) -> [UInt8] {
  var state = roots(ofFirstPrimes: 8, cube: false)
  let constants = roots(ofFirstPrimes: 64, cube: true)
  var padded = message + [0x80]
  padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
  padded += (0..<8).map { UInt8(truncatingIfNeeded: UInt64(message.count) * 8 >> (56 - 8 * UInt64($0))) }
  var schedule = [UInt32](repeating: 0, count: 64)
  for block in stride(from: 0, to: padded.count, by: 64) {
    for index in 0..<16 {
      schedule[index] = (0..<4).reduce(0) { $0 << 8 | UInt32(padded[block + index * 4 + $1]) }
    }
    for index in 16..<64 {
      let early = schedule[index - 15]
      let late = schedule[index - 2]
      schedule[index] =
        schedule[index - 16] &+ (rotate(early, 7) ^ rotate(early, 18) ^ early >> 3)
        &+ schedule[index - 7] &+ (rotate(late, 17) ^ rotate(late, 19) ^ late >> 10)
    }
    var work = state
    for index in 0..<64 {
      let choice = work[4] & work[5] ^ ~work[4] & work[6]
      let majority = work[0] & work[1] ^ work[0] & work[2] ^ work[1] & work[2]
      let sum1 = rotate(work[4], 6) ^ rotate(work[4], 11) ^ rotate(work[4], 25)
      let sum0 = rotate(work[0], 2) ^ rotate(work[0], 13) ^ rotate(work[0], 22)
      let first = work[7] &+ sum1 &+ choice &+ constants[index] &+ schedule[index]
      work = [first &+ sum0 &+ majority] + work[0..<7]
      work[4] = work[4] &+ first
    }
    for index in 0..<8 { state[index] = state[index] &+ work[index] }
  }
  return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32($0))) } }
}

private func rotate(_ word: UInt32, _ places: UInt32) -> UInt32 { word >> places | word << (32 - places) }

/// The first 32 bits of the fractions of the square or cube roots of the first primes, as the standard defines its
/// constants.
private func roots(ofFirstPrimes count: Int, cube: Bool) -> [UInt32] {
  var primes: [UInt64] = []
  var candidate: UInt64 = 2
  while primes.count < count {
    if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
    candidate += 1
  }
  return primes.map { prime in
    // The greatest root with root^2 <= prime * 2^64, or root^3 <= prime * 2^96, bit by bit.
    var root: UInt64 = 0
    for bit in stride(from: UInt64(36), through: 0, by: -1) {
      let trial = root | 1 << bit
      let square = trial.multipliedFullWidth(by: trial)
      let fits: Bool
      if cube {
        let low = square.low.multipliedFullWidth(by: trial)
        let high = square.high &* trial &+ low.high
        fits = high < prime << 32 || high == prime << 32 && low.low == 0
      } else {
        fits = square.high < prime || square.high == prime && square.low == 0
      }
      if fits { root = trial }
    }
    return UInt32(truncatingIfNeeded: root)
  }
}
