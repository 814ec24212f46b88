/// The filters.
///
/// The raw value is the index in `signatures`.
enum Filter: UInt8, BitwiseCopyable, CaseIterable {
  case size, downcase, upcase, capitalize, escape, h, escapeOnce, urlEncode, urlDecode
  case base64Encode, base64Decode, base64URLSafeEncode, base64URLSafeDecode
  case slice, truncate, truncateWords, split, squish, strip, leftStrip, rightStrip, stripHTML, stripNewlines
  case join, sort, sortNatural, `where`, reject, has, find, findIndex, uniq, reverse, map, compact
  case replace, replaceFirst, replaceLast, remove, removeFirst, removeLast, append, concat, prepend, newlineToBR
  case date, first, last, abs, plus, minus, times, dividedBy, modulo, round, ceil, floor, atLeast, atMost
  case `default`, sum
  // Bespoke's own.
  case raw, safe, money, number, percent, translate, json, sanitise
  /// A filter that does not exist, which lax parsing lets through.
  case unknown

  /// The name in templates, and how many arguments the filter takes at least and at most.
  struct Signature {
    var name: StaticString
    var least: Int
    var most: Int

    init(_ name: StaticString, _ least: Int = 0, _ most: Int? = nil) {
      self.name = name
      self.least = least
      self.most = most ?? least
    }
  }

  var signature: Signature { Self.signatures[Int(rawValue)] }

  /// Whether it belongs to Bespoke and not to Shopify's Liquid.
  var isOwn: Bool { rawValue >= Filter.raw.rawValue && self != .unknown }

  static let signatures: [Signature] = [
    Signature("size"), Signature("downcase"), Signature("upcase"), Signature("capitalize"), Signature("escape"),
    Signature("h"), Signature("escape_once"), Signature("url_encode"), Signature("url_decode"),
    Signature("base64_encode"), Signature("base64_decode"), Signature("base64_url_safe_encode"),
    Signature("base64_url_safe_decode"), Signature("slice", 1, 2), Signature("truncate", 0, 2),
    Signature("truncatewords", 0, 2), Signature("split", 1), Signature("squish"), Signature("strip"),
    Signature("lstrip"), Signature("rstrip"), Signature("strip_html"), Signature("strip_newlines"),
    Signature("join", 0, 1), Signature("sort", 0, 1), Signature("sort_natural", 0, 1), Signature("where", 1, 2),
    Signature("reject", 1, 2), Signature("has", 1, 2), Signature("find", 1, 2), Signature("find_index", 1, 2),
    Signature("uniq", 0, 1), Signature("reverse"), Signature("map", 1), Signature("compact", 0, 1),
    Signature("replace", 1, 2), Signature("replace_first", 1, 2), Signature("replace_last", 2),
    Signature("remove", 1), Signature("remove_first", 1), Signature("remove_last", 1), Signature("append", 1),
    Signature("concat", 1), Signature("prepend", 1), Signature("newline_to_br"), Signature("date", 1),
    Signature("first"), Signature("last"), Signature("abs"), Signature("plus", 1), Signature("minus", 1),
    Signature("times", 1), Signature("divided_by", 1), Signature("modulo", 1), Signature("round", 0, 1),
    Signature("ceil"), Signature("floor"), Signature("at_least", 1), Signature("at_most", 1),
    Signature("default", 0, 2), Signature("sum", 0, 1),
    Signature("raw"), Signature("safe"), Signature("money", 0, 1), Signature("number", 0, 1),
    Signature("percent", 0, 1), Signature("t", 0, 1), Signature("json"), Signature("sanitise"),
    Signature("", 0, 64),
  ]

  /// The names in the order of the cases.
  private static let table = ByteTable(allCases.map { "\($0.signature.name)" })

  init?(named name: Bytes, dialect: TemplateOptions.Dialect) {
    guard !name.isEmpty, let number = Self.table.existing(name), let filter = Filter(rawValue: UInt8(number)),
      dialect == .bespoke || !filter.isOwn
    else { return nil }
    self = filter
  }

  static func names(in dialect: TemplateOptions.Dialect) -> [String] {
    allCases.filter { $0 != .unknown && (dialect == .bespoke || !$0.isOwn) }.map { "\($0.signature.name)" }
  }
}
