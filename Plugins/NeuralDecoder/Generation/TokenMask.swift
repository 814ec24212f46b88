/// The tokens that may come next.
final class TokenMask: Sendable {
  /// In ascending order.
  let tokens: [Int32]
  /// The groups of 16 tokens that hold them, in ascending order.
  let groups: [UInt32]

  init(_ tokens: [Int32]) {
    self.tokens = tokens
    var groups: [UInt32] = []
    for token in tokens where groups.last != UInt32(token) / 16 { groups.append(UInt32(token) / 16) }
    self.groups = groups
  }

  /// Whether a token is among them.
  func allows(_ token: Int32) -> Bool { place(of: token) != nil }

  /// Where a token stands among them, or nil.
  func place(of token: Int32) -> Int? {
    var (low, high) = (0, tokens.count)
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle] < token { low = middle + 1 } else { high = middle }
    }
    return low < tokens.count && tokens[low] == token ? low : nil
  }
}

/// A vocabulary's tokens in the order of their bytes, so that those with a common beginning are tried together.
final class SortedVocabulary: Sendable {
  private let bytes: [UInt8]
  private let starts: [Int32]
  private let order: [Int32]
  // How many bytes each token shares with the one before it.
  private let common: [Int32]

  init(_ tokenizer: Tokenizer) {
    var bytes: [UInt8] = []
    var starts: [Int32] = [0]
    let count = tokenizer.vocabulary.count
    for token in 0..<Int32(count) {
      tokenizer.decode(token, into: &bytes)
      starts.append(Int32(bytes.count))
    }
    let order = bytes.withUnsafeBufferPointer { bytes in
      // The first eight bytes as one number settle most comparisons.
      let keys = (0..<count).map { token in
        (0..<8).reduce(UInt64(0)) { key, offset in
          let place = Int(starts[token]) + offset
          return key << 8 | (place < Int(starts[token + 1]) ? UInt64(bytes[place]) : 0)
        }
      }
      func text(_ token: Int32) -> Slice<UnsafeBufferPointer<UInt8>> {
        bytes[Int(starts[Int(token)])..<Int(starts[Int(token) + 1])]
      }
      return (0..<Int32(count)).filter { !text($0).isEmpty }.sorted {
        let (left, right) = (keys[Int($0)], keys[Int($1)])
        return left != right ? left < right : text($0).lexicographicallyPrecedes(text($1))
      }
    }
    var common: [Int32] = []
    for (place, token) in order.enumerated() {
      let text = bytes[Int(starts[Int(token)])..<Int(starts[Int(token) + 1])]
      guard place > 0 else {
        common.append(0)
        continue
      }
      let before = Int(order[place - 1])
      let other = bytes[Int(starts[before])..<Int(starts[before + 1])]
      common.append(Int32(zip(text, other).prefix { $0 == $1 }.count))
    }
    (self.bytes, self.starts, self.order, self.common) = (bytes, starts, order, common)
  }

  /// The tokens that an automaton accepts in a state.
  ///
  /// - Complexity: O(bytes of the vocabulary) at most; less where few tokens are allowed.
  func mask(_ automaton: Automaton, _ state: Automaton.State, endings: Set<Int32>) -> TokenMask {
    var path = [state]
    var allowed = [UInt64](repeating: 0, count: (starts.count + 62) / 64)
    func allow(_ token: Int32) { allowed[Int(token) / 64] |= 1 << UInt64(token % 64) }
    // Tokens that share this many bytes with the last refused one are refused too.
    var refused = Int.max
    for (place, token) in order.enumerated() {
      let shared = Int(common[place])
      if shared >= refused { continue }
      refused = .max
      if path.count > shared + 1 { path.removeLast(path.count - shared - 1) }
      let last = Int(starts[Int(token) + 1])
      var next = Int(starts[Int(token)]) + path.count - 1
      while next < last {
        let state = automaton.step(path[path.count - 1], bytes[next])
        if state < 0 {
          refused = path.count
          break
        }
        path.append(state)
        next += 1
      }
      if next == last { allow(token) }
    }
    if automaton.accepts(state) { endings.forEach(allow) }
    var tokens: [Int32] = []
    for (place, word) in allowed.enumerated() {
      var word = word
      while word != 0 {
        tokens.append(Int32(place * 64 + word.trailingZeroBitCount))
        word &= word - 1
      }
    }
    return TokenMask(tokens)
  }
}
