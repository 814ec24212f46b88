/// A price as people write it in a cell, such as "69.71 gbp", "£40.00" or "1.299,00 €".
///
/// Of points and commas, the one that stands last is the decimal mark where both occur. A mark that occurs several times
/// groups digits. A single comma groups where exactly three digits follow one to three, the first of them no zero, and is
/// a decimal mark elsewhere; a single point always is one. `decimalMark` overrides all of this. Blanks and apostrophes
/// group. Groups are of three digits, or of two before the last, as in India. Brackets around an amount, or a minus
/// behind it, make it negative, as in books of account.
package struct PriceText {
  let amount: Decimal
  /// The ISO 4217 code, where the text names a currency without doubt.
  package let currency: String?

  /// The amount in ten-thousandths, rounded; nil where it is too large.
  package var tenThousandths: Int64? { amount.rounded(places: 4) }

  package init?(_ text: UnsafeBufferPointer<UInt8>, decimalMark: UInt8? = nil) {
    if decimalMark == nil, let amount = Self.plain(text) {
      (self.amount, currency) = (amount, nil)
      return
    }
    guard let first = text.firstIndex(where: { 48...57 ~= $0 }), let last = text.lastIndex(where: { 48...57 ~= $0 })
    else { return nil }
    // A point before the first digit belongs to the number where no letter is before it: "$.95", but "Rs.379".
    var start = first
    if first > 0, text[first - 1] == UInt8(ascii: "."), !Self.endsInLetter(text[..<(first - 1)]) { start -= 1 }
    let before = String(decoding: text[..<start], as: UTF8.self)
    let after = String(decoding: text[(last + 1)...], as: UTF8.self)
    guard let number = Self.number(text[start...last], decimalMark: decimalMark),
      let left = Self.surroundings(before), let right = Self.surroundings(after),
      left.currency == nil || right.currency == nil || left.currency == right.currency
    else { return nil }
    var amount = number
    // A dash behind a mark stands for no cents.
    let isMinusBehind = after.hasPrefix("-") || after.hasPrefix("−")
    guard !(left.negative && isMinusBehind) else { return nil }
    amount.negative = left.negative || isMinusBehind
    self.amount = amount
    currency = left.currency ?? right.currency
  }

  private static func endsInLetter(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let last = text.last else { return false }
    if last < 0x80 { return 97...122 ~= last | 0x20 }
    return String(decoding: text, as: UTF8.self).unicodeScalars.last?.properties.isAlphabetic ?? true
  }

  /// A number of digits and at most one point among them, as most prices are; nil for any other text.
  private static func plain(_ text: UnsafeBufferPointer<UInt8>) -> Decimal? {
    guard let first = text.first, let last = text.last, 48...57 ~= first, 48...57 ~= last else { return nil }
    var number = Decimal()
    var hasPoint = false
    for byte in text {
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else if 48...57 ~= byte, number.append(byte) {
        if hasPoint { number.places += 1 }
      } else {
        return nil
      }
    }
    return number
  }

  private static func number(_ text: Slice<UnsafeBufferPointer<UInt8>>, decimalMark: UInt8?) -> Decimal? {
    let marks = text.filter { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
    var mark: UInt8?
    if let decimalMark {
      mark = decimalMark
    } else if let last = marks.last {
      let onlyKind = marks.allSatisfy { $0 == last }
      let tail = text.reversed().prefix { $0 != last }.count
      let head = text.prefix { $0 != last }.count
      let isThousands = last == UInt8(ascii: ",") && tail == 3 && 1...3 ~= head && text.first != 48
      let groups = onlyKind && (marks.count > 1 || isThousands)
      mark = groups ? nil : last
    }
    guard let mark else { return digits(of: text, behind: nil) }
    // One decimal mark, and no grouping behind it.
    guard text.count(where: { $0 == mark }) <= 1 else { return nil }
    guard let place = text.firstIndex(of: mark) else { return digits(of: text, behind: nil) }
    return digits(of: text, behind: place)
  }

  /// The digits of a number whose other bytes group them.
  private static func digits(of text: Slice<UnsafeBufferPointer<UInt8>>, behind mark: Int?) -> Decimal? {
    var number = Decimal()
    // Digits since the last byte that groups, and whether there was one.
    var (size, isGrouped, wasDigit) = (0, false, false)
    for (index, byte) in zip(text.indices, text) {
      let isDigit = 48...57 ~= byte
      if isDigit {
        guard number.append(byte) else { return nil }
        if let mark, index > mark { number.places += 1 } else { size += 1 }
      } else if index == mark {
        guard !isGrouped || size == 3 else { return nil }
      } else {
        // Points, commas, apostrophes (the typographic one too), blanks, narrow and no-break ones too, group.
        let groups: [UInt8] = [0x2E, 0x2C, 0x27, 0x20, 0xC2, 0xA0, 0xE2, 0x80, 0xAF, 0x99, 0x89]
        guard groups.contains(byte), mark.map({ index < $0 }) ?? true else { return nil }
        if wasDigit {
          guard isGrouped ? 2...3 ~= size : 1...3 ~= size else { return nil }
          (size, isGrouped) = (0, true)
        }
      }
      wasDigit = isDigit
    }
    return mark == nil && isGrouped && size != 3 ? nil : number
  }

  /// What stands before or behind the digits; nil where it is neither currency nor sign.
  private static func surroundings(_ text: String) -> (currency: String?, negative: Bool)? {
    var currency: String?
    var negative = false
    var word = ""
    func isKnown() -> Bool {
      defer { word = "" }
      guard !word.isEmpty, !fillers.contains(word) else { return true }
      guard let code = currencyCode(word) else { return false }
      if !code.isEmpty { currency = code }
      return true
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "-", "−", "–", "－", "(":
        guard isKnown(), !negative else { return nil }
        negative = true
      case " ", "\u{A0}", "\u{202F}", ")", "+", ":", "\t": guard isKnown() else { return nil }
      default: word.unicodeScalars.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return isKnown() ? (currency, negative) : nil
  }

  /// Words around a price that change nothing: a dash for no cents, "only", "each".
  private static let fillers: Set<String> = [".", ",", "/", "only", "each", "mrp", "incl.", "vat"]

  /// The ISO 4217 code of a sign, word or code in lower case; empty for a sign of several currencies, nil if unknown.
  package static func currencyCode(_ word: String) -> String? {
    if let code = signs[word] { return code }
    return word.utf8.count == 3 && codes.contains(word.uppercased()) ? word.uppercased() : nil
  }

  private static let signs: [String: String] = [
    "£": "GBP", "€": "EUR", "$": "USD", "us$": "USD", "a$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD",
    "hk$": "HKD", "s$": "SGD", "r$": "BRL", "mx$": "MXN", "₹": "INR", "rs": "INR", "rs.": "INR", "元": "CNY",
    "人民币": "CNY", "rmb": "CNY", "cn¥": "CNY", "円": "JPY", "jp¥": "JPY", "\u{A5}": "", "\u{FFE5}": "", "₩": "KRW",
    "zł": "PLN",
    "kč": "CZK", "ft": "HUF", "₺": "TRY", "tl": "TRY", "₽": "RUB", "₴": "UAH", "₪": "ILS", "₫": "VND", "฿": "THB",
    "fr.": "CHF", "sfr.": "CHF", "kr": "", "kr.": "", "euro": "EUR", "eur.": "EUR", "pounds": "GBP", "dollars": "",
  ]

  /// The active codes of ISO 4217 that goods are priced in.
  private static let codes = Set(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP \
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR \
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT \
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD \
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES \
    VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
    """.split(separator: " ").map(String.init))
}
