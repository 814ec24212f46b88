/// The operands of CLDR's plural rules (UTS #35, part 3, "Operand meanings").
struct PluralOperands {
  /// The whole part.
  var i: Int
  /// Visible digits after the point.
  var v: Int
  /// These digits as a number, and without their trailing zeros.
  var f: Int
  var t: Int

  init(_ number: ExactNumber) {
    guard number.approximate == nil, number.scale <= 18 else {
      self.init(i: Int.max, v: 0, f: 0)
      return
    }
    var unit: UInt128 = 1
    for _ in 0..<number.scale { unit *= 10 }
    let magnitude = number.mantissa.magnitude
    self.init(i: Int(clamping: magnitude / unit), v: number.scale, f: Int(clamping: magnitude % unit))
  }

  init(i: Int, v: Int, f: Int) {
    self.i = i
    self.v = v
    self.f = f
    t = f
    while t != 0, t % 10 == 0 { t /= 10 }
  }

  /// The number itself, where it is whole.
  var n: Int? { t == 0 ? i : nil }

  var isZero: Bool { i == 0 && t == 0 }
}

/// The plural category of a number, by the cardinal rules of CLDR 45.
enum PluralRules {
  enum Category: String { case zero, one, two, few, many, other }

  static func category(of number: PluralOperands, language: String) -> Category {
    let tag = language.replacing("_", with: "-")
    let code = String(tag.split(separator: "-").first ?? "")
    let rule = (tag.lowercased() == "pt-pt" ? rules["pt-PT"] : rules[code]) ?? .none
    return rule.category(number)
  }

  /// The rules of the languages; one that is not here has no plural.
  private static let rules: [String: PluralRule] = {
    var result: [String: PluralRule] = [:]
    for (rule, languages) in table {
      for language in languages.split(separator: " ") { result[String(language)] = rule }
    }
    return result
  }()

  private static let table: [(PluralRule, String)] = [
    (.wholeZeroOrOne, "am as bn doi fa gu hi kn kok pcm zu"),
    (.partZeroOrOne, "ff hy kab"),
    (.english, "ast de en et fi fy gl ia ie io ji lij nl sc sv sw ur yi"),
    (.sinhala, "si"),
    (.zeroToOne, "ak bho csw guw ln mg nso pa ti wa"),
    (.tamazight, "tzm"),
    (
      .one,
      "af an asa az bal bem bez bg brx ce cgg chr ckb dv ee el eo eu fo fur gsw ha haw hu jgo jmc ka kaj kcg kk kkj "
        + "kl ks ksb ku ky lb lg mas mgo ml mn mr nah nb nd ne nn nnh no nr ny nyn om or os pap ps rm rof rwk saq sd "
        + "sdh seh sn so sq ss ssy st syr ta te teo tig tk tn tr ts ug uz ve vo vun wae xh xog"
    ),
    (.danish, "da"), (.icelandic, "is"), (.macedonian, "mk"), (.filipino, "ceb fil tl"), (.latvian, "lv prg"),
    (.langi, "lag"), (.zeroAndOne, "blo ksh"), (.hebrew, "he iw"), (.dual, "iu naq sat se sma smi smj smn sms"),
    (.tachelhit, "shi"), (.romanian, "mo ro"), (.serbian, "bs hr sh sr"), (.french, "fr"), (.portuguese, "pt"),
    (.italian, "ca it pt-PT vec lld scn"), (.spanish, "es"), (.gaelic, "gd"), (.slovenian, "sl"),
    (.sorbian, "dsb hsb"), (.czech, "cs sk"), (.polish, "pl"), (.belarusian, "be"), (.lithuanian, "lt"),
    (.russian, "ru uk"), (.breton, "br"), (.maltese, "mt"), (.irish, "ga"), (.manx, "gv"), (.cornish, "kw"),
    (.arabic, "ar ars"), (.welsh, "cy"),
  ]
}
