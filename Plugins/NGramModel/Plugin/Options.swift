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

  var model: String
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
  var temperature: Double?
  var top_k: Int?
  var top_p: Double?
  var beam: Int?
  var values: [String: String]?
  var min_score: Double?
  var max_surprisal: Double?
  var unknown_penalty: Double?

  var copiedRun: Int { longest_copied_run ?? 6 }

  static let schema = #"""
    {"type":"object","additionalProperties":false,"required":["model"],"properties":{
      "model":{"type":"string","minLength":1,"description":"name of a model that 'bespoke train ngram-model' made"},
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
