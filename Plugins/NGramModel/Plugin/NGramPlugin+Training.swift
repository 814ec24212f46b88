import Core
import Glibc
public import PluginAPI

extension NGramPlugin: TrainingPlugin {
  /// The options of training.
  public static let trainingConfig = #"""
    {"type":"object","additionalProperties":false,"properties":{
      "order":{"type":"integer","minimum":1,"maximum":6,"default":3,"description":"longest n-gram, in words"},
      "prune":{"type":"array","items":{"type":"integer","minimum":0},"minItems":1,"maxItems":6,
        "description":"for each order from 1 on: n-grams seen at most so often are left out; starts with 0, never falls"},
      "vocabulary":{"type":"array","items":{"type":"string"},"description":"the only words to keep"},
      "tokens":{"type":"string","enum":["copy","blanks"],"default":"copy",
        "description":"'copy' splits words, punctuation and slots; 'blanks' takes what blanks separate"},
      "classes":{"type":"boolean","default":false,
        "description":"whether prices and percentages become the slots {price} and {percentage}"},
      "fields":{"type":"array","items":{"type":"string"},"minItems":1,
        "description":"inputs are catalogues in JSONL; the copy is in these fields, names and brands become slots"},
      "locale":{"type":"string","description":"with 'fields': reads 'translations.LOCALE' of each product"},
      "weighted":{"type":"boolean","default":false,
        "description":"text inputs have two columns, weight and sentence: it counts so often, or is taken away where negative"},
      "segment":{"type":"string",
        "description":"inputs have two columns, segment and sentence, with a tab between; only this segment's lines count"},
      "mix":{"type":"string","minLength":1,
        "description":"inputs are models, which are mixed by weights that fit the text at this path, one sentence a line"},
      "keep_text":{"type":"boolean","default":true,
        "description":"whether the model holds its text, which the novelty guard needs"},
      "quantised":{"type":"boolean","default":false,"description":"eight bits for each number instead of exact ones"},
      "memory_mib":{"type":"integer","minimum":1,
        "description":"what sorting may use before it goes on in a file beside the output; the model is the same"},
      "format":{"type":"string","enum":["binary","arpa"],"default":"binary","description":"what to write"}}}
    """#

  struct TrainingConfig: Decodable {
    var order: Int?
    var prune: [Int]?
    var vocabulary: [String]?
    var tokens: String?
    var classes: Bool?
    var fields: [String]?
    var locale: String?
    var weighted: Bool?
    var segment: String?
    var keep_text: Bool?
    var quantised: Bool?
    var mix: String?
    var memory_mib: Int?
    var format: String?
  }

  /// Trains a model of text files, one sentence a line, and of models' texts, or packs an ARPA file.
  public static func train(_ run: TrainingRun) throws {
    do {
      let files = try run.inputs.map { try MappedFile(path: $0) }
      // What is read of them are pointers.
      try withExtendedLifetime(files) { try make(files, run, try run.config.decode(TrainingConfig.self)) }
    } catch let diagnostic as Diagnostic {
      throw PluginError(.input, "\(diagnostic)")
    }
  }

  private static func make(_ files: [MappedFile], _ run: TrainingRun, _ config: TrainingConfig) throws {
    if let heldOut = config.mix {
      let mixing = try ModelMixing(files, names: run.inputs, heldOut: MappedFile(path: heldOut), config: config)
      run.note("weights", mixing.report.weights)
      run.note("perplexity of the text held out", mixing.report.perplexities)
      return try write(mixing.model, config.keep_text ?? true ? mixing.text : nil, mixing.notes, run, config)
    }
    let steps: UInt64 = 3
    if let place = files.firstIndex(where: { ARPAReader.recognises($0.bytes) }) {
      guard files.count == 1 else {
        throw Diagnostic(
          "cannot train", "'\(run.inputs[place])' is an ARPA file, which holds no text that others could be added to",
          help: "make a model of it alone, then mix")
      }
      let reader = try ARPAReader(files[0].bytes, name: run.inputs[0])
      for warning in reader.warnings { run.note("warning", "\(warning)") }
      var notes = ModelNotes()
      notes.splitsCopy = config.tokens != "blanks"
      return try write(reader.model, nil, notes, run, config)
    }
    let (corpus, notes) = try TrainingText(config).read(files, names: run.inputs)
    run.progress(step: 1, of: steps, metric: "words", Double(corpus.tokenCount))
    try stopIfCancelled(run)
    var options = TrainingOptions(order: config.order ?? 3)
    options.prune = config.prune ?? [0]
    options.limitedVocabulary = config.vocabulary.map { Set($0) }
    options.threads = run.threads
    options.sortingMemory = config.memory_mib.map { $0 << 20 }
    options.temporaryFolder = run.output.lastIndex(of: "/").map { String(run.output[..<$0]) } ?? "."
    let result = try Trainer(options).train(corpus)
    for warning in result.warnings { run.note("warning", "\(warning)") }
    run.progress(step: 2, of: steps, metric: "n-grams", Double(result.model.counts.reduce(0, +)))
    try stopIfCancelled(run)
    try write(result.model, config.keep_text ?? true ? corpus : nil, notes, run, config)
    run.progress(step: steps, of: steps)
    run.note("sentences", "\(result.sentenceCount)")
    run.note("words", "\(result.tokenCount)")
    run.note("n-grams", result.model.counts.map { "\($0)" }.joined(separator: " "))
  }

  private static func stopIfCancelled(_ run: TrainingRun) throws {
    if run.isCancelled { throw PluginError(.cancelled, "training was cancelled") }
  }

  private static func write(
    _ model: NGrams, _ text: Corpus?, _ notes: ModelNotes, _ run: TrainingRun, _ config: TrainingConfig
  ) throws {
    if config.format == "arpa" { return try ARPAWriter.write(model, to: run.output) }
    var writer = ModelWriter()
    writer.isQuantised = config.quantised ?? false
    writer.metadata = notes.json
    writer.text = text
    try writer.write(model, to: run.output)
  }
}
