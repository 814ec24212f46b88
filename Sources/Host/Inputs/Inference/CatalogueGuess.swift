import Core

/// What the columns of a catalogue likely mean: a first field map, and what is doubtful about it.
///
/// Names are compared with those that shops use; values decide where names leave a choice, and whether a name is
/// believed at all.
public struct CatalogueGuess: Sendable {
  /// The fields that were found, in the order of the canonical product.
  public private(set) var fields: [FieldGuess] = []
  /// What the file does not say, and what to do about it.
  public private(set) var gaps: [String] = []
  /// Columns that no field is made from; they stay in the product under their own names.
  public private(set) var others: [String] = []
  /// The currency of the prices; nil where nothing names it.
  public private(set) var currency: String?
  /// The locale of the texts; nil where they do not show it.
  public private(set) var locale: String?

  private let columns: [ColumnSample]
  private let rows: Int
  private var taken: Set<String> = []

  /// Works out what a sample's columns mean.
  ///
  /// - Parameter currency: the currency of the prices, where the user says it.
  public init(_ sample: CatalogueSample, currency stated: String? = nil) {
    columns = sample.columns.filter { $0.filled > 0 }
    rows = sample.wellFormed
    currency = stated
    guessAttributes()
    guessIdentity()
    guessTexts()
    guessMoney()
    guessLinks()
    guessRest()
    let order = RecordKind.product.schema.map(\.name)
    fields.sort { (order.firstIndex(of: $0.field) ?? 99) < (order.firstIndex(of: $1.field) ?? 99) }
    // Members of an object are not columns of their own.
    let objects = Set(columns.filter { $0.objects > 0 }.map(\.name))
    others = columns.filter { column in
      let parent = String(column.name.prefix { $0 != "." })
      return !isTaken(column) && (parent == column.name || !objects.contains(parent))
    }.map(\.name)
  }

  /// The rules that a manifest needs to state.
  public var rules: [(field: String, rule: String)] {
    fields.compactMap { guess in guess.rule.map { (guess.field, $0) } }
  }

  /// The name of a column as a manifest writes it.
  public static func yaml(_ column: String) -> String { FieldGuess.yaml(column) }

  // MARK: Choosing

  private func isTaken(_ column: ColumnSample) -> Bool {
    taken.contains(column.name) || taken.contains { column.name.hasPrefix("\($0).") }
      || prefixes.contains { column.name.hasPrefix($0) }
  }

  private var prefixes: [String] = []

  /// The columns that fit a field, best first.
  private func candidates(_ names: [String], where fits: (ColumnSample) -> Bool) -> [ColumnSample] {
    columns.enumerated().map { (index: $0.offset, column: $0.element, fit: ColumnName.fit($0.element.words, names)) }
      .filter { $0.fit > 0 && !isTaken($0.column) && fits($0.column) }
      // Of names that fit as well the column that is filled more often, then the first.
      .sorted { ($0.fit, $0.column.filled, -$0.index) > ($1.fit, $1.column.filled, -$1.index) }.map(\.column)
  }

  private mutating func take(_ guess: FieldGuess) {
    fields.append(guess)
    taken.formUnion(guess.columns)
  }

  private func missing(_ column: ColumnSample) -> String {
    "\(rows - column.filled) of \(rows) rows have none"
  }

  // MARK: Fields

  private mutating func guessIdentity() {
    let ids = candidates(FieldNames.id) { $0.objects == 0 && $0.arrays == 0 && !$0.mostly($0.links) }
    if let id = ids.first(where: { $0.distinct == $0.filled && $0.filled == rows }) {
      take(FieldGuess("id", [id.name]))
    } else if let id = ids.first(where: { $0.mostly($0.distinct, percent: 60) && $0.filled * 10 >= rows * 6 }) {
      let (none, repeats) = (rows - id.filled, id.filled - id.distinct)
      let parts = [none > 0 ? "\(none) have none" : nil, repeats > 0 ? "\(repeats) repeat an earlier one" : nil]
      let found = parts.compactMap(\.self).joined(separator: " and ")
      take(FieldGuess("id", [id.name], doubt: "of \(rows) rows \(found); such rows make no page"))
    }
  }

