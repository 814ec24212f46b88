import Core

/// Gathers what a model is trained on: text files, catalogues, and the texts of models trained before.
struct TrainingText {
  private let config: NGramPlugin.TrainingConfig
  private var notes = ModelNotes()
  /// Sentences that a model's text holds, split already.
  private var ready: [String] = []
  private var raw: [String] = []
  /// How often a sentence is to be taken away.
  private var removed: [String: Int] = [:]

  init(_ config: NGramPlugin.TrainingConfig) {
    self.config = config
    notes.splitsCopy = config.tokens != "blanks"
    notes.recognisesClasses = config.classes ?? false
  }

  /// The sentences of files, in their order.
  ///
  /// - Throws: `Diagnostic` where a file is not what the options say.
  func read(_ files: [MappedFile], names: [String]) throws -> (Corpus, ModelNotes) {
    var text = self
    let isPlain = !notes.splitsCopy && config.segment == nil && config.fields == nil && config.weighted != true
    let corpus: Corpus
    if isPlain, files.count == 1, !Self.isModel(files[0]) {
      corpus = Corpus(files[0])
    } else {
      for (file, name) in zip(files, names) {
        if Self.isModel(file) { try text.add(model: file, name: name) } else { try text.add(text: file, name: name) }
      }
      corpus = Corpus(text.sentences().map { $0 + "\n" }.joined())
    }
    text.notes.sentences = corpus.sentenceCount
    text.notes.tokens = corpus.tokenCount
    return (corpus, text.notes)
  }

  private static func isModel(_ file: MappedFile) -> Bool {
    file.count >= 8 && UnsafeRawBufferPointer(file.bytes).loadUnaligned(as: UInt64.self) == ModelFormat.magic
  }

  private mutating func add(model file: MappedFile, name: String) throws {
    let model = try Model(UnsafeRawBufferPointer(file.bytes), owner: file, name: name)
    guard model.hasText else {
      throw Diagnostic("no text in the model", "'\(name)' was trained with 'keep_text: false', so nothing can be added")
    }
    notes = ModelNotes(json: model.metadata)
    var words: [String] = []
    for index in 0..<model.lines.count {
      if model.lines[index] == Vocabulary.end {
        ready.append(words.joined(separator: " "))
        words.removeAll(keepingCapacity: true)
      } else {
        words.append(model.text(model.lines[index]))
      }
    }
  }

  private mutating func add(text file: MappedFile, name: String) throws {
    let catalogue = config.fields.map { CatalogueCopy(fields: $0, locale: config.locale) }
    try file.forEachLine { found, number in
      let place = SourceLocation(file: name, line: number, column: 1)
      var line = found
      if let segment = config.segment {
        let columns = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        guard columns.count == 2, columns[0] == segment else { return }
        line = String(columns[1])
      }
      if let catalogue {
        guard !line.allSatisfy(\.isWhitespace) else { return }
        do {
          raw += try catalogue.sentences(line)
        } catch {
          throw Diagnostic(
            "invalid catalogue", "\(error)", at: place, help: "with 'fields' each line is a product in JSON")
        }
      } else if config.weighted == true {
        let columns = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        guard columns.count == 2, let weight = Int(columns[0]), (-1_000_000...1_000_000).contains(weight) else {
          throw Diagnostic(
            "invalid weight", "expected a whole number, a tab and a sentence, got '\(line.prefix(40))'", at: place)
        }
        let sentence = String(columns[1])
        if weight > 0 {
          raw += Array(repeating: sentence, count: weight)
        } else {
          removed[sentence, default: 0] -= weight
        }
      } else {
        raw.append(line)
      }
    }
  }

  private mutating func sentences() -> [String] {
    guard notes.splitsCopy else { return without(removed, ready + raw) }
    let tokeniser = Tokeniser(recognisesClasses: notes.recognisesClasses)
    var casing = Casing()
    let split = raw.map { tokeniser.tokens($0) }.filter { !$0.isEmpty }
    for tokens in split { casing.learn(tokens) }
    for sentence in ready { casing.learn(sentence.split(separator: " ").map(String.init)) }
    if ready.isEmpty { notes.capitalises = casing.capitalises }
    func restored(_ tokens: [String]) -> String {
      casing.restored(tokens, capitalises: notes.capitalises).joined(separator: " ")
    }
    var unwanted: [String: Int] = [:]
    for (sentence, count) in removed { unwanted[restored(tokeniser.tokens(sentence)), default: 0] += count }
    return without(unwanted, ready + split.map(restored))
  }

  private func without(_ unwanted: [String: Int], _ sentences: [String]) -> [String] {
    guard !unwanted.isEmpty else { return sentences }
    var unwanted = unwanted
    return sentences.filter { sentence in
      guard let left = unwanted[sentence], left > 0 else { return true }
      unwanted[sentence] = left - 1
      return false
    }
  }
}
