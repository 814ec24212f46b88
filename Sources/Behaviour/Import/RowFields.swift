import Core
import Host

/// The fields of one row of a table, of JSON or of a log, as views of text; empty where a row has none.
///
/// Views are borrowed until the next row is read.
struct RowFields: ~Copyable {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  enum Outcome { case row, unreadable, robot, failedRequest, otherRequest }

  private let layout: RowLayout
  private let log: LogPaths?
  private let isLossy: Bool
  /// For each column of a table: the field it fills.
  private var fieldOfColumn: [Int8] = []
  /// For JSON, by the hash of a key: the field it fills, or -1, and its rank among the keys that could.
  private var fieldOfKey: [UInt64: (field: Int8, rank: Int)] = [:]
  /// The ranks of the keys that filled the fields of a row of JSON.
  private var ranks = [Int](repeating: .max, count: EventField.allCases.count)
  private let columns: [EventField: String]
  private var values: [Bytes]
  private var cells = CellRow()
  private let builder = DocumentBuilder()
  private var converted = ByteBuffer()
  /// Texts of this row that stand nowhere in it.
  ///
  /// Has room for all of them from the start, so that views stay.
  private var kept = ByteBuffer()
  /// Whether the row was not UTF-8.
  private(set) var wasConverted = false

  /// - Throws: `Diagnostic` of kind "unknown column" where a table lacks a column that was stated.
  init(layout: RowLayout, options: ImportOptions, file: String) throws(Diagnostic) {
    self.layout = layout
    log = options.log
    columns = options.columns
    isLossy = layout.encoding == .windows1252 && !layout.encodingIsGuess
    values = [Bytes](repeating: Bytes(start: nil, count: 0), count: EventField.allCases.count)
    guard layout.hasCells, log == nil else { return }
    for (_, name) in options.columns.sorted(by: { $0.value < $1.value }) where !layout.columns.contains(name) {
      let known = layout.columns.map { "'\($0)'" }.joined(separator: ", ")
      throw Diagnostic(
        "unknown column", "'\(file)' has no column '\(name)'; columns are \(known)",
        help: nearestName(to: name, among: layout.columns).map { "did you mean '\($0)'?" })
    }
    fieldOfColumn = layout.columns.map { name in Self.field(of: name, stated: options.columns) }
    // Of several columns that could be a field, the first alias wins, then the first column.
    for field in EventField.allCases {
      let candidates = layout.columns.indices.filter { fieldOfColumn[$0] == Int8(field.rawValue) }
      let best = candidates.min { rank(field, layout.columns[$0]) < rank(field, layout.columns[$1]) }
      for column in candidates where column != best { fieldOfColumn[column] = -1 }
    }
    for needed in [EventField.user, .time] where !fieldOfColumn.contains(Int8(needed.rawValue)) {
      let known = layout.columns.map { "'\($0)'" }.joined(separator: ", ")
      throw Diagnostic(
        "unknown column", "no column of '\(file)' holds the field '\(needed.name)'; columns are \(known)",
        help: "say which one: '--map \(needed.name)=NAME'")
    }
  }

  /// What stands in a field.
  subscript(field: EventField) -> Bytes { values[field.rawValue] }

  /// What stands in a field, without blanks around it; empty where it is a word for nothing, such as `NULL`.
  func text(_ field: EventField) -> Bytes {
    let text = trimmed(values[field.rawValue])
    guard let first = text.first, text.count <= 9 else { return text }
    // Most texts begin otherwise.
    switch first {
    case UInt8(ascii: "#"), UInt8(ascii: "("), UInt8(ascii: "-"), UInt8(ascii: "<"), UInt8(ascii: "N"),
      UInt8(ascii: "\\"), UInt8(ascii: "n"), UInt8(ascii: "u"):
      // Two letters are also a country, and people may search for any word.
      if field == .query || field == .region && text.count == 2 { return text }
      return Self.nothing.contains(hash64(text)) ? Bytes(start: nil, count: 0) : text
    default: return text
    }
  }

  /// What programs write where there is nothing: spreadsheets, R, Python, JavaScript, and databases.
  private static let nothing: Set<UInt64> = {
    let words = "#N/A #NA #NULL! -NaN -nan <NA> N/A n/a NA NaN nan NULL Null null None none nil undefined \\N (null)"
    return Set(words.split(separator: " ").map { word in Array(word.utf8).withUnsafeBufferPointer { hash64($0) } })
  }()

  /// Whether the file can hold a field at all.
  func has(_ field: EventField) -> Bool { !layout.hasCells || fieldOfColumn.contains(Int8(field.rawValue)) }

  mutating func read(_ bytes: Bytes) -> Outcome {
    for index in values.indices { values[index] = Bytes(start: nil, count: 0) }
    var row = bytes
    wasConverted = false
    if isLossy || !UTF8Check.isValid(bytes) {
      converted.removeAll()
      Windows1252.decode(bytes, whole: isLossy, into: &converted)
      row = converted.view
      wasConverted = !isLossy
    }
    if log != nil { return readLog(row) }
    return (layout.hasCells ? readCells(row) : readJSON(row)) ? .row : .unreadable
  }

  private mutating func readCells(_ row: Bytes) -> Bool {
    cells.parse(row, separator: layout.separator)
    if cells.isEmpty { return false }
    // Some programs end rows with separators.
    if cells.count > fieldOfColumn.count,
      (fieldOfColumn.count..<cells.count).contains(where: { !trimmed(cells[$0]).isEmpty })
    {
      return false
    }
    for column in 0..<min(cells.count, fieldOfColumn.count) where fieldOfColumn[column] >= 0 {
      values[Int(fieldOfColumn[column])] = cells[column]
    }
    return true
  }

