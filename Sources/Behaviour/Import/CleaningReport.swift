public import Core

/// What was found in rows of events, and what became of it.
public enum Finding: String, Sendable, CaseIterable {
  case unreadableRow = "unreadable row"
  case missingUser = "missing user"
  case missingTime = "missing time"
  case unreadableTime = "unreadable time"
  case impossibleTime = "impossible time"
  case ambiguousTime = "date of which day and month may be exchanged"
  case unknownKind = "unknown kind"
  case missingProduct = "missing product"
  case otherCode = "code that is no product"
  case duplicate = "duplicate event"
  case conflictingID = "id of another event"
  case negativeQuantity = "negative quantity"
  case zeroQuantity = "zero quantity"
  case negativePrice = "negative price"
  case zeroPrice = "price of zero"
  case missingQuantity = "missing quantity"
  case missingPrice = "missing price"
  case unreadableNumber = "unreadable number"
  case outlyingQuantity = "outlying quantity"
  case outlyingPrice = "outlying price"
  case robot = "robot"
  case failedRequest = "failed request"
  case otherRequest = "request that is no event"
  case withoutConsent = "no consent"
  case erased = "erased person"
  case outerBlanks = "outer blanks"
  case decimalID = "id written as a decimal"
  case letterCase = "letter case"
  case otherEncoding = "not UTF-8"
  case cancellation = "cancellation"
  case outOfOrder = "out of order"
  case late = "late event"
  case notation = "notation found out from the first rows"

  /// What became of the event.
  public enum Outcome: String, Sendable, CaseIterable {
    case dropped, mean, median, mode, interpolation, mended, kept

    /// The outcome in words.
    public var words: String {
      switch self {
      case .dropped: "dropped"
      case .kept: "kept"
      case .mended: "repaired"
      case .mean, .median, .mode: "repaired by the \(rawValue)"
      case .interpolation: "repaired by interpolation"
      }
    }
  }
}

/// What cleaning found in one file: counts with the first examples.
///
/// Every row is an event or stands here as dropped.
public struct CleaningReport: Sendable, Equatable, CustomStringConvertible {
  /// One place where something was found.
  public struct Example: Sendable, Equatable {
    /// The line of the file.
    public let line: Int
    /// At most 40 characters of the value; empty where it says who a person is.
    public fileprivate(set) var excerpt: String
  }

  /// How often something was found with one outcome.
  public struct Entry: Sendable, Equatable {
    /// How often.
    public fileprivate(set) var count = 0
    /// The first three places.
    public fileprivate(set) var examples: [Example] = []
  }

  private static let exampleLimit = 3

  /// Rows read.
  public internal(set) var rows = 0
  /// Events that are new in the database.
  public internal(set) var events = 0
  private var entries = [Entry](repeating: Entry(), count: Finding.allCases.count * Finding.Outcome.allCases.count)
  private static let places: [Finding: Int] = Dictionary(
    uniqueKeysWithValues: Finding.allCases.enumerated().map { ($1, $0) })
  private static let outcomes: [Finding.Outcome: Int] = Dictionary(
    uniqueKeysWithValues: Finding.Outcome.allCases.enumerated().map { ($1, $0) })

  /// An empty report.
  public init() {}

  /// What was found with one outcome.
  public subscript(finding: Finding, outcome: Finding.Outcome) -> Entry { entries[Self.place(finding, outcome)] }

  /// How often something was found, whatever became of it.
  public func count(of finding: Finding) -> Int {
    Finding.Outcome.allCases.reduce(0) { $0 + self[finding, $1].count }
  }

  /// Rows that made no new event.
  public var dropped: Int { Finding.allCases.reduce(0) { $0 + self[$1, .dropped].count } }

  private static func place(_ finding: Finding, _ outcome: Finding.Outcome) -> Int {
    (places[finding] ?? 0) * Finding.Outcome.allCases.count + (outcomes[outcome] ?? 0)
  }

