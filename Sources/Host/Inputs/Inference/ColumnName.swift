/// The name of a column, taken apart: "priceMinUSD", "price_min_usd" and "Price (min, USD)" say the same.
enum ColumnName {
  /// The words of a name, in lower case.
  static func words(of name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for character in name {
      let isPart = character.isLetter || character.isNumber
      if !isPart || character.isUppercase && wasLower {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if isPart { word += character.lowercased() }
      wasLower = character.isLowercase || character.isNumber
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// How well a name fits one of the names that shops use for a field; 0 where it does not.
  ///
  /// - Parameter known: such names, the most telling first, each as words with blanks between them.
  static func fit(_ words: [String], _ known: [String]) -> Int {
    let plain = words.filter { !fillers.contains($0) && PriceText.currencyCode($0)?.isEmpty ?? true }
    let whole = words.joined(separator: " ")
    let core = plain.joined(separator: " ")
    for (rank, name) in known.enumerated() {
      if whole == name { return 1000 - rank }
      if core == name { return 800 - rank }
    }
    for (rank, name) in known.enumerated() {
      let parts = name.split(separator: " ").map(String.init)
      // A single word within a longer name says little: "image_count" is no image.
      if parts.allSatisfy(plain.contains), plain.count - parts.count <= 2, !plain.contains(where: counters.contains) {
        return (parts.count > 1 ? 500 : 300) - rank - 20 * (plain.count - parts.count)
      }
    }
    return 0
  }

  /// Whether a name is one of those that shops use for a field, word by word.
  static func isExactly(_ words: [String], _ known: [String]) -> Bool { fit(words, known) > 500 }

  /// Words that tell nothing of a column in a file of products.
  private static let fillers: Set<String> = [
    "product", "item", "article", "artikel", "produkt", "default", "main", "p", "g",
  ]

  /// Words that make a number of what they stand beside.
  private static let counters: Set<String> = [
    "count", "number", "num", "total", "anzahl", "width", "height", "alt", "date",
  ]
}
