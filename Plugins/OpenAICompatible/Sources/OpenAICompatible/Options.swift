/// The options of a stage; their schema is `OpenAICompatible.info.config`.
struct Options: Decodable {
  /// Which of the two interfaces the server is asked through.
  enum Interface: String, Decodable {
    case chat, completions
  }

  /// How a server is told of a JSON Schema that its answer must fit.
  enum Dialect: String, Decodable {
    case openai, vllm, ollama
    case llamaServer = "llama-server"
  }

  var base_url: String
  var model: String
  var interface: Interface?
  var api_key_env: String?
  var candidates: Int?
  var max_tokens: Int?
  var temperature: Double?
  var top_p: Double?
  var top_k: Int?
  var min_p: Double?
  var presence_penalty: Double?
  var frequency_penalty: Double?
  var stop: [String]?
  var stream: Bool?
  var logprobs: Bool?
  var schema: JSONValue?
  var dialect: Dialect?
  var field: String?
  var extra: [String: JSONValue]?
  var probe: Bool?
  var concurrency: Int?
  var retries: Int?
  var connect_timeout_seconds: Double?
  var first_token_timeout_seconds: Double?
  var timeout_seconds: Double?
  var max_response_bytes: Int?

  static let jsonSchema = #"""
    {"type":"object","additionalProperties":false,"required":["base_url","model","prompt"],"properties":{
      "base_url":{"type":"string","minLength":1,
        "description":"where the server's interface begins, such as 'http://127.0.0.1:8080/v1'"},
      "model":{"type":"string","minLength":1,"description":"name of the model, as the server lists it"},
      "prompt":{"type":"string","minLength":1,
        "description":"what the model is asked; Liquid, such as '{{ slots.prompt }}' of an earlier template-filler"},
      "system":{"type":"string","description":"what the model is told beforehand; Liquid; for 'chat' alone"},
      "interface":{"type":"string","enum":["chat","completions"],"default":"chat",
        "description":"'completions' is for base models, which go on with a text"},
      "api_key_env":{"type":"string","minLength":1,
        "description":"environment variable that holds the key; the key itself never stands in a manifest"},
      "candidates":{"type":"integer","minimum":1,"maximum":64,"default":1,
        "description":"how many texts to ask for, each with a seed of its own"},
      "max_tokens":{"type":"integer","minimum":1,"maximum":100000,"default":256},
      "temperature":{"type":"number","minimum":0,"maximum":5},
      "top_p":{"type":"number","exclusiveMinimum":0,"maximum":1},
      "top_k":{"type":"integer","minimum":0},
      "min_p":{"type":"number","minimum":0,"maximum":1},
      "presence_penalty":{"type":"number","minimum":-2,"maximum":2},
      "frequency_penalty":{"type":"number","minimum":-2,"maximum":2},
      "stop":{"type":"array","maxItems":16,"items":{"type":"string","minLength":1}},
      "stream":{"type":"boolean","default":true,"description":"whether the answer is read while it is written"},
      "logprobs":{"type":"boolean","default":true,
        "description":"whether to ask for log-probabilities, which become the candidates' scores"},
      "schema":{"type":"object","description":"JSON Schema that the answer must fit"},
      "dialect":{"type":"string","enum":["openai","vllm","ollama","llama-server"],"default":"openai",
        "description":"how the server is told of the schema"},
      "field":{"type":"string","minLength":1,"description":"member of a structured answer that is the text"},
      "extra":{"type":"object","description":"further members of the request, as they are"},
      "probe":{"type":"boolean","default":true,"description":"whether to ask for the server's models before the first brief"},
      "concurrency":{"type":"integer","minimum":1,"maximum":256,"default":8,
        "description":"most requests under way at once"},
      "retries":{"type":"integer","minimum":0,"maximum":10,"default":3,
        "description":"how often to try again where the server says that it is busy (429, 503)"},
      "connect_timeout_seconds":{"type":"number","exclusiveMinimum":0,"maximum":600,"default":5},
      "first_token_timeout_seconds":{"type":"number","exclusiveMinimum":0,"maximum":3600,"default":30},
      "timeout_seconds":{"type":"number","exclusiveMinimum":0,"maximum":3600,"default":120},
      "max_response_bytes":{"type":"integer","minimum":1024,"maximum":268435456,"default":4194304}}}
    """#
}
