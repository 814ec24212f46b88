import Core

extension ConfigSchema {
  /// Options that fit the schema, with no more in them than it requires.
  func sample() -> Document {
    Document { Self.sample(root, $0) }
  }

  /// Options that the host would turn down, each with words for what is wrong with it.
  func misfits() -> [(words: String, options: Document)] {
    var misfits: [(String, Document)] = []
    let kinds: [(words: String, write: (DocumentBuilder) -> Void)] = [
      ("null", { $0.null() }), ("true", { $0.bool(true) }), ("-1", { $0.int(-1) }), ("0.5", { $0.double(0.5) }),
      ("an empty text", { $0.string("") }), ("a text of 100,000 bytes", { $0.string(OddValue.long) }),
      ("an empty array", { OddValue.emptyArray($0) }), ("an empty object", { OddValue.emptyObject($0) }),
    ]
    func add(_ words: String, _ build: (DocumentBuilder) -> Void) {
      let document = Document(build)
      if !faults(of: document.root).isEmpty { misfits.append((words, document)) }
    }
    for kind in kinds { add("options that are \(kind.words)", kind.write) }
    let sample = sample()
    let properties = root["properties"]
    for index in 0..<properties.count {
      let name = String(decoding: properties.key(at: index), as: UTF8.self)
      add("option '\(name)' missing") { Self.write(sample.root, in: $0, without: name) {} }
      for kind in kinds {
        add("option '\(name)' being \(kind.words)") { builder in
          Self.write(sample.root, in: builder, without: name) {
            builder.key(name)
            kind.write(builder)
          }
        }
      }
    }
    add("an option that does not exist") { builder in
      Self.write(sample.root, in: builder, without: "") {
        builder.key("no-such-option")
        builder.string(OddValue.long)
      }
    }
    return misfits
  }

  private static func write(
    _ object: Value, in builder: DocumentBuilder, without name: String, more: () -> Void
  ) {
    builder.beginObject()
    for index in 0..<object.count where String(decoding: object.key(at: index), as: UTF8.self) != name {
      builder.key(object.key(at: index))
      builder.copy(object[index])
    }
    more()
    builder.end()
  }

  private static func sample(_ schema: Value, _ builder: DocumentBuilder) {
    for given in [schema["default"], schema["const"], schema["enum"][0], schema["examples"][0]]
    where given.kind != .missing {
      return builder.copy(given)
    }
    let type = schema["type"].kind == .array ? schema["type"][0] : schema["type"]
    switch type.string {
    case "boolean": builder.bool(false)
    case "integer", "number":
      let least = schema["minimum"].int ?? schema["exclusiveMinimum"].int.map { $0 + 1 }
      builder.int(least ?? min(1, schema["maximum"].int ?? 1))
    case "string": builder.string(String(repeating: "a", count: max(1, Int(schema["minLength"].int ?? 1))))
    case "array":
      builder.beginArray()
      for _ in 0..<min(1000, max(0, schema["minItems"].int ?? 0)) { sample(schema["items"], builder) }
      builder.end()
    case "null": builder.null()
    default:
      let required = schema["required"].elements.compactMap(\.string)
      builder.beginObject()
      for name in required {
        builder.key(name)
        sample(schema["properties"][name], builder)
      }
      builder.end()
    }
  }
}
