import FoundationEssentials

/// The JSON that a request carries.
struct RequestBody {
  let options: Options

  /// - Parameter seed: for this one text; servers that know no seeds ignore it.
  func bytes(prompt: String, system: String?, seed: UInt64) throws -> [UInt8] {
    var body = options.extra ?? [:]
    body["model"] = .string(options.model)
    switch options.interface ?? .chat {
    case .chat:
      let messages = [("system", system), ("user", prompt)].compactMap { role, text in
        text.map { JSONValue.object(["role": .string(role), "content": .string($0)]) }
      }
      body["messages"] = .array(messages)
      if options.logprobs ?? true { body["logprobs"] = .bool(true) }
    case .completions:
      body["prompt"] = .string(prompt)
      if options.logprobs ?? true { body["logprobs"] = .int(1) }
    }
    // Seeds of 31 bits are those that every server takes.
    body["seed"] = .int(Int(seed & 0x7FFF_FFFF))
    body["max_tokens"] = .int(options.max_tokens ?? 256)
    body["temperature"] = options.temperature.map(JSONValue.number)
    body["top_p"] = options.top_p.map(JSONValue.number)
    body["top_k"] = options.top_k.map(JSONValue.int)
    body["min_p"] = options.min_p.map(JSONValue.number)
    body["presence_penalty"] = options.presence_penalty.map(JSONValue.number)
    body["frequency_penalty"] = options.frequency_penalty.map(JSONValue.number)
    body["stop"] = options.stop.map { .array($0.map(JSONValue.string)) }
    if options.stream ?? true {
      body["stream"] = .bool(true)
      body["stream_options"] = .object(["include_usage": .bool(true)])
    }
    if let schema = options.schema { structure(&body, schema) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(body))
  }

  private func structure(_ body: inout [String: JSONValue], _ schema: JSONValue) {
    switch options.dialect ?? .openai {
    case .openai:
      let named = JSONValue.object(["name": .string("answer"), "strict": .bool(true), "schema": schema])
      body["response_format"] = .object(["type": .string("json_schema"), "json_schema": named])
    case .llamaServer: body["response_format"] = .object(["type": .string("json_object"), "schema": schema])
    case .vllm: body["structured_outputs"] = .object(["json": schema])
    case .ollama: body["format"] = schema
    }
  }
}
