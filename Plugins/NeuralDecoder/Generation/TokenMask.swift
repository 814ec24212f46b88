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
  private struct Entry {
    var token: Int32
    /// How many bytes it shares with the one before it.
    var shared: Int32
    /// Where the rest of its bytes ends in `rests`; it begins where that of the one before it ends.
    var end: Int32
  }

  private let entries: [Entry]
  private let rests: [UInt8]
  private let count: Int
  private let longest: Int

  init(_ tokenizer: Tokenizer) {
    let tokens = 0..<Int32(tokenizer.vocabulary.count)
    var bytes: [UInt8] = []
    var starts: [Int32] = [0]
    for token in tokens {
      tokenizer.decode(token, into: &bytes)
      starts.append(Int32(bytes.count))
    }
    var entries: [Entry] = []
    var rests: [UInt8] = []
    var longest = 0
    bytes.withUnsafeBufferPointer { bytes in
      func text(_ token: Int32) -> Slice<UnsafeBufferPointer<UInt8>> {
        bytes[Int(starts[Int(token)])..<Int(starts[Int(token) + 1])]
      }
      // The first eight bytes as one number settle most comparisons.
      let keys = tokens.map { token in
        let first = text(token).prefix(8)
        return first.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } << UInt64(64 - 8 * first.count)
      }
      let order = tokens.filter { !text($0).isEmpty }.sorted {
        let (left, right) = (keys[Int($0)], keys[Int($1)])
        return left != right ? left < right : text($0).lexicographicallyPrecedes(text($1))
      }
      var before = bytes[0..<0]
      for token in order {
        let text = text(token)
        let shared = zip(text, before).prefix { $0 == $1 }.count
        rests.append(contentsOf: text.dropFirst(shared))
        entries.append(Entry(token: token, shared: Int32(shared), end: Int32(rests.count)))
        longest = max(longest, text.count)
        before = text
      }
    }
    (self.entries, self.rests, self.longest, count) = (entries, rests, longest, tokens.count)
  }

  /// The tokens that an automaton accepts in a state.
  ///
  /// - Complexity: O(bytes of the vocabulary) at most; less where few tokens are allowed.
  func mask(_ automaton: Automaton, _ state: Automaton.State, endings: Set<Int32>) -> TokenMask {
    var allowed = [UInt64](repeating: 0, count: (count + 63) / 64)
    func allow(_ token: Int32) { allowed[Int(token) / 64] |= 1 << UInt64(token % 64) }
    // The states after each byte of the last token, as far as it was not refused.
    withUnsafeTemporaryAllocation(of: Automaton.State.self, capacity: longest + 1) { path in
      path[0] = state
      var (known, end) = (0, 0)
      for entry in entries {
        let rest = end..<Int(entry.end)
        end = rest.upperBound
        // It begins with what was refused.
        if entry.shared > known { continue }
        known = Int(entry.shared)
        var state = path[known]
        for place in rest {
          state = automaton.step(state, rests[place])
          if state < 0 { break }
          known += 1
          path[known] = state
        }
        if state >= 0 { allow(entry.token) }
      }
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