  private mutating func readJSON(_ row: Bytes) -> Bool {
    builder.reset()
    for index in ranks.indices { ranks[index] = .max }
    guard let object = try? builder.parseJSON(row), object.kind == .object else { return false }
    for index in 0..<object.count {
      let key = object.key(at: index)
      let hash = hash64(key)
      let field: Int8
      let rank: Int
      if let known = fieldOfKey[hash] {
        (field, rank) = known
      } else {
        let name = String(decoding: key, as: UTF8.self)
        field = Self.field(of: name, stated: columns)
        rank = EventField(rawValue: Int(field)).map { self.rank($0, name) } ?? 0
        if fieldOfKey.count < 4096 { fieldOfKey[hash] = (field, rank) }
      }
      // Of several keys that could be a field, the first alias with a value wins, whatever their order.
      guard field >= 0, rank < ranks[Int(field)] else { continue }
      let text = Self.text(of: object[index], isConsent: Int(field) == EventField.consent.rawValue)
      if text.isEmpty { continue }
      ranks[Int(field)] = rank
      values[Int(field)] = text
    }
    return true
  }

  private static func text(of value: Value, isConsent: Bool) -> Bytes {
    switch value.kind {
    case .boolean: return value.bool == true ? yes : no
    case .object, .array:
      // Consent by purpose: to any of them.
      let told = ToldConsent(value)
      return !isConsent ? Bytes(start: nil, count: 0) : told.purposes.contains { told.answer($0) == true } ? yes : no
    default: return value.text
    }
  }

  private mutating func readLog(_ row: Bytes) -> Outcome {
    guard let log, let line = LogLine(row) else { return .unreadable }
    kept.removeAll()
    if kept.capacity < row.count + 64 { kept = ByteBuffer(capacity: row.count * 2 + 64) }
    guard let pattern = log.patterns.first(where: { match($0, line) }) else { return .otherRequest }
    if line.status >= 400 { return .failedRequest }
    values[EventField.time.rawValue] = line.time
    values[EventField.agent.rawValue] = line.agent
    values[EventField.kind.rawValue] = keep(Array(pattern.kind.name.utf8))
    if let name = log.userParameter, let user = line.parameter(name), !user.isEmpty {
      values[EventField.user.rawValue] = user
    } else if !line.user.isEmpty, !line.user.elementsEqual("-".utf8) {
      values[EventField.user.rawValue] = line.user
    } else {
      // Nobody signed in: the address and the agent together stand for a visitor, as a number that names neither.
      let hash = hash64(line.address) ^ hash64(line.agent) &* 0x9E37_79B9_7F4A_7C15
      values[EventField.user.rawValue] = keep(Array("visitor-\(String(hash, radix: 16))".utf8))
    }
    return LogLine.isRobot(line.agent) ? .robot : .row
  }

  /// Whether a request fits a pattern; fills the fields that the pattern names.
  private mutating func match(_ pattern: LogPaths.Pattern, _ line: LogLine) -> Bool {
    let parts = line.path.split(separator: UInt8(ascii: "/"))
    guard parts.count == pattern.parts.count else { return false }
    for (part, expected) in zip(parts, pattern.parts) {
      if case .text(let text) = expected, !part.elementsEqual(text) { return false }
    }
    guard pattern.parameters.allSatisfy({ line.parameter($0.name) != nil }) else { return false }
    for (part, expected) in zip(parts, pattern.parts) {
      if case .field(let field) = expected { fill(field, Bytes(rebasing: part)) }
    }
    for (name, field) in pattern.parameters {
      if let value = line.parameter(name) { fill(field, value) }
    }
    return true
  }

  private mutating func fill(_ field: EventField, _ escaped: Bytes) {
    var text: [UInt8] = []
    var index = 0
    while index < escaped.count {
      let byte = escaped[index]
      if byte == UInt8(ascii: "%"), index + 2 < escaped.count,
        let code = UInt8(String(decoding: escaped[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
      {
        text.append(code)
        index += 3
      } else {
        text.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
        index += 1
      }
    }
    let isText = text.withUnsafeBufferPointer { UTF8Check.isValid($0) }
    values[field.rawValue] = isText ? keep(text) : escaped
  }

  private mutating func keep(_ text: [UInt8]) -> Bytes {
    let start = kept.count
    text.withUnsafeBufferPointer { kept.append($0) }
    return Bytes(rebasing: kept.view[start...])
  }

  // MARK: Names

  private static func field(of name: String, stated: [EventField: String]) -> Int8 {
    if let (field, _) = stated.first(where: { $0.value == name }) { return Int8(field.rawValue) }
    let folded = foldedName(name)
    guard let field = EventField.allCases.first(where: { stated[$0] == nil && $0.aliases.contains(folded) }) else {
      return -1
    }
    return Int8(field.rawValue)
  }

  private func rank(_ field: EventField, _ column: String) -> Int {
    field.aliases.firstIndex(of: foldedName(column)) ?? field.aliases.count
  }

  private static var yes: Bytes { staticBytes("true") }
  private static var no: Bytes { staticBytes("false") }

  private static func staticBytes(_ text: StaticString) -> Bytes {
    Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }
}
