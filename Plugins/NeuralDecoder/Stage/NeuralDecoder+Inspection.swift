import Core
public import PluginAPI

extension NeuralDecoder: InspectablePlugin {
  /// What can be asked of a model.
  public static let inspectionConfig = #"""
    {"type":"object","additionalProperties":false,"properties":{
      "texts":{"type":"array","maxItems":256,"items":{"type":"string"},
        "description":"texts whose tokens are counted, and which are compared with each other"},
      "vectors":{"type":"boolean","default":false,"description":"whether the texts' mean vectors are shown"}}}
    """#

  private struct Questions: Decodable {
    var texts: [String]?
    var vectors: Bool?
  }

  /// Tells what a model holds: sizes, types, and how alike it finds texts.
  public static func inspect(_ file: InspectedFile, into output: PluginAPI.Output) throws {
    let questions = try file.config.exists ? file.config.decode(Questions.self) : Questions()
    do {
      let model = try GGUFFile(UnsafeRawBufferPointer(file.bytes))
      let tokenizer = try Tokenizer(model)
      let shape = try ModelShape(model, vocabulary: tokenizer.vocabulary.count)
      try output.open(.json).object { json in
        show(model, tokenizer, shape, json)
        if let texts = questions.texts, !texts.isEmpty {
          let pool = ThreadPool(count: 1)
          let decoder = Decoder(try Model(model, pool: pool), pool: pool)
          compare(texts, decoder, vectors: questions.vectors ?? false, json)
        }
      }
    } catch let error as Diagnostic {
      throw PluginError(.input, "'\(file.name)': \(error)")
    }
  }

  private static func show(
    _ file: GGUFFile, _ tokenizer: Tokenizer, _ shape: ModelShape, _ json: StructuredOutput
  ) {
    json.member("format", "GGUF 3")
    json.member("architecture", shape.architecture.rawValue)
    if let name = file.text("general.name") { json.member("name", name) }
    if let licence = file.text("general.license") { json.member("license", licence) }
    json.member("parameters", file.tensors.values.reduce(0) { $0 + $1.rows * $1.columns })
    json.member("layers", shape.layers)
    json.member("width", shape.width)
    json.member("context_length", shape.contextLength)
    json.member("tokens", shape.vocabulary)
    json.member("chat", ChatTurns(tokenizer).map { "\($0)" } ?? "none")
    let types = Dictionary(grouping: file.tensors.values, by: \.type).sorted { $0.key.rawValue < $1.key.rawValue }
    json.member("types", types.map { "\($0.value.count) \($0.key)" }.joined(separator: ", "))
  }

  private static func compare(_ texts: [String], _ decoder: Decoder, vectors: Bool, _ json: StructuredOutput) {
    let tokens = texts.map { decoder.model.tokenizer.encode($0, beginning: true) }
    let found = decoder.embed(tokens)
    json.key("texts")
    json.array { list in
      for (index, text) in texts.enumerated() {
        list.object { entry in
          entry.member("text", text)
          entry.member("tokens", tokens[index].count)
          entry.key("similarity")
          entry.array { row in
            for other in found { row.double(Double(zip(found[index], other).reduce(0) { $0 + $1.0 * $1.1 })) }
          }
          if vectors {
            entry.key("vector")
            entry.array { row in for number in found[index] { row.double(Double(number)) } }
          }
        }
      }
    }
  }
}
