public import Core

/// What was wrong with an input: counts by kind with the first examples.
///
/// Every row is a record or stands here as rejected: `rows` equals `records` plus `rejected`. Threads fill reports of
/// their own, which are merged in the order of the input, so that the examples do not depend on the number of threads.
public struct DirtReport: Sendable, Equatable, CustomStringConvertible {
  /// One place where a kind of dirt was found.
  public struct Example: Sendable, Equatable {
    /// The line of the file on which the row begins.
    public let line: Int
    /// The canonical field, or nothing where it is the row.
    public let field: String
    /// What exactly is wrong; empty where the kind says it.
    public let reason: String
    /// At most 80 characters of the value; empty where rows are about people.
    public let excerpt: String
  }

  /// How often a kind was found, and where first.
  public struct Entry: Sendable, Equatable {
    /// How often.
    public fileprivate(set) var count = 0
    /// The first three places.
    public fileprivate(set) var examples: [Example] = []
  }

  /// How many examples of a kind are kept.
  public static let exampleLimit = 3

  /// Rows that became records.
  public private(set) var records = 0
  /// Whether examples show what stands in the fields; not where rows are about people.
  public var showsExcerpts: Bool
  /// How many entries were made, of any kind.
  private(set) var total = 0
  private var entries = [Entry](repeating: Entry(), count: DirtKind.allCases.count)
  private var firstRejection: (kind: DirtKind, example: Example)?

  /// An empty report.
  public init(showsExcerpts: Bool = true) { self.showsExcerpts = showsExcerpts }

  /// A report as it was written down; a kind that is not known any more is left out.
  init(_ value: Value) {
    self.init()
    records = Int(value["records"].int ?? 0)
    for entry in value["kinds"].elements {
      guard let kind = entry["kind"].int.flatMap({ UInt8(exactly: $0) }).flatMap(DirtKind.init) else { continue }
      entries[Int(kind.rawValue)] = Entry(
        count: Int(entry["count"].int ?? 0),
        examples: entry["examples"].elements.map { example in
          Example(
            line: Int(example["line"].int ?? 0), field: example["field"].string ?? "",
            reason: example["reason"].string ?? "", excerpt: example["excerpt"].string ?? "")
        })
    }
    total = entries.reduce(0) { $0 + $1.count }
  }

  /// Writes the report down.
  func write(to builder: DocumentBuilder) {
    func text(_ key: StaticString, _ text: String) {
      builder.key(key)
      builder.string(text)
    }
    func number(_ key: StaticString, _ number: Int) {
      builder.key(key)
      builder.int(Int64(number))
    }
    builder.beginObject()
    number("records", records)
    builder.key("kinds")
    builder.beginArray()
    for kind in DirtKind.allCases where self[kind].count > 0 {
      builder.beginObject()
      number("kind", Int(kind.rawValue))
      number("count", self[kind].count)
      builder.key("examples")
      builder.beginArray()
      for example in self[kind].examples {
        builder.beginObject()
        number("line", example.line)
        text("field", example.field)
        text("reason", example.reason)
        text("excerpt", example.excerpt)
        builder.end()
      }
      builder.end()
      builder.end()
    }
    builder.end()
    builder.end()
  }

  /// Rows read.
  public var rows: Int { records + rejected }

  /// Rows that made no record.
  public var rejected: Int { count(of: .rejected) }

  /// How often anything with this outcome was found; for `rejected` that is the number of rows.
  public func count(of outcome: DirtKind.Outcome) -> Int {
    DirtKind.allCases.reduce(0) { $1.outcome == outcome ? $0 + entries[Int($1.rawValue)].count : $0 }
  }

  /// What was found of a kind.
  public subscript(kind: DirtKind) -> Entry { entries[Int(kind.rawValue)] }

  /// Adds another report, of later rows.
  public mutating func merge(_ later: DirtReport) {
    records += later.records
    total += later.total
    for kind in DirtKind.allCases {
      let added = later[kind]
      guard added.count > 0 else { continue }
      let index = Int(kind.rawValue)
      entries[index].count += added.count
      entries[index].examples += added.examples.prefix(Self.exampleLimit - entries[index].examples.count)
    }
    if firstRejection == nil { firstRejection = later.firstRejection }
  }

