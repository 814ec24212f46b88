extension Writer {
  /// The likeliest sentences a word that a beam finds, from the best on; rules on phrases inside are checked at the end.
  ///
  /// - Complexity: O(maxTokens * width^2) words scored.
  public func beam(width: Int, count: Int, while goesOn: () -> Bool = { true }) -> [Sentence] {
    struct Path {
      var words: [UInt32]
      var state: Model.State
      var sum: Double
      var score: Double { sum / Double(words.count + 1) }
    }
    let lister = TruncatedSampler(model, Truncation())
    var state = model.beginState
    var sum = 0.0
    for word in rules.startsWith {
      sum += Double(model.score(word < model.wordCount ? word : 0, after: &state).logProbability)
    }
    var paths = [Path(words: rules.startsWith, state: state, sum: sum)]
    var finished: [Path] = []
    while let longest = paths.first?.words.count, longest < rules.maxTokens, goesOn() {
      var longer: [Path] = []
      for path in paths {
        for (word, _) in lister.likeliest(path.state, atMost: width * 2) {
          var next = path
          next.sum += Double(model.score(word, after: &next.state).logProbability)
          if word == Vocabulary.end {
            finished.append(next)
          } else {
            next.words.append(word)
            if isAllowed(next.words) { longer.append(next) }
          }
        }
      }
      longer.sort { $0.score > $1.score }
      paths = Array(longer.prefix(width))
    }
    var sentences: [Sentence] = []
    for path in finished.sorted(by: { $0.score > $1.score }) {
      let words = path.words + rules.endsWith
      guard sentences.count < count else { break }
      if holds(words) { sentences.append(sentence(words)) }
    }
    return sentences
  }

  /// Whether words may be the beginning of a sentence.
  private func isAllowed(_ words: [UInt32]) -> Bool {
    guard let last = words.last, !isBanned(last) else { return false }
    if rules.maxCharacters > 0, display.length(words) > rules.maxCharacters { return false }
    return guardian.map { guardian in !words.withUnsafeBufferPointer { guardian.isCopied($0, fromEnd: true) } } ?? true
  }
}
