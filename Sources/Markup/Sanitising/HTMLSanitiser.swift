/// Makes an HTML fragment of anyone harmless: what is not on the lists of a policy is left out.
///
/// The fragment is read by libxml2's HTML parser and written anew, every text escaped, so that nothing of its syntax
/// reaches the output. Comments, scripts, styles, frames, forms, drawings and foreign markup go with their content; of
/// other elements that are not allowed only the tags go. The result is a well-formed piece of HTML and of XML but for
/// void elements: every element that is opened is closed, inside the one that holds it. Safe on several threads at once.
public struct HTMLSanitiser: Sendable {
  /// The most bytes of a fragment that are read.
  public static let limit = 1 << 20

  private let policy: SanitisingPolicy

  /// A sanitiser with the lists of a policy.
  public init(_ policy: SanitisingPolicy = .page) { self.policy = policy }

  /// Appends what is harmless of a fragment.
  ///
  /// - Returns: how many elements, attributes, style declarations and cuts were left out or made.
  /// - Complexity: O(bytes).
  @discardableResult
  public func append(_ fragment: some UTF8Text, to output: inout [UInt8]) -> Int {
    fragment.withBytes { bytes in
      let isLong = bytes.count > Self.limit
      let kept = isLong ? Bytes(rebasing: bytes[..<Self.limit]) : bytes
      var writer = FragmentWriter(policy: policy, output: output)
      output = []
      FragmentParser.parse(FragmentText.readable(kept), into: &writer)
      output = writer.finish()
      return writer.removed + (isLong ? 1 : 0)
    }
  }

  /// What is harmless of a fragment.
  public func sanitised(_ fragment: some UTF8Text) -> [UInt8] {
    var output: [UInt8] = []
    append(fragment, to: &output)
    return output
  }
}
