/// Reads a template's header, line by line.
struct HeaderReader {
  let source: Bytes
  var at = 0

  init(source: Bytes) { self.source = source }

  private mutating func line() -> Range<Int>? {
    guard at < source.count else { return nil }
    let start = at
    while at < source.count, source[at] != UInt8(ascii: "\n") { at += 1 }
    let end = at > start && source[at - 1] == UInt8(ascii: "\r") ? at - 1 : at
    at = min(at + 1, source.count)
    return start..<end
  }

  mutating func read() throws(MarkupError) -> TemplateHeader {
    _ = line()
    var header = TemplateHeader()
    var isInParameters = false
    while let line = line() {
      let text = source.part(line).string
      if text == "---" { return header }
      let trimmed = text.drop { $0 == " " || $0 == "\t" }
      if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
      let place = line.lowerBound + (text.utf8.count - trimmed.utf8.count)
      guard let colon = trimmed.firstIndex(of: ":") else {
        throw MarkupError(.header("found '\(trimmed)', expected 'name: value'", help: nil), at: place)
      }
      let key = String(trimmed[..<colon])
      let value = Self.trim(trimmed[trimmed.index(after: colon)...])
      if trimmed.count < text.count {
        guard isInParameters else {
          throw MarkupError(.header("'\(key)' is indented, but stands under no 'parameters:'", help: nil), at: place)
        }
        header.parameters.append(try parameter(key, in: trimmed, among: header.parameters, at: place))
        continue
      }
      isInParameters = key == "parameters"
      try set(key, value, in: &header, at: place)
    }
    throw MarkupError(.header("the header is not closed", help: "end it with a line '---'"), at: 0)
  }

  private static func trim(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }

  private func set(
    _ key: String, _ value: String, in header: inout TemplateHeader, at place: Int
  ) throws(MarkupError) {
    switch key {
    case "dialect":
      guard value == "1" else {
        throw MarkupError(.header("found dialect '\(value)', expected 1", help: nil), at: place)
      }
    case "kind":
      guard let kind = OutputKind(rawValue: value) else {
        let known = OutputKind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw MarkupError(.header("found kind '\(value)', expected one of \(known)", help: nil), at: place)
      }
      header.kind = kind
    case "description": header.description = value
    case "parameters":
      guard value.isEmpty else {
        throw MarkupError(
          .header("found '\(value)' after 'parameters:'", help: "write each parameter on a line of its own, indented"),
          at: place)
      }
    default:
      throw MarkupError(
        .header("'\(key)' is not a setting", help: "settings are dialect, kind, description and parameters"),
        at: place)
    }
  }

  // `TYPE [required] [= LITERAL] [# description]`
  private func parameter(
    _ name: String, in line: Substring, among others: [TemplateHeader.Parameter], at place: Int
  ) throws(MarkupError) -> TemplateHeader.Parameter {
    if others.contains(where: { $0.name == name }) {
      throw MarkupError(.header("parameter '\(name)' stands here twice", help: nil), at: place)
    }
    guard let first = name.utf8.first, isLetter(first) || first == UInt8(ascii: "_"),
      name.utf8.allSatisfy({ isWord($0) || $0 == UInt8(ascii: "-") })
    else {
      throw MarkupError(.header("'\(name)' cannot be the name of a variable", help: nil), at: place)
    }
    var rest = line.dropFirst(name.count + 1)
    var description: String?
    if let mark = rest.firstRange(of: " #") {
      description = Self.trim(rest[mark.upperBound...])
      rest = rest[..<mark.lowerBound]
    }
    var fallback: String?
    var range: Range<Int>?
    if let sign = rest.firstIndex(of: "=") {
      let literal = rest[rest.index(after: sign)...]
      fallback = Self.trim(literal)
      let start = place + (line.utf8.distance(from: line.startIndex, to: literal.startIndex))
      range = start..<start + literal.utf8.count
      rest = rest[..<sign]
    }
    let words = rest.split(separator: " ")
    guard let word = words.first, let kind = TemplateHeader.Parameter.Kind(rawValue: String(word)) else {
      let known = TemplateHeader.Parameter.Kind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw MarkupError(
        .header("found type '\(words.first ?? "")', expected one of \(known)", help: nil), at: place)
    }
    let isRequired = words.dropFirst().first == "required"
    if words.count > (isRequired ? 2 : 1) {
      throw MarkupError(
        .header("found '\(words[words.count - 1])' after the type", help: "write 'required' or '= default'"), at: place)
    }
    return TemplateHeader.Parameter(
      name: name, kind: kind, isRequired: isRequired, defaultValue: fallback, description: description,
      defaultRange: range, place: place)
  }
}
