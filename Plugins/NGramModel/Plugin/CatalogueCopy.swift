import Core

/// The copy of a catalogue: the texts of chosen fields of its products, sentence by sentence.
///
/// A product's own name and brand become the slots `{name}` and `{brand}`, so that what is learnt of one product can be
/// said of another.
struct CatalogueCopy {
  let fields: [String]
  /// Reads `translations.LOCALE` instead of the product itself; products without it are left out.
  let locale: String?

  /// The sentences of one product, a line of JSON.
  ///
  /// - Throws: `Diagnostic` where the line is not JSON.
  func sentences(_ line: String) throws -> [String] {
    let document = try Document(json: line)
    return withExtendedLifetime(document) {
      let product = document.root
      let texts = locale.map { product["translations"][$0] } ?? product
      let name = texts["name"].string ?? product["name"].string ?? ""
      let brand = texts["brand"].string ?? product["brand"].string ?? ""
      return fields.flatMap { field -> [String] in
        let value = texts[field]
        var list = [value]
        if value.kind == .array { list = (0..<value.count).map { value[$0] } }
        return list.compactMap(\.string).flatMap { Self.split(Self.replace($0, name: name, brand: brand)) }
      }
    }
  }

  private static func replace(_ text: String, name: String, brand: String) -> String {
    var text = text
    // A name's first word, where it is one of its own, stands for the product too.
    let short = name.split(separator: " ").first.map(String.init) ?? ""
    for (part, slot) in [(name, "{name}"), (brand, "{brand}"), (short.count > 3 ? short : "", "{name}")] {
      if !part.isEmpty { text = text.replacing(part, with: slot) }
    }
    return text
  }

  /// Splits behind full stops, and marks like them, that end a sentence.
  static func split(_ text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    var sentences: [String] = []
    var current = String.UnicodeScalarView()
    var letters = 0
    func flush() {
      let sentence = String(current).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      if !sentence.isEmpty { sentences.append(sentence) }
      current = .init()
    }
    for (index, scalar) in scalars.enumerated() {
      current.append(scalar)
      let next = index + 1 < scalars.count ? scalars[index + 1] : " "
      switch scalar {
      case "。", "！", "？": if !"」』”’）".unicodeScalars.contains(next) { flush() }
      // An initial or an abbreviation such as "z. B." ends no sentence.
      case ".": if Tokeniser.isBlank(next), letters > 2 { flush() }
      case "!", "?", "…": if Tokeniser.isBlank(next) { flush() }
      case "\n": flush()
      default: break
      }
      letters = Script(scalar) == .letter || Script(scalar) == .digit ? letters + 1 : scalar == "}" ? 9 : 0
    }
    flush()
    return sentences
  }
}
