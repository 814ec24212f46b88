import PluginAPI

/// The texts to learn from, as tokens: one a line, part of them held back to measure with.
struct TrainingCorpus {
  let tokenizer: LearntTokenizer
  let training: [[Int32]]
  let validation: [[Int32]]
  /// Bytes of the held-back texts, for a measure that does not depend on the tokens.
  let validationBytes: Int

  /// - Parameter files: content of the inputs, UTF-8, a text a line.
  /// - Throws: `PluginError` with code `input` where there is too little to learn from.
  init(files: [String], options: TrainingOptions, seed: UInt64) throws {
    let lines = files.flatMap { $0.split(whereSeparator: \.isNewline) }.map { $0.filter { $0 != "\0" } }
      .filter { !$0.allSatisfy(\.isWhitespace) }
    guard lines.count >= 10 else {
      throw PluginError(.input, "there are \(lines.count) texts; at least 10 are needed, one a line")
    }
    // Equal texts stay on one side, or what is held back would be known by heart.
    var held: [String] = []
    var learnt: [String] = []
    for line in lines {
      var hash = NormalGenerator(seed: line.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
      let drawn: UInt64 = hash.next()
      if Double(drawn >> 11) * 0x1p-53 < options.validation { held.append(line) } else { learnt.append(line) }
    }
    guard !learnt.isEmpty else { throw PluginError(.input, "no text is left to learn from; lower 'validation'") }
    tokenizer = LearntTokenizer(learningFrom: learnt, most: options.vocabulary)
    training = learnt.map(tokenizer.segment)
    validation = held.map(tokenizer.segment)
    validationBytes = held.reduce(0) { $0 + $1.utf8.count }
  }

  /// The stretches of an epoch: all texts in an order that the key decides, cut into rows of `length` tokens and what
  /// follows each; the last row is filled up with targets that do not count.
  static func rows(_ texts: [[Int32]], length: Int, key: UInt64?) -> (tokens: [[Int32]], targets: [[Int32]]) {
    var texts = texts
    if let key {
      var random = NormalGenerator(seed: key)
      texts.shuffle(using: &random)
    }
    let stream = texts.flatMap { $0 }
    var tokens: [[Int32]] = []
    var targets: [[Int32]] = []
    for start in stride(from: 0, to: max(0, stream.count - 1), by: length) {
      let end = min(start + length, stream.count - 1)
      let padding = [Int32](repeating: 0, count: length - (end - start))
      tokens.append(stream[start..<end] + padding)
      targets.append(stream[start + 1..<end + 1] + padding.map { _ in -1 })
    }
    return (tokens, targets)
  }
}
