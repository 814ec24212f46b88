/// A closed list of words, and the words that shops use for them.
final class Vocabulary: Sendable {
  /// The canonical words.
  let words: [String]
  private let synonyms: [String: String]

  private init(_ synonyms: KeyValuePairs<String, String>) {
    var table: [String: String] = [:]
    for (word, others) in synonyms {
      table[Self.key(word)] = word
      for other in others.split(separator: " ") { table[String(other)] = word }
    }
    words = synonyms.map(\.key)
    self.synonyms = table
  }

  /// The canonical word for a text such as "In Stock" or "https://schema.org/InStock", or nil.
  func canonical(_ text: String) -> String? {
    let last = text.hasPrefix("http") ? text.split(separator: "/").last.map(String.init) ?? text : text
    return synonyms[Self.key(last)]
  }

  /// A word in lower case without blanks, hyphens and underscores.
  private static func key(_ word: String) -> String {
    String(word.lowercased().unicodeScalars.filter { !" -_.\t\u{A0}".unicodeScalars.contains($0) }.map(Character.init))
  }

  /// Whether a product can be bought, in the words of schema.org and Google Merchant.
  static let availability = Vocabulary([
    "in_stock":
      "true yes y 1 available instoreonly onlineonly limitedavailability lowstock auflager lieferbar verfügbar vorrätig "
      + "enstock disponible disponibile 有货 现货 在庫あり",
    "out_of_stock":
      "false no n 0 soldout unavailable discontinued nichtauflager ausverkauft nichtlieferbar épuisé agotado esaurito "
      + "无货 缺货 售罄 在庫なし",
    "preorder": "presale comingsoon vorbestellbar vorbestellung précommande 预售 预订",
    "backorder": "backordered onbackorder madetoorder nachbestellt",
  ])

  /// The condition of a product, in the words of Google Merchant.
  static let condition = Vocabulary([
    "new": "newcondition neu neuf nuevo nuovo brandnew 全新",
    "refurbished": "refurbishedcondition renewed reconditioned generalüberholt 翻新",
    "used": "usedcondition preowned secondhand gebraucht occasion usado usato 二手",
  ])

  /// Yes and no.
  static let truth = Vocabulary(["true": "yes y 1 on ja oui sí si 是", "false": "no n 0 off nein non 否"])

  /// What a person did.
  static let event = Vocabulary([
    "impression": "view viewed pageview detail seen", "click": "clicked", "cart": "addtocart basket",
    "purchase": "order buy bought sale transaction", "cancellation": "cancel cancelled return returned refund",
    "adjustment": "baddebt correction",
  ])
}
