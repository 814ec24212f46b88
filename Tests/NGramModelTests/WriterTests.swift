import Foundation
import NGramModel
import Testing

struct WriterTests {
  /// A model of the copy, many lines of it made from a small grammar so that there is something to say.
  private static let text: String = {
    var lines = shopCopy
    let things = ["shoes", "dresses", "bags", "coats", "shirts"]
    let kinds = ["new", "summer", "running", "warm", "light"]
    for (index, thing) in things.enumerated() {
      for (other, kind) in kinds.enumerated() {
        lines +=
          "discover our \(kind) \(thing) for \(kinds[(index + other + 1) % 5]) days and save {percentage} today\n"
        lines += "the \(kind) \(thing) from {brand} are here , shop now\n"
      }
    }
    return lines
  }()

  private static func shared(copiedRun: Int = 4, order: Int = 3) throws -> (Model, Writer.Shared) {
    let corpus = Corpus(text)
    var writer = ModelWriter()
    writer.text = corpus
    let model = try Model(writer.bytes(of: Trainer(TrainingOptions(order: order)).train(corpus).model))
    return (model, Writer.Shared(model, longestCopiedRun: copiedRun))
  }

  private static let values = Detokeniser(values: ["brand": "Acme", "percentage": "20 %"])

  @Test func theSameSeedWritesTheSame() throws {
    let (_, shared) = try Self.shared()
    let first = Writer(shared, rules: WritingRules(), detokeniser: Self.values).write(50, seed: 3)
    #expect(first == Writer(shared, rules: WritingRules(), detokeniser: Self.values).write(50, seed: 3))
    #expect(first != Writer(shared, rules: WritingRules(), detokeniser: Self.values).write(50, seed: 4))
    #expect(Set(first.map(\.words)).count == first.count)
  }

  @Test(arguments: 1...6)
  func copiesNoLongRunAndNoSentence(copiedRun: Int) throws {
    let (model, shared) = try Self.shared(copiedRun: copiedRun)
    let lines = Self.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let written = Writer(shared, rules: WritingRules()).write(100, seed: 1)
    for sentence in written {
      let words = sentence.words.map { model.text($0) }
      #expect(!lines.contains(words))
      for start in 0..<max(0, words.count - copiedRun) {
        let run = words[start...(start + copiedRun)]
        #expect(!lines.contains { line in line.indices.contains { line[$0...].starts(with: run) } })
      }
    }
  }

  @Test func everyRuleHolds() throws {
    let (model, shared) = try Self.shared()
    func ids(_ text: String) -> [UInt32] { text.split(separator: " ").map { model.id(of: String($0)) } }
    var rules = WritingRules()
    rules.mustInclude = [ids("running shoes"), ids("{brand}")]
    rules.forbidden = Set(ids("sale dresses"))
    rules.endsWith = ids("shop now")
    rules.maxCharacters = 70
    let written = Writer(shared, rules: rules, detokeniser: Self.values).write(40, seed: 9)
    #expect(written.count == 40)
    for sentence in written {
      #expect(sentence.text.contains("running shoes") && sentence.text.contains("Acme"))
      #expect(!sentence.text.contains("sale") && !sentence.text.contains("dresses"))
      #expect(sentence.text.hasSuffix("shop now"))
      #expect(sentence.text.count <= 70)
    }
    rules = WritingRules()
    rules.startsWith = ids("discover our")
    rules.minTokens = 5
    for sentence in Writer(shared, rules: rules, detokeniser: Self.values).write(40, seed: 2) {
      #expect(sentence.text.hasPrefix("discover our ") && sentence.words.count >= 5)
    }
  }

  @Test func everyWordFollowsWhatTheTextHas() throws {
    let (model, shared) = try Self.shared(copiedRun: 6)
    var pairs = Set<[UInt32]>()
    Corpus(Self.text).forEachSentence { words in
      for (left, right) in zip(words, words.dropFirst()) { pairs.insert([left, right]) }
    }
    var rules = WritingRules()
    rules.knownContext = 1
    for sentence in Writer(shared, rules: rules, detokeniser: Self.values).write(100, seed: 1) {
      for (left, right) in zip(sentence.words, sentence.words.dropFirst()) {
        #expect(pairs.contains([left, right]), "'\(model.text(left)) \(model.text(right))'")
      }
    }
  }

  /// The guard leaves many a draft without a word to go on with; what is cut then still ends as the text does.
  @Test func endsWhereTheTextEnds() throws {
    let (_, shared) = try Self.shared()
    var ends = Set<[UInt32]>()
    Corpus(Self.text).forEachSentence { words in ends.insert(Array(words.dropLast().suffix(2))) }
    var rules = WritingRules()
    rules.knownContext = 2
    rules.maxCharacters = 40
    let written = Writer(shared, rules: rules, detokeniser: Self.values).write(15, seed: 1)
    #expect(written.count == 15)
    for sentence in written { #expect(ends.contains(Array(sentence.words.suffix(2))), "\(sentence.text)") }
  }

  @Test func aSlotWithoutAValueIsNotWritten() throws {
    let (_, shared) = try Self.shared()
    for sentence in Writer(shared, rules: WritingRules()).write(200, seed: 1) { #expect(!sentence.text.contains("{")) }
  }

  @Test func everyWordCanBeRequired() throws {
    let (model, shared) = try Self.shared(copiedRun: 6)
    for word in 3..<UInt32(model.wordCount) {
      var rules = WritingRules()
      rules.mustInclude = [[word]]
      let written = Writer(shared, rules: rules, detokeniser: Self.values).write(1, seed: UInt64(word))
      #expect(written.count == 1 && written[0].words.contains(word), "'\(model.text(word))'")
    }
  }

  @Test func includesWhatTheModelDoesNotKnow() throws {
    let (model, shared) = try Self.shared()
    var rules = WritingRules()
    rules.mustInclude = [[UInt32(model.wordCount)]]
    let written = Writer(shared, rules: rules, literals: ["Zephyr 3"], detokeniser: Self.values).write(10, seed: 1)
    #expect(written.count == 10)
    for sentence in written { #expect(sentence.text.contains("Zephyr 3")) }
  }

  @Test func beamFindsNoWorseThanSampling() throws {
    let (_, shared) = try Self.shared(copiedRun: 5)
    let writer = Writer(shared, rules: WritingRules(), detokeniser: Self.values)
    let best = try #require(writer.beam(width: 8, count: 5).first)
    let sampled = try #require(writer.write(50, seed: 1).map(\.score).max())
    #expect(best.score >= sampled - 0.05)
  }

  @Test func attributionFindsTheLine() throws {
    let (model, _) = try Self.shared()
    let sources = Attribution(model).sources(
      of: "our best shoes are here".split(separator: " ").map { model.id(of: String($0)) })
    let line = Self.text.split(separator: "\n").firstIndex(of: "our best shoes are back")
    #expect(sources.first?.line == line.map { $0 + 1 })
  }

  @Test func theWorstWordIsTheWrongOne() throws {
    let (model, _) = try Self.shared()
    let words = "save 20 % zebra all shoes".split(separator: " ").map { model.id(of: String($0)) }
    let verdict = Ranker(model).verdict(words)
    #expect(verdict.worst == 3 && verdict.unknown == 1)
    let sound = "save 20 % on all shoes".split(separator: " ").map { model.id(of: String($0)) }
    #expect(Ranker(model).verdict(sound).score > verdict.score)
  }
}
