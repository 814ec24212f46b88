import Core
import Foundation
import NGramModel

extension NGramSuite {
  func compareNGrams(_ found: NGrams, _ expected: NGrams, isSample: Bool) throws {
    if !isSample { try expectEqual(found.counts, expected.counts, "n-grams of each order") }
    for order in 1...expected.order {
      let ours = found.entries(order: order)
      for (words, entry) in expected.entries(order: order) {
        guard let own = ours[words] else { throw Failure("the n-gram '\(words)' is missing") }
        try expectClose(
          Double(own.logProbability), Double(entry.logProbability), within: 1e-4, "probability of '\(words)'")
        if order < expected.order {
          try expectClose(Double(own.logBackoff), Double(entry.logBackoff), within: 1e-4, "back-off of '\(words)'")
        }
      }
    }
  }

  func compareStatistics(_ test: Case) throws {
    let (result, corpus) = try test.training(order: Int(test.order) ?? 0)
    var seen = 0
    for line in try test.lines(test.expected) {
      let fields = line.split(separator: " ").map(String.init)
      if line.hasPrefix("Unigram tokens"), fields.count == 5 {
        try expectEqual(corpus.tokenCount - corpus.sentenceCount, Int(fields[2]), "tokens")
        try expectEqual(corpus.vocabulary.count, Int(fields[4]), "types")
      } else if let order = fields.first.flatMap({ Int($0) }), fields.count == 5 {
        let own = result.statistics[order - 1]
        let sizes = fields[1].split(separator: "/").compactMap { Int($0) }
        try expectEqual([own.types, own.kept], [sizes.last ?? 0, sizes.first ?? 0], "n-grams of order \(order)")
        for (index, field) in fields[2...].enumerated() {
          guard let value = field.split(separator: "=").last.flatMap({ Double($0) }) else {
            throw Failure("bad line: \(line)")
          }
          try expectClose(
            Double(own.discounts.values[index]), value, within: 1e-5 * max(1, value),
            "discount \(index + 1) of order \(order)")
        }
        seen += 1
      }
    }
    try expectEqual(seen, result.statistics.count, "orders in the file")
  }

  func compareQuery(_ test: Case) throws {
    let scorer = Scorer(try test.packed(order: Int(test.order) ?? 0))
    let queries = try test.queries()
    var sentences = 0
    for line in try test.lines(test.expected) {
      if line.contains(":\t") {
        try compareSummary(line, scorer, queries)
        continue
      }
      guard sentences < queries.count else { throw Failure("more sentences than queries: \(line)") }
      let words = scorer.words(queries[sentences])
      let fields = line.split(whereSeparator: { $0 == "\t" || $0 == " " }).map(String.init)
      guard let total = fields.firstIndex(of: "Total:"), fields.count == total + 4 else {
        throw Failure("bad line: \(line)")
      }
      for (index, field) in fields[..<total].enumerated() where field.contains("=") {
        // `word=id`, matched length and logarithm are three fields.
        let word = index / 3
        guard word < words.count, let matched = Int(fields[index + 1]), let value = Double(fields[index + 2]) else {
          throw Failure("bad line: \(line)")
        }
        let isUnknown = field.hasSuffix("=0")
        try expectEqual(words[word].id == 0, isUnknown, "whether '\(field)' is unknown")
        if !isUnknown { try expectEqual(words[word].score.matched, matched, "matched length of '\(field)'") }
        try expectClose(Double(words[word].score.logProbability), value, within: 1e-4, "score of '\(field)'")
      }
      let sum = words.reduce(0) { $0 + Double($1.score.logProbability) }
      try expectClose(
        sum, Double(fields[total + 1]) ?? .nan, within: 1e-4 * max(1, abs(sum)), "sentence '\(queries[sentences])'")
      try expectEqual(words.count { $0.id == 0 }, Int(fields[total + 3]), "unknown words")
      sentences += 1
    }
    try expectEqual(sentences, queries.count, "sentences")
  }

