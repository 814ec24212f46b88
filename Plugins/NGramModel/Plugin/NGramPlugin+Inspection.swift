import Core
import Glibc
public import PluginAPI

extension NGramPlugin: InspectablePlugin {
  /// What can be asked of a model.
  public static let inspectionConfig = #"""
    {"type":"object","additionalProperties":false,"properties":{
      "context":{"type":"string","description":"words after which to list the likeliest next ones; empty for a beginning"},
      "top":{"type":"integer","minimum":1,"maximum":1000,"default":10,"description":"how many words are listed"},
      "score":{"type":"string","description":"a sentence to score word by word"},
      "held_out":{"type":"string","minLength":1,
        "description":"path of a text, one sentence a line, to tell the perplexity of; without it, that of the model's own text"},
      "write":{"type":"integer","minimum":1,"maximum":10000,"description":"how many sentences to write, in the order drawn"},
      "seed":{"type":"integer","minimum":0,"default":1,"description":"write: what is drawn"},
      "min_words":{"type":"integer","minimum":1,"maximum":40,"default":3,"description":"write: fewest words"},
      "longest_copied_run":{"type":"integer","minimum":0,"maximum":40,"default":6,
        "description":"write: longest run of words copied from the training text; 0 lets whole sentences be copied"}}}
    """#

  struct Questions: Decodable {
    var context: String?
    var top: Int?
    var score: String?
    var held_out: String?
    var write: Int?
    var seed: UInt64?
    var min_words: Int?
    var longest_copied_run: Int?
  }

  /// Tells what a model holds: sizes, its text and its perplexity, what it expects after a context or thinks of a sentence,
  /// and what it writes.
  public static func inspect(_ file: InspectedFile, into output: Output) throws {
    let questions = try file.config.exists ? file.config.decode(Questions.self) : Questions()
    let model: Model
    let heldOut: MappedFile?
    do {
      model = try Model(UnsafeRawBufferPointer(file.bytes), owner: nil, name: file.name)
      heldOut = try questions.held_out.map { try MappedFile(path: $0) }
    } catch {
      throw PluginError(.input, "\(error)")
    }
    let lexicon = Lexicon(model)
    if questions.write != nil, !model.hasText, questions.longest_copied_run != 0 {
      throw PluginError(
        .input, field: "longest_copied_run",
        "the model was trained with 'keep_text: false', so copies cannot be noticed; 0 lets it copy")
    }
    output.open(.json).object { json in
      json.member("format", "bespoke n-gram model \(ModelFormat.version)")
      json.member("order", model.order)
      json.member("words", model.wordCount)
      json.key("ngrams")
      json.array { array in for count in model.counts { array.int(count) } }
      json.member("quantised", model.isQuantised)
      json.member("has_text", model.hasText)
      json.member("sentences", lexicon.notes.sentences)
      json.member("tokens", lexicon.notes.tokens)
      if !lexicon.notes.weights.isEmpty {
        json.key("weights")
        json.array { array in for weight in lexicon.notes.weights { array.double(weight) } }
      }
      if model.hasText { describe(CorpusStatistics(model, atMost: questions.top ?? 10), model, json) }
      if heldOut != nil || model.hasText { list(perplexities(lexicon, heldOut), json) }
      if let context = questions.context { list(context, questions.top ?? 10, lexicon, json) }
      if let sentence = questions.score { score(sentence, lexicon, json) }
      if let count = questions.write { write(count, questions, lexicon, json) }
    }
  }

  private static func describe(_ corpus: CorpusStatistics, _ model: Model, _ json: StructuredOutput) {
    json.member("longest_line", corpus.longestLine)
    json.member("seen_once", corpus.seenOnce)
    json.key("frequent")
    json.array { array in
      for (word, count) in corpus.frequent {
        array.object { object in
          object.member("word", model.text(word))
          object.member("count", count)
        }
      }
    }
  }

  /// How many lines of its own text a model's perplexity is taken from.
  private static let ownLines = 10_000

  private static func perplexities(_ lexicon: Lexicon, _ heldOut: MappedFile?) -> PerplexityTable {
    var table = PerplexityTable(lexicon.model)
    if let heldOut {
      heldOut.forEachLine { line, _ in
        let words = lexicon.words(line)
        if !words.isEmpty { table.add(words) }
      }
      return table.finished()
    }
    let lines = lexicon.model.lines
    var words: [UInt32] = []
    for index in 0..<lines.count where table.sentences < ownLines {
      if lines[index] == Vocabulary.end {
        table.add(words)
        words.removeAll(keepingCapacity: true)
      } else {
        words.append(lines[index])
      }
    }
    return table.finished()
  }

  private static func list(_ table: PerplexityTable, _ json: StructuredOutput) {
    json.key("perplexity_table")
    json.object { object in
      object.member("sentences", table.sentences)
      object.member("tokens", table.tokens)
      object.member("unknown", table.unknown)
      object.key("orders")
      object.array { array in
        for (index, row) in table.rows.enumerated() {
          array.object { object in
            object.member("order", index + 1)
            object.member("perplexity", row.perplexity)
            object.member("share_of_words", row.share)
          }
        }
      }
    }
  }

  private static func write(_ count: Int, _ questions: Questions, _ lexicon: Lexicon, _ json: StructuredOutput) {
    var rules = WritingRules()
    rules.knownContext = 2
    rules.minTokens = questions.min_words ?? 3
    let shared = Writer.Shared(lexicon.model, longestCopiedRun: questions.longest_copied_run ?? Options.copiedRun)
    let detokeniser = Detokeniser(capitalises: lexicon.notes.capitalises)
    json.key("written")
    json.array { array in
      for sentence in Writer(shared, rules: rules, detokeniser: detokeniser).write(count, seed: questions.seed ?? 1) {
        array.object { object in
          object.member("text", sentence.text)
          object.member("score", sentence.score)
        }
      }
    }
  }

  private static func list(_ context: String, _ count: Int, _ lexicon: Lexicon, _ json: StructuredOutput) {
    var state = lexicon.model.beginState
    for word in lexicon.words(context) { _ = lexicon.model.score(word, after: &state) }
    json.key("next")
    json.array { array in
      for (word, probability) in TruncatedSampler(lexicon.model, Truncation()).likeliest(state, atMost: count) {
        array.object { object in
          object.member("word", lexicon.model.text(word))
          object.member("probability", probability)
        }
      }
    }
  }

  private static func score(_ sentence: String, _ lexicon: Lexicon, _ json: StructuredOutput) {
    let words = lexicon.words(sentence) + [Vocabulary.end]
    var state = lexicon.model.beginState
    let scores = words.map { lexicon.model.score($0, after: &state) }
    let sum = scores.reduce(0) { $0 + Double($1.logProbability) }
    json.member("perplexity", pow(10, -sum / Double(words.count)))
    json.key("scores")
    json.array { array in
      for (word, score) in zip(words, scores) {
        array.object { object in
          object.member("word", lexicon.model.text(word))
          object.member("surprisal_nats", -Double(score.logProbability) * log(10))
          object.member("matched", score.matched)
        }
      }
    }
  }
}
