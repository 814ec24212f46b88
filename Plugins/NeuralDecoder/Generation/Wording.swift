/// The words of some lines and the marks between them: what a text may be put together from, beside slots.
///
/// People can read the list beforehand: a text of these words says nothing that they do not.
public struct Wording: Sendable {
  /// Words, or slots, that nothing stands between; in order, so that the same lines make the same pattern.
  private let units: [[UInt8]]
  private let openings: [[UInt8]]
  private let separators: [[UInt8]]
  private let closings: [[UInt8]]

  /// Reads lines; `{name}` in them is a slot.
  public init(lines text: String) {
    var units: Set<[UInt8]> = []
    var (openings, separators, closings): (Set<[UInt8]>, Set<[UInt8]>, Set<[UInt8]>) = ([], [], [])
    for line in text.split(whereSeparator: \.isNewline) {
      var mark: [UInt8] = []
      var unit: [UInt8] = []
      var isFirst = true
      let scalars = Array(line.unicodeScalars)
      var slotEnd = -1
      for (place, scalar) in scalars.enumerated() {
        if scalar == "{", place > slotEnd { slotEnd = Self.slotEnd(scalars, from: place) ?? slotEnd }
        if place <= slotEnd || Self.belongsToWords(scalar) {
          if unit.isEmpty {
            if isFirst { openings.insert(mark) } else { separators.insert(mark) }
            (mark, isFirst) = ([], false)
          }
          unit += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        } else {
          if !unit.isEmpty { units.insert(unit) }
          unit = []
          // A brace that is no slot's must not become part of one.
          let shown = scalar == "{" || scalar == "}" ? " " : scalar
          mark += Array(UTF8.encode(shown) ?? UTF8.encodedReplacementCharacter)
        }
      }
      if !unit.isEmpty { units.insert(unit) }
      if !isFirst { closings.insert(mark) }
    }
    func inOrder(_ set: Set<[UInt8]>) -> [[UInt8]] { set.sorted { $0.lexicographicallyPrecedes($1) } }
    self.units = inOrder(units)
    self.openings = inOrder(openings)
    self.separators = inOrder(separators)
    self.closings = inOrder(closings)
  }

  /// Texts of these words in which only these slots stand, alone or as in the lines.
  public func pattern(slots: [String]) -> Pattern {
    let known = Set(slots.map { Array("{\($0)}".utf8) })
    let usable = units.filter { unit in Self.slots(of: unit).allSatisfy(known.contains) }
    let all = usable + known.subtracting(usable).sorted { $0.lexicographicallyPrecedes($1) }
    let unit = Pattern.choice(all.map(Pattern.literal))
    func any(_ marks: [[UInt8]]) -> Pattern { .choice(marks.map(Pattern.literal)) }
    return .sequence([
      any(openings), unit, .repeated(.sequence([any(separators), unit]), least: 0, most: nil), any(closings),
    ])
  }

  /// Letters, digits, and what stands within words.
  private static func belongsToWords(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "'’-".unicodeScalars.contains(scalar)
      || scalar.properties.generalCategory == .nonspacingMark
  }

  /// Where the brace stands that closes the one at a place, or nil.
  private static func slotEnd(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
    scalars[(start + 1)...].firstIndex { $0 == "{" || $0 == "}" }.flatMap { scalars[$0] == "}" ? $0 : nil }
  }

  private static func slots(of unit: [UInt8]) -> [[UInt8]] {
    var slots: [[UInt8]] = []
    var rest = unit[...]
    while let open = rest.firstIndex(of: UInt8(ascii: "{")), let close = rest[open...].firstIndex(of: UInt8(ascii: "}"))
    {
      slots.append(Array(rest[open...close]))
      rest = rest[(close + 1)...]
    }
    return slots
  }
}