  private func compareSummary(_ line: String, _ scorer: Scorer, _ queries: [String]) throws {
    let text = Array(queries.map { $0 + "\n" }.joined().utf8)
    let summary = text.withUnsafeBufferPointer { scorer.summary($0) }
    let parts = line.components(separatedBy: ":\t")
    guard parts.count == 2, let value = Double(parts[1]) else { throw Failure("bad line: \(line)") }
    switch parts[0] {
    case "Perplexity including OOVs": try expectClose(summary.perplexity, value, within: 1e-4 * value, parts[0])
    case "Perplexity excluding OOVs": try expectClose(summary.knownPerplexity, value, within: 1e-4 * value, parts[0])
    case "OOVs": try expectEqual(Double(summary.unknown), value, parts[0])
    case "Tokens": try expectEqual(Double(summary.tokens), value, parts[0])
    default: throw Failure("bad line: \(line)")
    }
  }

  func compareScores(_ test: Case) throws {
    let document = try Document(json: String(decoding: test.bytes(test.expected), as: UTF8.self))
    try withExtendedLifetime(document) {
      for index in 0..<document.root.count {
        let name = String(decoding: document.root.key(at: index), as: UTF8.self)
        try compareScores(document.root[name], test)
      }
    }
  }

  private func compareScores(_ expected: Value, _ test: Case) throws {
    let model = try test.packed(order: Int(expected["order"].int ?? 0))
    let sentences = expected["sentences"]
    for index in 0..<sentences.count {
      let sentence = sentences[index]
      let text = sentence["text"].string ?? ""
      let words = Scorer(model).words(text)
      let sum = words.reduce(0) { $0 + Double($1.score.logProbability) }
      try expectClose(sum, sentence["score"].double ?? .nan, within: 1e-4, "score of '\(text)'")
      var state = model.emptyState
      let bare = words.dropLast().reduce(0) { $0 + Double(model.score($1.id, after: &state).logProbability) }
      try expectClose(bare, sentence["score_nobos"].double ?? .nan, within: 1e-4, "score without marks of '\(text)'")
      // An empty sentence has no perplexity there.
      if let perplexity = sentence["perplexity"].double {
        let own = pow(10, -sum / Double(words.count))
        try expectClose(own, perplexity, within: 1e-4 * perplexity, "perplexity of '\(text)'")
      }
      try expectEqual(words.count, sentence["full"].count, "words of '\(text)'")
      for (place, word) in words.enumerated() {
        let full = sentence["full"][place]
        try expectClose(
          Double(word.score.logProbability), full[0].double ?? .nan, within: 1e-4, "word \(place) of '\(text)'")
        try expectEqual(word.id == 0, full[2].bool, "whether word \(place) of '\(text)' is unknown")
        if word.id != 0 {
          try expectEqual(word.score.matched, full[1].int.map(Int.init), "matched length of word \(place) of '\(text)'")
        }
      }
    }
  }

  func compareMixture(_ test: Case) throws {
    var mixture = try Mixture(test.models())
    mixture.fit(try test.lines(test.option("tune") ?? ""))
    let fields = try test.lines(test.expected).joined(separator: " ").split(separator: " ").map(String.init)
    func numbers(after name: String, _ count: Int) throws -> [Double] {
      guard let start = fields.firstIndex(of: name) else { throw Failure("'\(name)' is missing") }
      return fields[(start + 1)...].prefix(count).compactMap { Double($0) }
    }
    let found = mixture.perplexities(try test.queries())
    for (own, expected) in zip(mixture.weights, try numbers(after: "weights", mixture.models.count)) {
      try expectClose(own, expected, within: 1e-4, "weight")
    }
    try expectEqual(Double(found.tokens), numbers(after: "tokens", 1)[0], "tokens")
    for (own, expected) in zip(found.each + [found.mixed], try numbers(after: "each", 2) + numbers(after: "mix", 1)) {
      try expectClose(own, expected, within: 1e-4 * expected, "perplexity")
    }
  }
}
