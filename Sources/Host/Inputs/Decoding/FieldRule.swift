import Core

/// How one field of a record is made from the fields of a row.
struct FieldRule: Sendable {
  /// Where values come from: the first that is not empty counts, or all where `join` is set.
  var sources: [SourcePath] = []
  /// Whether the value is a hash of the sources, for rows without an id.
  var isHash = false
  /// What stands between joined values.
  var join: [UInt8]?
  var constant: Constant?
  /// Fields whose names begin with one of these become members.
  var prefixes: [[UInt8]] = []
  /// Members stated one by one.
  var members: [PlannedField] = []

  var scale: Decimal?
  var currency: String?
  var decimalMark: UInt8?
  var atLeast: Decimal?
  var atMost: Decimal?
  var split: [UInt8]?
  /// What stands between the parts of a text that was split.
  var with: [UInt8]?
  var values: [TextPattern: String] = [:]
  var otherwise: String?
  var except: [TextPattern] = []
  var upperCase: Bool?
  var parsesJSON = false
  var repairsMojibake = false
  var stripsHTML = false
  var decodesEntities = false
  var dropsTables = false
  var inspects = false
  var language: String?

  enum Constant: Sendable {
    case text([UInt8])
    case number([UInt8])
    case truth(Bool)
  }

  /// Whether the value is simply the first of the sources that is not empty.
  var isPlain: Bool { join == nil && !isHash && constant == nil && prefixes.isEmpty && members.isEmpty && !parsesJSON }

  /// Whether an option speaks of numbers.
  var isNumeric: Bool { scale != nil || decimalMark != nil || atLeast != nil || atMost != nil }

  /// Whether texts are changed before their shape is looked at.
  private(set) var changesText = false

  /// Works out what depends on the options, once they are all read.
  mutating func finish() {
    changesText =
      repairsMojibake || stripsHTML || decodesEntities || dropsTables || upperCase != nil || !values.isEmpty
      || otherwise != nil || with != nil
  }
}

/// A text, or the beginning of one where it is written with a `*` at its end.
struct TextPattern: Sendable, Hashable {
  let text: [UInt8]
  let isPrefix: Bool

  init(_ pattern: String) {
    isPrefix = pattern.hasSuffix("*")
    text = Array(isPrefix ? pattern.dropLast().utf8 : pattern[...].utf8)
  }

  func matches(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    isPrefix ? value.starts(with: text) : value.elementsEqual(text)
  }
}

/// The place of a value in a row: a field by its whole name, or a path with dots into it.
final class SourcePath: Sendable {
  let name: String
  /// Whether the value lies elsewhere than the field that is made from it.
  let isMoved: Bool
  /// The slot of the whole name, and of the part before the first dot.
  let whole: Int
  let first: Int
  /// The names behind the first dot.
  let rest: [String]

  init(name: String, isMoved: Bool, whole: Int, first: Int, rest: [String]) {
    self.name = name
    self.isMoved = isMoved
    self.whole = whole
    self.first = first
    self.rest = rest
  }
}

/// Numbers names from 0; a look-up allocates nothing.
struct NameTable: Sendable {
  private(set) var names: [[UInt8]] = []
  /// Indices into `names` plus one, by hash; 0 is free.
  private var slots = [Int32](repeating: 0, count: 64)

  /// The number of a name, which is added where it is new.
  mutating func add(_ name: String) -> Int {
    let bytes = Array(name.utf8)
    if let index = bytes.withUnsafeBufferPointer({ self[$0] }) { return index }
    names.append(bytes)
    if names.count * 2 > slots.count { slots = [Int32](repeating: 0, count: slots.count * 2) }
    for index in (names.count * 2 > slots.count / 2 ? 0 : names.count - 1)..<names.count { place(index) }
    return names.count - 1
  }

  /// The number of a name.
  subscript(name: UnsafeBufferPointer<UInt8>) -> Int? {
    var slot = hash(name) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if names[index].count == name.count, name.elementsEqual(names[index]) { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private mutating func place(_ index: Int) {
    var slot = names[index].withUnsafeBufferPointer { hash($0) } & (slots.count - 1)
    while slots[slot] != 0 {
      if Int(slots[slot]) == index + 1 { return }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(index + 1)
  }

  private func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int { Int(truncatingIfNeeded: hash64(name) >> 8) }
}
