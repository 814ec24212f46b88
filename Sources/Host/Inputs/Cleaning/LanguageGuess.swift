/// Tells the language of a text by its most frequent small words, Chinese by its characters.
enum LanguageGuess {
  /// The language whose small words occur most; nil where fewer than three occur or two languages are close.
  ///
  /// Source: stop-word counts as in Grefenstette, "Comparing two language identification schemes", 1995.
  static func language(of text: UnsafeBufferPointer<UInt8>) -> String? {
    if isChinese(text) { return "zh" }
    var counts: [String: Int] = [:]
    for word in text.split(whereSeparator: { isBlank($0) || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".") }) {
      guard word.count <= 6 else { continue }
      for language in languagesByWord[String(decoding: word, as: UTF8.self).lowercased()] ?? [] {
        counts[language, default: 0] += 1
      }
    }
    let ranked = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    guard let best = ranked.first, best.value >= 3 else { return nil }
    return ranked.count > 1 && ranked[1].value * 2 > best.value ? nil : best.key
  }

  /// Whether most of a text is Chinese characters, with none of the kana that Japanese writes between them.
  static func isChinese(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var characters = 0
    for index in text.indices.dropLast(2) {
      switch (text[index], text[index + 1]) {
      case (0xE4...0xE9, _): characters += 1
      case (0xE3, 0x81...0x83): return false
      default: break
      }
    }
    // Three bytes each.
    return characters >= 2 && characters * 6 > text.count
  }

  private static let languagesByWord: [String: [String]] = {
    let words: KeyValuePairs = [
      "en": "the and of to with is for in your a this it you are on from that be or as",
      "de": "der die das und mit ist für ein eine nicht auf zu den dem sich auch im von sie wird",
      "fr": "le la les et des pour avec une un est dans sur du vous votre qui en ce au par",
      "es": "el la los las y con para una un es en del su por que de se lo más al",
      "it": "il la i gli e con per una un è in del di che le da si al più della",
      "nl": "de het een en met voor van is op niet te dat zijn je ook aan door bij uw deze",
      "pt": "o a os as e com para uma um é em do da seu por que de não mais ao",
      "tr": "ve bir bu için ile çok en da de olarak daha gibi kadar ürün her olan veya sahip",
      "pl": "i w z na do jest nie się dla to od oraz po jak są przez za przy który lub",
      "sv": "och med för en ett är att på som av den det till i har inte från kan din eller",
    ]
    var table: [String: [String]] = [:]
    for (language, list) in words {
      for word in list.split(separator: " ") { table[String(word), default: []].append(language) }
    }
    return table
  }()
}
