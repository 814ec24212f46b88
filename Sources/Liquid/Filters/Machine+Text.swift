extension Machine {
  enum LetterCase { case lower, upper, capital }

  mutating func changeCase(_ input: Datum, _ letterCase: LetterCase) -> Datum {
    let text = text(of: input)
    guard text.isASCII else { return changeUnicodeCase(text, letterCase) }
    let result = arena.allocate(bytes: text.count).bindMemory(to: UInt8.self, capacity: text.count)
    for index in 0..<text.count {
      let byte = text[index]
      let isUp = letterCase == .upper || (letterCase == .capital && index == 0)
      if isUp {
        result[index] = byte &- 97 < 26 ? byte & 0xDF : byte
      } else {
        result[index] = byte &- 65 < 26 ? byte | 0x20 : byte
      }
    }
    return Datum(Bytes(start: result, count: text.count), isSafe: input.isSafe)
  }

  private mutating func changeUnicodeCase(_ text: Bytes, _ letterCase: LetterCase) -> Datum {
    let mark = out.count
    var isFirst = true
    for character in text.string.unicodeScalars {
      switch letterCase {
      case .upper: out.append(character.properties.uppercaseMapping)
      case .lower: out.append(character.properties.lowercaseMapping)
      case .capital:
        out.append(isFirst ? character.properties.titlecaseMapping : character.properties.lowercaseMapping)
      }
      isFirst = false
    }
    return take(from: mark)
  }

  mutating func strip(_ input: Datum, left: Bool, right: Bool) -> Datum {
    let text = text(of: input)
    var first = 0
    var last = text.count
    while left, first < last, isStripped(text[first]) { first += 1 }
    while right, last > first, isStripped(text[last - 1]) { last -= 1 }
    return Datum(text.part(first..<last), isSafe: input.isSafe)
  }

  mutating func squish(_ input: Datum) -> Datum {
    let text = text(of: input).trimmed
    let mark = out.count
    var wasSpace = false
    for byte in text {
      if !isSpace(byte) {
        out.append(byte)
      } else if !wasSpace {
        out.append(UInt8(ascii: " "))
      }
      wasSpace = isSpace(byte)
    }
    return take(from: mark, isSafe: input.isSafe)
  }

  // MARK: Joining and replacing

  mutating func joined(_ left: Datum, _ right: Datum) -> Datum {
    let (a, b) = (text(of: left), text(of: right))
    let result = arena.allocate(bytes: a.count + b.count).bindMemory(to: UInt8.self, capacity: a.count + b.count)
    if let start = a.baseAddress { result.initialize(from: start, count: a.count) }
    if let start = b.baseAddress { (result + a.count).initialize(from: start, count: b.count) }
    // Text joined to escaped text is escaped again, unless it is known to be escaped too.
    return Datum(Bytes(start: result, count: a.count + b.count), isSafe: left.isSafe && right.isSafe)
  }

  enum Occurrence { case all, first, last }

  mutating func replace(
    _ input: Datum, _ pattern: Datum, _ replacement: Datum, _ which: Occurrence
  ) throws(Stop) -> Datum {
    let text = text(of: input)
    let pattern = self.text(of: pattern)
    let replacement = self.text(of: replacement)
    let mark = out.count
    switch which {
    case .all:
      var from = 0
      while from <= text.count, let found = text.firstIndex(of: pattern, from: from) {
        out.append(text.part(from..<found))
        try appendReplacement(replacement, for: pattern, at: found, in: text)
        from = found + pattern.count
        if pattern.isEmpty {
          // An empty pattern stands before every character and at the end.
          guard found < text.count else { return take(from: mark) }
          from = text.offset(ofCharacter: 1, from: found)
          out.append(text.part(found..<from))
        }
      }
      if from < text.count { out.append(text.part(from..<text.count)) }
    case .first, .last:
      guard let found = which == .first ? text.firstIndex(of: pattern) : text.lastIndex(of: pattern) else {
        return Datum(text, isSafe: input.isSafe)
      }
      out.append(text.part(0..<found))
      if which == .last {
        out.append(replacement)
      } else {
        try appendReplacement(replacement, for: pattern, at: found, in: text)
      }
      out.append(text.part(found + pattern.count..<text.count))
    }
    return take(from: mark)
  }

  /// Writes what stands in for a match: Ruby's `sub` and `gsub` give some backslashes a meaning.
  private mutating func appendReplacement(
    _ replacement: Bytes, for pattern: Bytes, at found: Int, in text: Bytes
  ) throws(Stop) {
    var at = 0
    while at < replacement.count {
      guard replacement[at] == UInt8(ascii: "\\"), at + 1 < replacement.count else {
        out.append(replacement[at])
        at += 1
        continue
      }
      let next = replacement[at + 1]
      switch next {
      case UInt8(ascii: "0"), UInt8(ascii: "&"): out.append(pattern)
      case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "+"): break
      case UInt8(ascii: "`"): out.append(text.part(0..<found))
      case UInt8(ascii: "'"): out.append(text.part(found + pattern.count..<text.count))
      case UInt8(ascii: "\\"): out.append(next)
      case UInt8(ascii: "k") where at + 2 < replacement.count && replacement[at + 2] == UInt8(ascii: "<"):
        throw fail(.internalFailure("'\\k<' in a replacement names a group, but there are no groups"))
      default:
        out.append(UInt8(ascii: "\\"))
        out.append(next)
      }
      at += 2
    }
  }

  mutating func replaceNewlines(_ input: Datum, with replacement: StaticString) -> Datum {
    let text = text(of: input)
    let mark = out.count
    appendReplacingNewlines(text, with: replacement)
    return take(from: mark, isSafe: input.isSafe)
  }

  private mutating func appendReplacingNewlines(_ text: Bytes, with replacement: StaticString) {
    for index in 0..<text.count {
      if text[index] == UInt8(ascii: "\n") {
        out.append(replacement)
      } else if text[index] != UInt8(ascii: "\r") || index + 1 == text.count || text[index + 1] != UInt8(ascii: "\n") {
        out.append(text[index])
      }
    }
  }

  /// In HTML the text itself is escaped first, so that the breaks stay what they are.
  mutating func newlineToBR(_ input: Datum) -> Datum {
    var text = text(of: input)
    let mark = out.count
    let escapes = kind == .html && !input.isSafe
    if escapes {
      escape(text)
      text = take(from: mark).text
    }
    appendReplacingNewlines(text, with: "<br />\n")
    return take(from: mark, isSafe: escapes || input.isSafe)
  }

  // MARK: Parts

  mutating func split(_ input: Datum, _ separator: Datum) -> Datum {
    let text = text(of: input)
    let pattern = self.text(of: separator)
    var parts: [Datum] = []
    if pattern.isEmpty {
      var at = 0
      while at < text.count {
        let next = text.offset(ofCharacter: 1, from: at)
        parts.append(Datum(text.part(at..<next)))
        at = next
      }
    } else if pattern.count == 1, pattern[0] == UInt8(ascii: " ") {
      var at = 0
      while at < text.count {
        while at < text.count, isSpace(text[at]) { at += 1 }
        let start = at
        while at < text.count, !isSpace(text[at]) { at += 1 }
        if at > start { parts.append(Datum(text.part(start..<at))) }
      }
    } else {
      var from = 0
      while let found = text.firstIndex(of: pattern, from: from) {
        parts.append(Datum(text.part(from..<found)))
        from = found + pattern.count
      }
      parts.append(Datum(text.part(from..<text.count)))
      // Ruby leaves empty texts at the end out.
      while let last = parts.last, last.count == 0 { parts.removeLast() }
    }
    return Datum(array: arena.copy(parts))
  }

  mutating func slice(_ input: Datum, _ offset: Datum, _ length: Datum) throws(Stop) -> Datum {
    let offset = try wholeNumber(offset)
    let length = length.isTruthy ? try wholeNumber(length) : 1
    let isArray = input.kind == .array || input.kind == .hostArray
    let text = isArray ? Bytes(start: nil, count: 0) : text(of: input)
    let count = Int64(isArray ? self.count(of: input) : text.characterCount)
    let first = offset < 0 ? offset &+ count : offset
    guard first >= 0, first <= count, length >= 0 else {
      return isArray ? Datum(array: arena.data(0)) : Datum("")
    }
    let taken = Int(min(length, count - first))
    if isArray {
      let result = arena.data(taken)
      for index in 0..<taken { result.initializeElement(at: index, to: item(input, Int(first) + index)) }
      return Datum(array: result)
    }
    let start = text.offset(ofCharacter: Int(first))
    return Datum(text.part(start..<text.offset(ofCharacter: taken, from: start)))
  }

  mutating func truncate(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    guard input.kind != .null else { return .null }
    let length = arguments.count > 0 ? try wholeNumber(arguments.first) : 50
    let text = text(of: input)
    let ending = arguments.count > 1 ? self.text(of: arguments.second) : Datum("...").text
    // As many bytes as wanted characters are enough to know that nothing is cut.
    if Int64(text.count) <= length { return Datum(text, isSafe: input.isSafe) }
    let whole = text.offset(ofCharacter: Int(clamping: max(length, 0)))
    if whole == text.count, length >= 0 { return Datum(text, isSafe: input.isSafe) }
    let room = Int64(ending.characterCount)
    let end = text.offset(ofCharacter: length > room ? Int(clamping: length - room) : 0)
    let result = arena.allocate(bytes: end + ending.count).bindMemory(to: UInt8.self, capacity: end + ending.count)
    if let start = text.baseAddress { result.initialize(from: start, count: end) }
    if let start = ending.baseAddress { (result + end).initialize(from: start, count: ending.count) }
    return Datum(Bytes(start: result, count: end + ending.count))
  }

  mutating func truncateWords(_ input: Datum, _ arguments: FilterArguments) throws(Stop) -> Datum {
    guard input.kind != .null else { return .null }
    let text = text(of: input)
    let wanted = max(arguments.count > 0 ? try wholeNumber(arguments.first) : 15, 1)
    let ending = arguments.count > 1 ? self.text(of: arguments.second) : Datum("...").text
    let mark = out.count
    var words: Int64 = 0
    var at = 0
    while true {
      // Ruby takes white space after the last word for the beginning of another one.
      if words == wanted, at < text.count { break }
      while at < text.count, isSpace(text[at]) { at += 1 }
      guard at < text.count else {
        out.truncate(to: mark)
        return Datum(text, isSafe: input.isSafe)
      }
      if words > 0 { out.append(UInt8(ascii: " ")) }
      while at < text.count, !isSpace(text[at]) {
        out.append(text[at])
        at += 1
      }
      words += 1
    }
    out.append(ending)
    return take(from: mark)
  }
}