  private mutating func guessTexts() {
    let names = candidates(FieldNames.name) {
      !$0.mostly($0.numbers) && !$0.mostly($0.links) && !$0.mostly($0.imageLinks) && $0.meanBytes <= 250
        && $0.objects == 0
    }
    // Where 'name' holds part numbers and 'title' the words, the one that says more is the name.
    let exact = names.filter { ["name", "title"].contains($0.name.lowercased()) }
    let second = exact.count > 1 && exact[1].weight * 4 > exact[0].weight * 5 ? exact[1] : nil
    let name = second ?? exact.first ?? names.first
    if let name {
      let rival = exact.first { $0.name != name.name && exact.count > 1 }
      var options: [String] = []
      if name.tagged > 0 { options.append("strip_html: true") }
      if name.entities > 0 { options.append("decode_entities: true") }
      take(
        FieldGuess(
          "name", [name.name], options: options.joined(separator: ", "),
          doubt: name.filled < rows
            ? missing(name) : rival.map { "'\($0.name)' looks like a name too, but says less" }))
    } else {
      gaps.append("no column looks like the name of a product; every product needs one: map 'name' to a column")
    }
    if let part = candidates(FieldNames.mpn, where: { $0.meanBytes <= 60 && !$0.mostly($0.links) }).first {
      take(FieldGuess("mpn", [part.name]))
    } else if let code = names.first(where: {
      $0.name != name?.name && !isTaken($0) && !$0.mostly($0.withBlanks, percent: 40)
        && $0.mostly($0.distinct, percent: 90)
    }) {
      take(FieldGuess("mpn", [code.name], doubt: "it holds codes rather than names; are they part numbers?"))
    }
    if let slug = candidates(FieldNames.slug, where: { $0.mostly($0.slugs) && $0.distinct == $0.filled }).first {
      take(FieldGuess("slug", [slug.name]))
    }
    if let brand = candidates(FieldNames.brand, where: { !$0.mostly($0.numbers) && !$0.mostly($0.links) }).first {
      take(FieldGuess("brand", [brand.name]))
    }
    guessCategory()
    guessDescription()
    if locale == nil { locale = name?.language.flatMap { FieldNames.locales[$0] } }
    guessID(fallback: name?.name)
  }

  /// Where no column tells products apart, what they are made of does.
  private mutating func guessID(fallback name: String?) {
    guard !fields.contains(where: { $0.field == "id" }) else { return }
    var parts = fields.filter { ["mpn", "brand", "name", "description"].contains($0.field) }.flatMap(\.columns)
    // Names that repeat may well be of variants, which their colour or size tells apart.
    if !parts.isEmpty, !columns.contains(where: { parts.contains($0.name) && $0.distinct == rows }) {
      parts += columns.filter { !parts.contains($0.name) && !isTaken($0) && $0.tellsVariantsApart }.map(\.name).prefix(
        3)
    }
    guard !parts.isEmpty else { return gaps.append("no column tells products apart: map 'id' to one") }
    let list = parts.map(FieldGuess.yaml).joined(separator: ", ")
    fields.append(
      FieldGuess(
        "id", parts, as: "{ hash: [\(list)] }",
        doubt: "no column tells products apart, so ids are made of these; a changed text makes a new product"))
  }

  private mutating func guessCategory() {
    let found = candidates(FieldNames.category) { !$0.mostly($0.numbers) && !$0.mostly($0.links) && $0.objects == 0 }
    // A path says more than its last part.
    guard let first = found.first(where: { $0.mostly($0.separators[" > "] ?? 0, percent: 50) }) ?? found.first else {
      return
    }
    let second = found.first { $0.name != first.name && $0.meanBytes <= 80 && first.filled < rows }
    if first.arrays == 0, !first.mostly(first.separators[">"] ?? 0, percent: 30),
      let separator = ["|", "/", ";"].first(where: { first.mostly(first.separators[$0] ?? 0, percent: 50) })
    {
      take(FieldGuess("category", [first.name], options: "split: \"\(separator)\", with: \" > \""))
    } else {
      take(FieldGuess("category", [first.name] + (second.map { [$0.name] } ?? [])))
    }
  }

