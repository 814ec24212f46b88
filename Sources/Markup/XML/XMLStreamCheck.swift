/// Whether XML is well-formed, read piece by piece while it is made; the rules are those of `XMLCheck`, which tells where
/// the fault is.
///
/// Not thread-safe.
public final class XMLStreamCheck {
  private let parser = XMLPushParser()

  /// A check that has read nothing.
  public init() {}

  /// Reads the next piece.
  public func feed(_ piece: some UTF8Text) { piece.withBytes { parser.feed($0) } }

  /// Ends the text; true where all of it was well-formed.
  public func finish() -> Bool {
    parser.finish()
    return parser.fault == nil
  }
}
