import PluginAPI

/// The stage's options; those with Liquid in them come rendered with each request.
struct Options: Decodable {
  /// One text, or several.
  struct Texts: Decodable {
    var texts: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        texts = [text]
      } else {
        texts = try container.decode([String].self)
      }
      texts.removeAll { $0.allSatisfy(\.isWhitespace) }
    }
  }

  var model: String?
  var models: [String: String]?
  var role: String?
  var count: Int?
  var must_include: Texts?
  var forbidden: Texts?
  var starts_with: String?
  var ends_with: Texts?
  var max_characters: Int?
  var min_words: Int?
  var max_words: Int?
  var longest_copied_run: Int?
  var known_context: Int?
  var temperature: Double?
  var top_k: Int?
  var top_p: Double?
  var beam: Int?
  var values: [String: String]?
  var min_score: Double?
  var max_surprisal: Double?
  var unknown_penalty: Double?

  static let copiedRun = 6
  var copiedRun: Int { longest_copied_run ?? Self.copiedRun }

  /// The options within the schema's bounds, which a brief's rendered options need not keep.
  func bounded() throws(PluginError) -> Options {
    var options = self
    options.count = max(1, min(256, count ?? 8))
    options.max_characters = max(0, min(100_000, max_characters ?? 0))
    options.max_words = max(1, min(200, max_words ?? 40))
    options.min_words = max(1, min(options.max_words ?? 1, min_words ?? 3))
    options.known_context = max(0, min(5, known_context ?? 2))
    options.temperature = max(0.01, min(5, temperature ?? 1))
    options.top_k = max(0, min(1_000_000, top_k ?? 0))
    options.top_p = max(0.001, min(1, top_p ?? 1))
    options.beam = max(0, min(64, beam ?? 0))
    let phrases = (must_include?.texts ?? []) + (ends_with?.texts ?? []) + [starts_with ?? ""]
    for phrase in phrases where phrase.utf8.count > 1000 {
      throw PluginError(
        .input, field: "params", "a required phrase may have at most 1000 bytes, got \(phrase.utf8.count)")
    }
    guard phrases.count <= 64 else {
      throw PluginError(.input, field: "params", "at most 64 phrases may be required, got \(phrases.count)")
    }
    return options
  }

  static let schema = #"""
    {"type":"object","additionalProperties":false,"properties":{
      "model":{"type":"string","minLength":1,"description":"name of a model that 'bespoke train ngram-model' made"},
      "models":{"type":"object","additionalProperties":{"type":"string","minLength":1},
        "description":"instead of 'model': one for each locale; briefs in other locales are skipped"},
      "role":{"type":"string","enum":["candidates","check"],"default":"candidates",
        "description":"whether it writes copy, or checks and ranks what the stage has written"},
      "count":{"type":"integer","minimum":1,"maximum":256,"default":8,"description":"how many candidates"},
      "must_include":{"type":["string","array"],"items":{"type":"string"},"maxItems":4,
        "description":"phrases or slots that every candidate contains"},
      "forbidden":{"type":["string","array"],"items":{"type":"string"},
        "description":"words and phrases that no candidate contains, whatever their case"},
      "starts_with":{"type":"string","description":"how every candidate begins"},
      "ends_with":{"type":["string","array"],"items":{"type":"string"},
        "description":"how every candidate ends, such as a call to action; of several, each brief gets one"},
      "max_characters":{"type":"integer","minimum":1,"description":"length as displayed, slots filled"},
      "min_words":{"type":"integer","minimum":1,"default":3,"description":"fewest words, punctuation among them"},
      "max_words":{"type":"integer","minimum":1,"maximum":200,"default":40,
        "description":"most words, punctuation among them, before required ones are added"},
      "longest_copied_run":{"type":"integer","minimum":0,"maximum":40,"default":6,
        "description":"longest run of words copied from the training text; 0 lets whole sentences be copied"},
      "known_context":{"type":"integer","minimum":0,"maximum":5,"default":2,
        "description":"after how many words before it the text must have each word; 0 draws from the whole distribution"},
      "temperature":{"type":"number","exclusiveMinimum":0,"maximum":5,"default":1,
        "description":"below 1 keeps to the likely, above 1 strays"},
      "top_k":{"type":"integer","minimum":0,"default":0,"description":"only so many of the likeliest words; 0 for all"},
      "top_p":{"type":"number","exclusiveMinimum":0,"maximum":1,"default":1,
        "description":"only the likeliest words that reach this share"},
      "beam":{"type":"integer","minimum":0,"maximum":64,"default":0,
        "description":"width of a search for the likeliest sentences instead of drawing; 0 draws"},
      "values":{"type":"object","additionalProperties":{"type":"string"},
        "description":"what slots such as {brand} stand for; a slot without a value is not used"},
      "min_score":{"type":"number","maximum":0,"description":"check: the least mean natural logarithm a word"},
      "max_surprisal":{"type":"number","minimum":0,
        "description":"check: the most that one word may surprise, in nats; a typo surprises most"},
      "unknown_penalty":{"type":"number","minimum":0,"default":2,
        "description":"check: what an unknown word costs beside its probability, in nats"}}}
    """#
}
