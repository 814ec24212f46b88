import Core
import Host

extension DirtReport {
  /// Adds what was found: an array with an object for each kind.
  func writeKinds(to builder: DocumentBuilder) {
    builder.beginArray()
    for kind in DirtKind.allCases where self[kind].count > 0 {
      builder.beginObject()
      builder.key("kind")
      builder.string(kind.name)
      builder.key("outcome")
      builder.string(kind.outcome.rawValue)
      builder.key("count")
      builder.int(Int64(self[kind].count))
      builder.key("examples")
      builder.beginArray()
      for example in self[kind].examples { write(example, to: builder) }
      builder.end()
      builder.end()
    }
    builder.end()
  }

  private func write(_ example: Example, to builder: DocumentBuilder) {
    builder.beginObject()
    builder.key("line")
    builder.int(Int64(example.line))
    for (key, text) in [("field", example.field), ("reason", example.reason), ("excerpt", example.excerpt)]
    where !text.isEmpty {
      builder.key(key)
      builder.string(text)
    }
    builder.end()
  }
}
