import Core

/// Mixes models, such as those of a whole language, of a brand and of a segment, by weights fitted to a text held out.
struct ModelMixing {
  let model: NGrams
  /// The texts of all models; nil where one has none.
  let text: Corpus?
  let notes: ModelNotes
  /// Each model's weight and perplexity, and that of the mixture, for people.
  let report: (weights: String, perplexities: String)

  /// - Throws: `Diagnostic` where an input is no model, the models split copy differently, or the text has no word they know.
  init(_ files: [MappedFile], names: [String], heldOut: MappedFile, config: NGramPlugin.TrainingConfig) throws {
    guard files.count > 1 else {
      throw Diagnostic("cannot mix", "expected two models or more, got \(files.count)")
    }
    let models = try zip(files, names).map { file, name in
      try Model(UnsafeRawBufferPointer(file.bytes), owner: file, name: name)
    }
    let lexicons = models.map(Lexicon.init)
    for (lexicon, name) in zip(lexicons, names) where !lexicon.notes.splits(like: lexicons[0].notes) {
      throw Diagnostic(
        "cannot mix", "'\(name)' splits copy otherwise than '\(names[0])'",
        help: "train both with the same 'tokens' and 'classes'")
    }
    var mixture = try Mixture(models)
    var rows: [[Double]] = []
    heldOut.forEachLine { line, _ in
      let numbered = lexicons.map { $0.words(line) + [Vocabulary.end] }
      if numbered[0].count > 1 { rows += mixture.probabilities(numbered: numbered) }
    }
    guard !rows.isEmpty else { throw Diagnostic("cannot mix", "the text held out has no word that a model knows") }
    mixture.fit(rows)
    let perplexities = mixture.perplexities(rows)
    report = (
      zip(names, mixture.weights).map { "\($0) \($1.twoDecimals)" }.joined(separator: ", "),
      zip(names, perplexities.each).map { "\($0) \($1.twoDecimals)" }.joined(separator: ", ")
        + ", mixed \(perplexities.mixed.twoDecimals)"
    )
    model = mixture.merged()
    if models.allSatisfy(\.hasText) {
      var gathered: ModelNotes
      (text, gathered) = try TrainingText(config).read(files, names: names)
      gathered.weights = mixture.weights
      notes = gathered
    } else {
      text = nil
      var first = lexicons[0].notes
      first.weights = mixture.weights
      notes = first
    }
  }
}
