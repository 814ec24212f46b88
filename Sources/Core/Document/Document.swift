/// An immutable document that owns its memory: a parsed file, a configuration.
///
/// Thread-safe: nothing writes to the builder once it is in here.
public final class Document: @unchecked Sendable {
  // Never written after init; hence the unchecked conformance.
  private let builder: DocumentBuilder

  /// The top value.
  ///
  /// Valid as long as this document is.
  public let root: Value

  /// Takes over a builder on which one root was finished.
  public init(_ builder: DocumentBuilder, root: Value) {
    self.builder = builder
    self.root = root
  }

  /// Builds a document of one root.
  public convenience init(_ build: (DocumentBuilder) throws -> Void) rethrows {
    let builder = DocumentBuilder()
    try build(builder)
    self.init(builder, root: builder.finishRoot())
  }

  /// Parses JSON text.
  ///
  /// - Throws: `JSONError` with the offset of what is wrong.
  public convenience init(json: String) throws(JSONError) {
    let builder = DocumentBuilder()
    let bytes = Array(json.utf8)
    let parsed: Result<Value, JSONError> = bytes.withUnsafeBufferPointer { bytes in
      do throws(JSONError) { return .success(try builder.parseJSON(bytes)) } catch { return .failure(error) }
    }
    self.init(builder, root: try parsed.get())
  }
}

extension Value: @unchecked Sendable {}