  mutating func add(_ finding: Finding, _ outcome: Finding.Outcome, line: Int, excerpt: @autoclosure () -> String = "")
  {
    let place = Self.place(finding, outcome)
    entries[place].count += 1
    if entries[place].examples.count < Self.exampleLimit {
      let shown = String.UnicodeScalarView(excerpt().unicodeScalars.prefix(40).map { $0.value < 0x20 ? " " : $0 })
      entries[place].examples.append(Example(line: line, excerpt: String(shown)))
    }
  }

  /// Empties the excerpts that hold a text; whether there was one.
  mutating func forget(_ text: String) -> Bool {
    var found = false
    for place in entries.indices {
      for example in entries[place].examples.indices where entries[place].examples[example].excerpt.contains(text) {
        entries[place].examples[example].excerpt = ""
        found = true
      }
    }
    return found
  }

  /// Adds a report about another file.
  public mutating func merge(_ other: CleaningReport) {
    rows += other.rows
    events += other.events
    for place in entries.indices {
      entries[place].count += other.entries[place].count
      entries[place].examples += other.entries[place].examples.prefix(
        Self.exampleLimit - entries[place].examples.count)
    }
  }

  /// Everything found, in the order of the cases.
  private var found: [(finding: Finding, outcome: Finding.Outcome, entry: Entry)] {
    Finding.allCases.flatMap { finding in
      Finding.Outcome.allCases.compactMap { outcome in
        let entry = self[finding, outcome]
        return entry.count > 0 ? (finding, outcome, entry) : nil
      }
    }
  }

  /// The report in words, a line a finding, the most frequent first within an outcome.
  public var description: String {
    var lines = ["\(rows) rows: \(events) new events, \(dropped) dropped"]
    for outcome in Finding.Outcome.allCases {
      let matching = found.filter { $0.outcome == outcome }
      for (finding, _, entry) in matching.sorted(by: { $0.entry.count > $1.entry.count }) {
        let places = entry.examples.map { "line \($0.line)\($0.excerpt.isEmpty ? "" : " '\($0.excerpt)'")" }
        lines.append("  \(outcome.words) \(entry.count): \(finding.rawValue) (\(places.joined(separator: "; ")))")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Adds the report as members of the open object.
  public func write(to builder: DocumentBuilder) {
    builder.key("rows")
    builder.int(Int64(rows))
    builder.key("events")
    builder.int(Int64(events))
    builder.key("dropped")
    builder.int(Int64(dropped))
    builder.key("findings")
    builder.beginArray()
    for (finding, outcome, entry) in found {
      builder.beginObject()
      builder.key("finding")
      builder.string(finding.rawValue)
      builder.key("outcome")
      builder.string(outcome.rawValue)
      builder.key("count")
      builder.int(Int64(entry.count))
      builder.key("examples")
      builder.beginArray()
      for example in entry.examples {
        builder.beginObject()
        builder.key("line")
        builder.int(Int64(example.line))
        if !example.excerpt.isEmpty {
          builder.key("excerpt")
          builder.string(example.excerpt)
        }
        builder.end()
      }
      builder.end()
      builder.end()
    }
    builder.end()
  }

  /// The report as JSON.
  var json: String {
    Document {
      $0.beginObject()
      write(to: $0)
      $0.end()
    }.json
  }

  /// Reads what `json` wrote; parts that are not understood are left out.
  init(json: String) throws(JSONError) {
    let document = try Document(json: json)
    withExtendedLifetime(document) {
      rows = Int(document.root["rows"].int ?? 0)
      events = Int(document.root["events"].int ?? 0)
      let found = document.root["findings"]
      for index in 0..<found.count {
        let value = found[index]
        guard let finding = value["finding"].string.flatMap({ Finding(rawValue: $0) }),
          let outcome = value["outcome"].string.flatMap({ Finding.Outcome(rawValue: $0) })
        else { continue }
        var entry = Entry()
        entry.count = Int(value["count"].int ?? 0)
        for example in 0..<value["examples"].count {
          let place = value["examples"][example]
          entry.examples.append(
            Example(line: Int(place["line"].int ?? 0), excerpt: place["excerpt"].string ?? ""))
        }
        entries[Self.place(finding, outcome)] = entry
      }
    }
  }
}
