public import Core

/// Reads ARPA text.
///
/// Stated repairs, each of them counted in `warnings`: a missing back-off is 0; a missing `\end\` is not missed; an
/// n-gram whose suffix the file leaves out gets that suffix with the probability that backing off gives it anyway; a
/// missing `<unk>` gets the probability 10^-100, a missing `</s>` 10^-99. Carriage returns at the ends of lines are
/// dropped, and `<UNK>` is `<unk>`.
public struct ARPAReader {
  /// What was read.
  public let model: NGrams
  /// What was repaired.
  public let warnings: [Diagnostic]

  /// Reads a whole file's text; `name` is for messages.
  ///
  /// - Throws: `Diagnostic` with the line where the text is not ARPA.
  public init(_ text: UnsafeBufferPointer<UInt8>, name: String) throws {
    var parser = Parser(text, name: name)
    try parser.parse()
    model = parser.builder.model()
    warnings = parser.warnings()
  }

  /// Whether a text says that it is ARPA: `\data\` and counts of n-grams, behind whatever its maker put first.
  static func recognises(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var lines = LineReader(text)
    while let line = lines.nextFilled(), lines.number < Parser.longestPreface {
      if Parser.line(line, is: "\\data\\") { return lines.nextFilled()?.starts(with: "ngram ".utf8) ?? true }
    }
    return false
  }

  private struct Parser {
    static let longestPreface = 1000
    private var lines: LineReader
    private let name: String
    private var hasEnd = false
    private var missingBackoffs = 0
    var builder = NGramsBuilder(order: 1)

    init(_ text: UnsafeBufferPointer<UInt8>, name: String) {
      lines = LineReader(text)
      self.name = name
    }

    mutating func parse() throws {
      while let line = lines.nextFilled(), !Self.line(line, is: "\\data\\") {
        guard lines.number < Self.longestPreface else { break }
      }
      var counts: [Int] = []
      var header: String?
      while let line = lines.nextFilled() {
        let text = String(decoding: line, as: UTF8.self)
        guard text.hasPrefix("ngram ") else {
          header = text
          break
        }
        let parts = text.dropFirst(6).split(separator: "=").map { $0.filter { $0 != " " && $0 != "\t" } }
        guard parts.count == 2, Int(parts[0]) == counts.count + 1, let count = Int(parts[1]), count >= 0 else {
          throw fault("expected 'ngram \(counts.count + 1)=COUNT', got '\(text)'")
        }
        counts.append(count)
      }
      guard !counts.isEmpty else { throw fault("expected '\\data\\' and its counts, found the end of the text") }
      guard TrainingOptions.orders.contains(counts.count) else {
        throw fault("order must be in 1...\(TrainingOptions.orders.upperBound), got \(counts.count)")
      }
      builder = NGramsBuilder(order: counts.count)
      for (index, count) in counts.enumerated() {
        let expected = "\\\(index + 1)-grams:"
        guard header?.trimmed == expected else { throw fault("expected '\(expected)', got '\(header ?? "the end")'") }
        header = try section(order: index + 1, count: count)
      }
      hasEnd = header?.trimmed == "\\end\\"
      guard header == nil || hasEnd else { throw fault("expected '\\end\\', got '\(header ?? "")'") }
    }

    /// Reads the n-grams of one order and returns the header that follows.
    private mutating func section(order: Int, count: Int) throws -> String? {
      var words = [UInt32](repeating: 0, count: order)
      var read = 0
      while let line = lines.nextFilled() {
        if line[0] == UInt8(ascii: "\\") {
          guard read == count else { throw fault("expected \(count) n-grams of order \(order), found \(read)") }
          return String(decoding: line, as: UTF8.self)
        }
        try entry(line, order: order, words: &words)
        read += 1
        guard read <= count else { throw fault("expected \(count) n-grams of order \(order), found more") }
      }
      guard read == count else { throw fault("expected \(count) n-grams of order \(order), found \(read) and the end") }
      return nil
    }

    private mutating func entry(_ line: UnsafeBufferPointer<UInt8>, order: Int, words: inout [UInt32]) throws {
      var fields = FieldReader(line)
      guard let first = fields.next(), var probability = logarithm(first) else {
        throw fault("expected a logarithm, got '\(String(decoding: line.prefix(40), as: UTF8.self))'")
      }
      guard probability <= 0 else {
        throw fault("the logarithm of a probability must not be above 0, got \(probability)")
      }
      for index in 0..<order {
        guard let found = fields.next() else { throw fault("expected \(order) words, found \(index)") }
        let word = Self.line(found, is: "<UNK>") ? builder.vocabulary.word(Vocabulary.unknown) : found
        if order == 1 {
          guard let id = builder.add(word: word) else { throw fault("the word '\(Self.text(word))' stands twice") }
          words[0] = id
        } else {
          guard let id = builder.vocabulary.id(of: word) else {
            throw fault("the word '\(Self.text(word))' is not among the 1-grams")
          }
          words[index] = id
        }
      }
      var backoff: Float = 0
      if let field = fields.next() {
        guard order < builder.order || DecimalText.parse(field) == 0, let value = logarithm(field) else {
          throw fault("expected a back-off or the line's end, got '\(Self.text(field))'")
        }
        backoff = value
      } else if order < builder.order {
        missingBackoffs += 1
      }
      guard fields.next() == nil else { throw fault("expected the line's end after the back-off") }
      if order == 1, words[0] == Vocabulary.begin { probability = 0 }
      do {
        try builder.add(words, logProbability: probability, logBackoff: backoff)
      } catch .isRepeated {
        throw fault("the n-gram '\(text(words))' stands twice")
      } catch .lacksContext {
        throw fault("the n-gram '\(text(words))' has no context '\(text(words.dropLast()))' in the file")
      }
    }

    private func logarithm(_ field: UnsafeBufferPointer<UInt8>) -> Float? {
      if let value = DecimalText.parse(field) { return max(value, NGrams.logZero) }
      return Self.line(field, is: "-inf") ? NGrams.logZero : nil
    }

    func warnings() -> [Diagnostic] {
      var warnings: [Diagnostic] = []
      func warn(_ detail: String) {
        warnings.append(Diagnostic("repaired model", "'\(name)': \(detail)", severity: .warning))
      }
      if missingBackoffs > 0 { warn("\(missingBackoffs) n-grams had no back-off and got 0") }
      if builder.blanks > 0 { warn("\(builder.blanks) n-grams were missing as suffixes of others and were added") }
      for (word, power) in zip(Vocabulary.specials, [-100, 0, -99]) where !builder.isPresent(word) {
        warn("'\(word)' was missing and got the probability 10^\(power)")
      }
      if !hasEnd { warn("'\\end\\' was missing") }
      return warnings
    }

    private func fault(_ detail: String) -> Diagnostic {
      Diagnostic("invalid ARPA text", detail, at: SourceLocation(file: name, line: max(1, lines.number), column: 1))
    }

    private func text(_ words: some Sequence<UInt32>) -> String {
      words.map { builder.vocabulary.text($0) }.joined(separator: " ")
    }

    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    static func line(_ line: UnsafeBufferPointer<UInt8>, is text: StaticString) -> Bool {
      var line = line
      while let last = line.last, Corpus.isBlank(last) { line = UnsafeBufferPointer(rebasing: line.dropLast()) }
      return line.count == text.utf8CodeUnitCount && text.withUTF8Buffer { $0.elementsEqual(line) }
    }
  }
}

extension String {
  /// The text without blanks at its end.
  fileprivate var trimmed: String { String(reversed().drop { $0 == " " || $0 == "\t" }.reversed()) }
}
