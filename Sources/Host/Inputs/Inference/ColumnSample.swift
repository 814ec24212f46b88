import Core

/// What the values of one column look like, over the rows of a sample.
struct ColumnSample {
  let name: String
  let words: [String]
  /// Values that are not blank.
  private(set) var filled = 0
  private(set) var arrays = 0
  private(set) var objects = 0
  private(set) var numbers = 0
  private(set) var wholeNumbers = 0
  /// Whole numbers of three digits or more that end as prices in cents do: 95, 99, 90, 49.
  private(set) var centEndings = 0
  private(set) var prices = 0
  private(set) var commaDecimals = 0
  private(set) var pointDecimals = 0
  private(set) var links = 0
  private(set) var imageLinks = 0
  private(set) var slugs = 0
  private(set) var gtins = 0
  private(set) var availabilities = 0
  private(set) var conditions = 0
  private(set) var currencies: [String: Int] = [:]
  private(set) var currencyCodes: [String: Int] = [:]
  private(set) var languages: [String: Int] = [:]
  private(set) var tagged = 0
  private(set) var entities = 0
  private(set) var json = 0
  private(set) var bytes = 0
  private(set) var withBlanks = 0
  private(set) var largest = 0.0
  private(set) var wholeSum = 0.0
  /// For each separator of lists, how many values hold it.
  private(set) var separators: [String: Int] = [:]
  /// For each separator of lists, how many values hold another link or picture behind it.
  private(set) var linkLists: [String: Int] = [:]
  private var values: Set<UInt64> = []

  /// Separators that lists and paths are written with, the plainest last.
  static let listSeparators = [" > ", ">", "|", ";", "/", ","]

  init(name: String) {
    self.name = name
    words = ColumnName.words(of: name)
  }

  /// How many different values there are.
  var distinct: Int { values.count }
  /// Bytes of a value on average.
  var meanBytes: Int { filled == 0 ? 0 : bytes / filled }
  /// How much a column of words says: the length of its values, and more for such as have several words.
  var weight: Int { meanBytes * (mostly(withBlanks, percent: 60) ? 4 : 1) }
  /// What stands between the links of a value, where some values hold several.
  var linkSeparator: String? {
    ["|", ";", ","].first { mostly(separators[$0] ?? 0, percent: 20) && mostly(linkLists[$0] ?? 0, percent: 20) }
  }
  /// The average of the whole numbers.
  var meanWhole: Double { wholeNumbers == 0 ? 0 : wholeSum / Double(wholeNumbers) }
  /// The currency that the cells name most.
  var currency: String? { most(currencies) ?? most(currencyCodes) }
  /// The language that the texts are in.
  var language: String? { most(languages) }

  /// Whether the values are short words, as those of colours and sizes are: no prices, links or words for what is in stock.
  var tellsVariantsApart: Bool {
    let isWords = objects == 0 && arrays == 0 && meanBytes <= 40 && distinct > 1
    return isWords && !mostly(prices, percent: 50) && !mostly(links + imageLinks, percent: 50)
      && !mostly(availabilities, percent: 50)
  }

  /// Whether at least so many hundredths of the values are of a sort.
  func mostly(_ count: Int, percent: Int = 80) -> Bool { filled > 0 && count * 100 >= filled * percent }

  private func most(_ counts: [String: Int]) -> String? {
    counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  mutating func add(_ value: Value) {
    switch value.kind {
    case .missing, .null: return
    case .array:
      guard value.count > 0 else { return }
      arrays += 1
      // The first element stands for the list.
      if let first = value.elements.first(where: { $0.kind == .string || $0.kind == .integer }) { look(at: first.text) }
      filled += 1
    case .object:
      guard value.count > 0 else { return }
      objects += 1
      filled += 1
    case .boolean:
      filled += 1
      availabilities += 1
    case .string, .integer, .double:
      let text = trimmed(value.text)
      guard !text.isEmpty else { return }
      filled += 1
      look(at: text)
    }
  }

  private mutating func look(at text: UnsafeBufferPointer<UInt8>) {
    values.insert(hash64(text))
    bytes += text.count
    if text.contains(0x20) { withBlanks += 1 }
    // A few characters show it, where a language of words needs a sentence.
    if text.count <= 60, LanguageGuess.isChinese(text) { languages["zh", default: 0] += 1 }
    if text.count <= 40 { lookAtWord(text) }
    if Self.isLink(text) { links += 1 }
    if Self.isImage(text) { imageLinks += 1 }
    if Slug.isSlug(text) { slugs += 1 }
    if text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") { json += 1 }
    if text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}") { json += 1 }
    for separator in Self.listSeparators where Self.contains(separator, text) { separators[separator, default: 0] += 1 }
    for separator in ["|", ";", ","] {
      let parts = text.split(separator: Array(separator.utf8)[0]).map { trimmed(UnsafeBufferPointer(rebasing: $0)) }
      // An address may hold the separator itself: what follows must be one, too.
      if parts.count > 1, parts.allSatisfy(Self.isLink) || parts.allSatisfy(Self.isImage) {
        linkLists[separator, default: 0] += 1
      }
    }
    guard text.count > 20 || text.contains(UInt8(ascii: "<")) else { return }
    var plain = ByteBuffer()
    if HTMLText.stripTags(text, into: &plain) { tagged += 1 }
    plain.removeAll()
    if HTMLText.decodeEntities(text, into: &plain) { entities += 1 }
    if let language = text.count > 60 ? LanguageGuess.language(of: text) : nil { languages[language, default: 0] += 1 }
  }

  /// Looks at a value short enough to be a number, a code or a word of a closed list.
  private mutating func lookAtWord(_ text: UnsafeBufferPointer<UInt8>) {
    if let price = PriceText(text) {
      prices += 1
      if let currency = price.currency { currencies[currency, default: 0] += 1 }
      let behindMark = text.reversed().prefix { 48...57 ~= $0 }.count
      if 1...2 ~= behindMark, behindMark < text.count {
        if text[text.count - behindMark - 1] == UInt8(ascii: ",") { commaDecimals += 1 }
        if text[text.count - behindMark - 1] == UInt8(ascii: ".") { pointDecimals += 1 }
      }
    }
    if let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite {
      numbers += 1
      largest = max(largest, number)
      if text.allSatisfy({ 48...57 ~= $0 }) {
        wholeNumbers += 1
        wholeSum += number
        if text.count >= 3, [95, 99, 90, 49].contains(Int(number) % 100) { centEndings += 1 }
      }
    }
    if 8...14 ~= text.count, case .right = GTIN.read(text) { gtins += 1 }
    let word = String(decoding: text, as: UTF8.self)
    if Vocabulary.availability.canonical(word) != nil { availabilities += 1 }
    if Vocabulary.condition.canonical(word) != nil { conditions += 1 }
    if text.count == 3, let code = PriceText.currencyCode(word.lowercased()), !code.isEmpty {
      currencyCodes[code, default: 0] += 1
    }
  }

  static func isLink(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.starts(with: "http".utf8) || text.starts(with: "//".utf8)
  }

  private static func isImage(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let path = text.prefix { $0 != UInt8(ascii: "?") && $0 != 0x20 && $0 != UInt8(ascii: "|") }
    let ending = String(decoding: path.suffix(5), as: UTF8.self).lowercased()
    return [".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".svg"].contains { ending.hasSuffix($0) }
  }

  private static func contains(_ separator: String, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let bytes = Array(separator.utf8)
    if bytes.count == 1 { return text.contains(bytes[0]) }
    return text.indices.contains { text[$0...].starts(with: bytes) }
  }
}