  private mutating func guessDescription() {
    let found = candidates(FieldNames.description) { !$0.mostly($0.numbers) && !$0.mostly($0.links) && $0.objects == 0 }
    guard let text = found.max(by: { $0.meanBytes * $0.filled < $1.meanBytes * $1.filled }) else { return }
    var options: [String] = []
    if text.mostly(text.tagged, percent: 1) { options.append("strip_html: true") }
    if text.mostly(text.entities, percent: 1) { options.append("decode_entities: true") }
    take(FieldGuess("description", [text.name], options: options.joined(separator: ", ")))
    if let language = text.language, let locale = FieldNames.locales[language] { self.locale = locale }
  }

  private mutating func guessMoney() {
    let codes = candidates(FieldNames.currency) { $0.mostly($0.currencyCodes.values.reduce(0, +)) }
    if let code = codes.first {
      take(FieldGuess("currency", [code.name]))
      currency = currency ?? code.currency
    }
    let prices = candidates(FieldNames.price) { $0.mostly($0.prices, percent: 60) }
    // A column that is called so and holds some prices is one that needs care.
    let doubtful = candidates(FieldNames.price) {
      $0.prices > 0 && ColumnName.isExactly($0.words, FieldNames.price)
    }
    guard let price = prices.first ?? doubtful.first else {
      return gaps.append("no column looks like a price; pages will show none")
    }
    let inName = price.words.lazy.compactMap { PriceText.currencyCode($0) }.first { !$0.isEmpty }
    let inCells = price.mostly(price.currencies.values.reduce(0, +), percent: 50)
    if currency == nil { currency = inName ?? (inCells ? price.currency : nil) }
    take(money("price", price, named: inName))
    if let sale = candidates(FieldNames.salePrice, where: { $0.mostly($0.prices, percent: 60) }).first {
      take(money("sale_price", sale, named: nil))
    }
    if currency == nil, locale == "zh-CN" {
      currency = "CNY"
      gaps.append(
        "nothing names the currency of the prices; as the texts are Chinese, CNY is taken for it, under 'site'")
    } else if currency == nil {
      gaps.append(
        "nothing says which currency the prices are in, and without it pages show none; write 'currency: EUR', or yours, "
          + "under 'site'")
    }
  }

  private func money(_ field: String, _ column: ColumnSample, named: String?) -> FieldGuess {
    var options: [String] = []
    var doubt: String?
    let isWhole = column.mostly(column.wholeNumbers, percent: 98)
    if !Set(column.words).isDisjoint(with: ["cents", "cent", "minor", "pence"]) {
      options.append("scale: 0.01")
    } else if isWhole, column.mostly(column.centEndings, percent: 60) {
      options.append("scale: 0.01")
      doubt = "all are whole numbers that end as cents do, so they are read as cents; if they are not, take 'scale' out"
    } else if isWhole, column.meanWhole >= 5000 {
      doubt = "all are whole numbers, \(Int(column.meanWhole)) on average; if they are cents, add 'scale: 0.01'"
    } else if !column.mostly(column.prices, percent: 60) {
      doubt = "\(column.filled - column.prices) of \(column.filled) cells hold no price; such products show none"
    } else if column.filled < rows, field == "price" {
      doubt = missing(column)
    }
    if column.commaDecimals > 0, column.pointDecimals == 0 { options.append("decimal_mark: \",\"") }
    if let named { options.append("currency: \(named)") }
    return FieldGuess(field, [column.name], options: options.joined(separator: ", "), doubt: doubt)
  }

