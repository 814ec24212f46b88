/// What is wrong with a YAML text, in words for people who do not know how it is read, and how to mend it.
struct YAMLFault {
  let detail: String
  let help: String?
  /// Whether the fault is where what could not be read began, rather than where reading stopped.
  let isWhereItBegan: Bool

  /// - Parameters:
  ///   - problem: the parser's words.
  ///   - context: its words for what it was reading.
  ///   - line: the line where it stopped.
  ///   - column: where in it, from 1.
  init(_ problem: String, context: String, line: String, column: Int) {
    let character = line.unicodeScalars.dropFirst(max(0, column - 1)).first
    let hasBraces = line.contains("{{") || line.contains("{%")
    let quotes = "a text with '{{' in it must stand in quotes: \"{{ ... }}\""
    switch problem {
    case _ where problem.contains("cannot start any token") && character == "\t":
      self.init("a tab stands where blanks must be", help: "indent with blanks")
    case _ where problem.contains("cannot start any token"):
      self.init(
        "'\(character.map { String($0) } ?? "")' cannot begin a text",
        help: hasBraces ? quotes : "put the text in quotes")
    case _ where problem.contains("expected ',' or"), _ where problem.contains("expected node content"):
      self.init(
        problem.contains("']'") ? "a list in '[ ]' does not go on as one" : "an object in '{ }' does not go on as one",
        help: hasBraces ? quotes : "look for a missing comma, bracket or quote")
    case _ where problem.contains("could not find expected ':'"):
      self.init("a line that is no 'key: value'", help: "write a colon and a blank behind the key", began: true)
    case _ where problem.contains("mapping values are not allowed"):
      self.init(
        "a second ': ' in one line, or a line that is indented further than its neighbours",
        help: "put a text with ': ' in it in quotes, and begin neighbours in one column")
    case _ where problem.contains("did not find expected key"), _ where problem.contains("did not find expected '-'"):
      self.init(
        "this does not go on with what stands above",
        help: hasBraces && !line.contains("\"")
          ? quotes : "neighbours must begin in one column, and quotes above must be closed")
    case _ where problem.contains("unexpected end of stream"):
      self.init("the quote that begins here is never closed", help: "close it", began: true)
    default:
      let text = context.isEmpty ? problem : "\(problem), \(context)"
      self.init(text.trimmed, help: nil)
    }
  }

  private init(_ detail: String, help: String?, began: Bool = false) {
    self.detail = detail
    self.help = help
    isWhereItBegan = began
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    return String(text)
  }
}
