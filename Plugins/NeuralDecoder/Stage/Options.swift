/// The options of a stage; their schema is `NeuralDecoder.info.config`.
struct Options: Decodable {
  /// How the prompt is put to the model.
  enum Interface: String, Decodable {
    case chat, completions
  }

  /// Whether the stage writes, checks what was written, or tells what the prompt means.
  enum Role: String, Decodable {
    case candidates, check, vector
  }

  /// What the score of a text that was not written here is.
  enum Measure: String, Decodable {
    case likelihood, similarity
  }

  var model: String
  var role: Role?
  var score_by: Measure?
  var min_score: Double?
  var logit_bias: [String: Double]?
  var interface: Interface?
  var prefix: String?
  var candidates: Int?
  var max_tokens: Int?
  var temperature: Double?
  var top_k: Int?
  var top_p: Double?
  var min_p: Double?
  var repetition_penalty: Double?
  var presence_penalty: Double?
  var frequency_penalty: Double?
  var penalty_window: Int?
  var stop: [String]?
  var choices: [String]?
  var words: String?
  var field: String?

  static let jsonSchema = #"""
    {"type":"object","additionalProperties":false,"required":["model","prompt"],"properties":{
      "model":{"type":"string","minLength":1,"description":"GGUF file, relative to the manifest's folder"},
      "prompt":{"type":"string","minLength":1,
        "description":"what the model goes on with, or is asked; Liquid, such as '{{ slots.prompt }}'"},
      "prefix":{"type":"string","description":"comes before every prompt, literally, and is computed once: examples"},
      "system":{"type":"string","description":"what the model is told beforehand; Liquid; for 'chat' alone"},
      "interface":{"type":"string","enum":["chat","completions"],"default":"completions",
        "description":"'chat' is for models that were trained on turns; base models go on with a text"},
      "candidates":{"type":"integer","minimum":1,"maximum":64,"default":4,"description":"how many texts to write"},
      "max_tokens":{"type":"integer","minimum":1,"maximum":4096,
        "description":"of a text; 64, or half of what the model was made for, unless said otherwise"},
      "temperature":{"type":"number","minimum":0,"maximum":5,"default":0.8},
      "top_k":{"type":"integer","minimum":0,"default":0},
      "top_p":{"type":"number","exclusiveMinimum":0,"maximum":1,"default":0.95},
      "min_p":{"type":"number","minimum":0,"maximum":1,"default":0.05},
      "repetition_penalty":{"type":"number","exclusiveMinimum":0,"maximum":4,"default":1.1},
      "presence_penalty":{"type":"number","minimum":-10,"maximum":10,"default":0},
      "frequency_penalty":{"type":"number","minimum":-10,"maximum":10,"default":0},
      "penalty_window":{"type":"integer","minimum":0,"maximum":4096,"default":64,
        "description":"how many of the latest tokens the penalties look at"},
      "logit_bias":{"type":"object","additionalProperties":{"type":"number","minimum":-100,"maximum":100},
        "description":"what is added to the logits of texts that are one token each"},
      "stop":{"type":"array","maxItems":16,"items":{"type":"string","minLength":1},
        "description":"texts that end a candidate; unless said otherwise a line break, and none with 'choices' or 'schema'"},
      "choices":{"type":"array","minItems":1,"maxItems":10000,"items":{"type":"string","minLength":1},
        "description":"the only texts that are possible"},
      "slots":{"type":"object","additionalProperties":{"type":"string"},
        "description":"values by name; Liquid; the model may write {name} for them and no other braces"},
      "words":{"type":"string","minLength":1,
        "description":"file of lines, relative to the manifest's folder: beside slots only their words may be written"},
      "texts":{"type":"array","minItems":1,"maxItems":256,"items":{"type":"string"},
        "description":"texts to be scored in place of writing; Liquid"},
      "score_by":{"type":"string","enum":["likelihood","similarity"],"default":"likelihood",
        "description":"how given texts are scored: log-probability after the prompt, or cosine of their mean vectors"},
      "role":{"type":"string","enum":["candidates","check","vector"],"default":"candidates",
        "description":"'check' ranks what the stage wrote, by its mean score a token; 'vector' writes the prompt's mean vector"},
      "min_score":{"type":"number","description":"what a checked text must score"},
      "schema":{"type":"object","description":"JSON Schema that each text fits; see docs/neural-decoder.md"},
      "field":{"type":"string","minLength":1,"description":"member of a structured text that is the candidate"}}}
    """#

  var sampling: SamplingOptions {
    var sampling = SamplingOptions()
    sampling.temperature = temperature ?? 0.8
    sampling.topK = top_k ?? 0
    sampling.topP = top_p ?? 0.95
    sampling.minP = min_p ?? 0.05
    sampling.repetitionPenalty = repetition_penalty ?? 1.1
    sampling.presencePenalty = presence_penalty ?? 0
    sampling.frequencyPenalty = frequency_penalty ?? 0
    sampling.penaltyWindow = penalty_window ?? 64
    return sampling
  }
}