  private mutating func guessLinks() {
    let images = candidates(FieldNames.image) {
      $0.mostly($0.imageLinks, percent: 60)
        || $0.mostly($0.links, percent: 60) && $0.words.contains { $0.hasPrefix("im") }
    }
    let single = images.filter { $0.arrays == 0 && $0.json == 0 && $0.linkSeparator == nil }
    // The largest first, thumbnails last.
    func size(_ column: ColumnSample) -> Int {
      if !Set(column.words).isDisjoint(with: ["high", "large", "zoom", "big", "featured", "full", "original"]) {
        return 0
      }
      return Set(column.words).isDisjoint(with: ["thumb", "thumbnail", "small", "low", "swatch", "mini"]) ? 1 : 2
    }
    let ordered = single.enumerated().sorted { (size($0.element), $0.offset) < (size($1.element), $1.offset) }
    if let first = ordered.first {
      let others = ordered.dropFirst().prefix(2).filter { _ in first.element.filled < rows || size(first.element) == 0 }
      take(FieldGuess("image", ([first] + others).map(\.element.name)))
    }
    if let list = candidates(FieldNames.images, where: { $0.mostly($0.links + $0.imageLinks, percent: 60) }).first {
      let options = list.mostly(list.json) ? "parse: json" : list.linkSeparator.map { "split: \"\($0)\"" } ?? ""
      take(FieldGuess("images", [list.name], options: options))
      if single.isEmpty { take(FieldGuess("image", [list.name], options: options)) }
    }
    if !fields.contains(where: { $0.field == "image" }) {
      gaps.append("no column holds pictures; pages will have none")
    }
    if let link = candidates(FieldNames.url, where: { $0.mostly($0.links) && !$0.mostly($0.imageLinks, percent: 30) })
      .first
    {
      take(FieldGuess("url", [link.name]))
    }
  }

  private mutating func guessRest() {
    if let stock = candidates(
      FieldNames.availability,
      where: {
        $0.mostly($0.availabilities, percent: 90) || $0.mostly($0.wholeNumbers, percent: 95)
      }
    ).first {
      take(FieldGuess("availability", [stock.name]))
    } else {
      gaps.append(
        "nothing says what is in stock, which Google Merchant asks for; if all is, add 'availability: { constant: in_stock }'"
      )
    }
    if let condition = candidates(FieldNames.condition, where: { $0.mostly($0.conditions, percent: 90) }).first {
      take(FieldGuess("condition", [condition.name]))
    }
    if let gtin = candidates(FieldNames.gtin, where: { $0.mostly($0.gtins, percent: 40) }).first {
      take(FieldGuess("gtin", [gtin.name]))
    }
    if let tags = candidates(FieldNames.tags, where: { $0.objects == 0 && !$0.mostly($0.links) }).first {
      let separator = ["|", ";"].first { tags.mostly(tags.separators[$0] ?? 0, percent: 40) }
      let split = tags.arrays > 0 || separator == nil ? "" : "split: \"\(separator ?? "")\""
      take(FieldGuess("tags", [tags.name], options: split))
    }
    guessRating()
  }

  private mutating func guessRating() {
    let marks = candidates(FieldNames.rating) { $0.mostly($0.numbers, percent: 50) && $0.largest <= 5 }
    guard let value = marks.first else { return }
    let counts = candidates(FieldNames.ratingCount) { $0.mostly($0.numbers, percent: 50) }
    let count = counts.first { $0.name != value.name }
    if value.name == "rating.value", count == nil || count?.name == "rating.count" {
      return take(FieldGuess("rating", ["rating"]))
    }
    let rule = "{ value: \(FieldGuess.yaml(value.name))\(count.map { ", count: \(FieldGuess.yaml($0.name))" } ?? "") }"
    take(FieldGuess("rating", [value.name] + (count.map { [$0.name] } ?? []), as: rule))
  }

  /// Columns whose names begin alike are attributes, as many shops export them.
  private mutating func guessAttributes() {
    if let own = columns.first(where: { $0.name == "attributes" && $0.objects > 0 }) {
      return take(FieldGuess("attributes", [own.name]))
    }
    var counts: [String: Int] = [:]
    for column in columns where !isTaken(column) {
      let pattern = /(?i)(attr|attribute|spec|specification|property|feature|param|merkmal)s?[_.: -]([a-z][_.: -])?/
      if let match = column.name.prefixMatch(of: pattern), match.0.count < column.name.count {
        counts[String(match.0), default: 0] += 1
      }
    }
    guard counts.values.reduce(0, +) >= 3 else { return }
    prefixes = counts.keys.sorted()
    let list = prefixes.map(FieldGuess.yaml).joined(separator: ", ")
    fields.append(
      FieldGuess("attributes", prefixes.map { "\($0)..." }, as: "{ prefix: [\(list)] }"))
  }
}
