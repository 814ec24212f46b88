import Core
import Glibc
public import PluginAPI

extension NGramPlugin: InspectablePlugin {
  /// What can be asked of a model.
  public static let inspectionConfig = #"""
    {"type":"object","additionalProperties":false,"properties":{
      "context":{"type":"string","description":"words after which to list the likeliest next ones; empty for a beginning"},
      "top":{"type":"integer","minimum":1,"maximum":1000,"default":10,"description":"how many next words"},
      "score":{"type":"string","description":"a sentence to score word by word"}}}
    """#

  struct Questions: Decodable {
    var context: String?
    var top: Int?
    var score: String?
  }

  /// Tells what a model holds: sizes, and what it expects after a context or thinks of a sentence.
  public static func inspect(_ file: InspectedFile, into output: Output) throws {
    let questions = try file.config.exists ? file.config.decode(Questions.self) : Questions()
    let model: Model
    do {
      model = try Model(UnsafeRawBufferPointer(file.bytes), owner: nil, name: file.name)
    } catch {
      throw PluginError(.input, "\(error)")
    }
    let lexicon = Lexicon(model)
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
      if let context = questions.context { list(context, questions.top ?? 10, lexicon, json) }
      if let sentence = questions.score { score(sentence, lexicon, json) }
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