  /// The error with which a strict run stops: the first rejected row, empty ones left aside, or nil.
  public func strictFailure(file: String) -> Diagnostic? {
    guard let (kind, example) = firstRejection else { return nil }
    let field = example.field.isEmpty ? "" : " in field '\(example.field)'"
    let reason = example.reason.isEmpty ? "the row makes no record" : example.reason
    return Diagnostic(
      "rejected row", "\(kind.name)\(field): \(reason)", at: SourceLocation(file: file, line: example.line),
      excerpt: example.excerpt.isEmpty ? nil : example.excerpt, help: "mend the row, or run without '--strict'")
  }

  /// The error of an input none of whose rows makes a record, with the reason of the first; nil where one does, or where
  /// there are no rows.
  public func nothing(of name: String) -> Diagnostic? {
    let kinds = DirtKind.allCases.filter { $0.outcome == .rejected && $0 != .emptyRow && self[$0].count > 0 }
    guard records == 0, let kind = kinds.max(by: { self[$0].count < self[$1].count }) else { return nil }
    let example = self[kind].examples.first
    let reason = example.map { $0.reason.isEmpty ? kind.name : "\(kind.name), \($0.reason)" } ?? kind.name
    return Diagnostic(
      "no records", "none of the \(rows) rows of '\(name)' makes a record: \(reason)",
      at: example.map { SourceLocation(file: name, line: $0.line) },
      help: "say in the manifest, under 'map' of the input, which column holds what")
  }

  /// The report in words, a line a kind: worst first, and the most frequent first within an outcome.
  public var description: String {
    words(besides: [])
  }

  /// The report in words, without what it says of some kinds.
  public func words(besides hidden: Set<DirtKind>) -> String {
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    var lines = ["\(counted(rows, "row")): \(counted(records, "record")), \(rejected) rejected"]
    for outcome in DirtKind.Outcome.allCases {
      let kinds = DirtKind.allCases.filter { $0.outcome == outcome && self[$0].count > 0 && !hidden.contains($0) }
      for kind in kinds.sorted(by: { (self[$1].count, $0.name) < (self[$0].count, $1.name) }) {
        let places = self[kind].examples.map(\.words).joined(separator: "; ")
        lines.append("  \(outcome.rawValue) \(self[kind].count): \(kind.name) (\(places))")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Whether two reports say the same.
  public static func == (left: DirtReport, right: DirtReport) -> Bool {
    left.records == right.records && left.entries == right.entries
  }

  // MARK: Filling

  mutating func addRecord() { records += 1 }

  /// Takes back a record that turned out to repeat another.
  mutating func removeRecord() { records -= 1 }

  mutating func add(
    _ kind: DirtKind, line: Int, field: String = "", reason: String = "",
    excerpt: UnsafeBufferPointer<UInt8> = UnsafeBufferPointer(start: nil, count: 0)
  ) {
    let index = Int(kind.rawValue)
    entries[index].count += 1
    total += 1
    let isFirstRejection = firstRejection == nil && kind.outcome == .rejected && kind != .emptyRow
    guard entries[index].examples.count < Self.exampleLimit || isFirstRejection else { return }
    let example = Example(
      line: line, field: field, reason: reason, excerpt: showsExcerpts ? Self.shortened(excerpt) : "")
    if entries[index].examples.count < Self.exampleLimit { entries[index].examples.append(example) }
    if isFirstRejection { firstRejection = (kind, example) }
  }

  /// The first 80 characters, control characters and line separators shown as blanks.
  private static func shortened(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in String(decoding: bytes.prefix(400), as: UTF8.self).unicodeScalars.prefix(80) {
      let breaks = scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || 0x2028...0x2029 ~= scalar.value
      scalars.append(breaks ? " " : scalar)
    }
    return String(scalars)
  }
}

extension DirtReport.Example {
  /// "line 12, price: 'free'".
  fileprivate var words: String {
    var text = "line \(line)"
    if !field.isEmpty { text += ", \(field)" }
    if !reason.isEmpty { text += ": \(reason)" }
    if !excerpt.isEmpty { text += " '\(excerpt)'" }
    return text
  }
}
