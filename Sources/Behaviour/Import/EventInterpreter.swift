import Core
import GRDB
import Host

/// Turns the fields of rows into events: reads numbers and times, gives texts their keys, drops what says nothing.
struct EventInterpreter: ~Copyable {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  private let options: ImportOptions
  private let defaultKind: EventKind
  private let notation: Notation
  private let latest: Int64
  private let refundPrefix: [UInt8]
  private let productPattern: [UInt8]
  private let excludedProducts: Set<[UInt8]>
  private let currency: [UInt8]
  /// Tells the same line of two files apart, where equal events are kept.
  private let fileHash: UInt64
  private var clock: LocalClock
  private var profiles = KeyCache(table: "profiles")
  private var products = KeyCache(table: "products")
  private var orders = KeyCache(table: "orders")
  private var words = KeyCache(table: "words")
  /// The kinds that words mean, by their hashes.
  private var kinds: [UInt64: EventKind?] = [:]
  private var folded: [UInt8] = []
  private var previousTime = Int64.min
  private let newestBefore: Int64
  private let tombstones: Tombstones

  init(
    _ options: ImportOptions, _ notation: Notation, defaultKind: EventKind, now: Int64, newestBefore: Int64,
    file: String, tombstones: Tombstones
  ) throws(Diagnostic) {
    self.options = options
    self.notation = notation
    self.defaultKind = defaultKind
    self.newestBefore = newestBefore
    self.tombstones = tombstones
    latest = options.latest ?? now + 86_400_000
    refundPrefix = Array((options.refundPrefix ?? "").utf8)
    productPattern = Array((options.productPattern ?? "").utf8)
    excludedProducts = Set(options.excludedProducts.map { Array($0.utf8) })
    currency = Array((options.currency ?? "").utf8)
    var name = file
    fileHash = name.withUTF8 { hash64($0) }
    clock = try LocalClock(options.timeZone)
  }

  /// Adds the event of a row to a batch, unless it is dropped, which the report then says.
  ///
  /// Its keys may wait until `settle`.
  mutating func add(
    _ fields: borrowing RowFields, line: Int, to batch: inout EventBatch, report: inout CleaningReport
  ) {
    func drop(_ finding: Finding, _ excerpt: Bytes = Bytes(start: nil, count: 0)) {
      report.add(finding, .dropped, line: line, excerpt: String(decoding: excerpt, as: UTF8.self))
    }
    var event = DraftEvent()
    event.line = Int32(truncatingIfNeeded: line)
    if fields.wasConverted { report.add(.otherEncoding, .mended, line: line) }
    let consent = trimmed(fields[.consent])
    if !consent.isEmpty, !ToldConsent.isGiven(consent) { return drop(.withoutConsent, consent) }
    let user = withoutDecimals(fields.text(.user), line, &report)
    if user.isEmpty { return drop(.missingUser) }
    if !tombstones.isEmpty, tombstones.holds(user) { return drop(.erased) }

    // Time.
    let timeText = fields.text(.time)
    if timeText.isEmpty { return drop(.missingTime) }
    guard let reading = TimeText.read(timeText, order: notation.order) else { return drop(.unreadableTime, timeText) }
    if notation.isOrderUncertain,
      TimeText.read(timeText, order: notation.order == .monthDay ? .dayMonth : .monthDay) != reading
    {
      report.add(.ambiguousTime, .kept, line: line, excerpt: String(decoding: timeText, as: UTF8.self))
    }
    let zone = reading.offset ?? clock.offset(atLocal: reading.milliseconds)
    event.time = reading.milliseconds - Int64(zone) * 60_000
    event.zone = Int16(truncatingIfNeeded: zone)
    if event.time < options.earliest || event.time > latest { return drop(.impossibleTime, timeText) }
    if event.time < previousTime {
      report.add(.outOfOrder, .kept, line: line, excerpt: String(decoding: timeText, as: UTF8.self))
    }
    if event.time < newestBefore {
      report.add(.late, .kept, line: line, excerpt: String(decoding: timeText, as: UTF8.self))
    }
    previousTime = event.time

    // Kind, order and quantity decide together what a refund is.
    let kindText = fields.text(.kind)
    guard let stated = kindText.isEmpty ? defaultKind : kind(kindText) else { return drop(.unknownKind, kindText) }
    event.kind = stated
    let orderText = withoutDecimals(fields.text(.order), line, &report)
    let quantityText = fields.text(.quantity)
    if !quantityText.isEmpty {
      if let quantity = NumberReading(quantityText, decimalMark: notation.decimalMark) {
        event.quantity = Double(quantity.value) / 10000
      } else {
        report.add(.unreadableNumber, .kept, line: line, excerpt: String(decoding: quantityText, as: UTF8.self))
      }
    }
    if event.isTrade, !refundPrefix.isEmpty, orderText.starts(with: refundPrefix) { event.kind = .refund }
    if event.quantity < 0 {
      if event.kind == .purchase {
        guard options.negativeQuantity == .refund else { return drop(.negativeQuantity, quantityText) }
        event.kind = .refund
      }
      event.quantity = -event.quantity
    }
    if event.kind == .refund { report.add(.cancellation, .kept, line: line) }
    if event.isTrade, event.quantity == 0 { return drop(.zeroQuantity) }

    // Product.
    let code = product(fields.text(.product), line, &report)
    if code.isEmpty {
      if event.kind.needsProduct { return drop(.missingProduct) }
    } else if !isProduct(code) {
      return drop(.otherCode, code)
    }
    var cellCurrency: String?
    guard readPrice(fields, &event, &cellCurrency, line, &report) else { return }
    let ratingText = fields.text(.rating)
    if !ratingText.isEmpty {
      if let rating = NumberReading.rating(ratingText, decimalMark: notation.decimalMark) {
        event.rating = rating
      } else {
        report.add(.unreadableNumber, .kept, line: line, excerpt: String(decoding: ratingText, as: UTF8.self))
      }
    }

    // The id, of what the event says where it has none, before keys are made: keys differ between databases.
    event.id = Int64(bitPattern: identity(fields.text(.id), event, user, code, orderText, line: line))
    event.profile = profiles.key(user)
    event.product = products.key(code)
    event.order = orders.key(orderText)
    event.channel = words.key(fields.text(.channel))
    event.region = words.key(fields.text(.region))
    if event.price != DraftEvent.missing {
      let named = fields.text(.currency)
      if named.count == 3, named.allSatisfy({ 65...90 ~= $0 }) {
        event.currency = words.key(named)
      } else {
        let code = named.isEmpty ? cellCurrency : Self.currencyCode(named)
        event.currency = (code.map { Array($0.utf8) } ?? currency).withUnsafeBufferPointer { words.key($0) }
      }
    }
    let query = fields.text(.query)
    if !query.isEmpty { event.text = batch.keep(query) }
    if event.product != 0 {
      for field in [EventField.name, .category, .brand] {
        note(field, fields, of: event.product, line, &batch, &report)
      }
    }
    batch.events.append(event)
  }

  /// Gives the events of a batch the keys for which they wait.
  mutating func settle(_ batch: inout EventBatch, _ keys: KeyTables) throws {
    batch.replaceKeys(
      profiles: try profiles.settle(keys.profiles), products: try products.settle(keys.products),
      orders: try orders.settle(keys.orders), words: try words.settle(keys.words))
  }

  // MARK: Fields

  /// Reads what one piece costs; false where the event is dropped.
  private func readPrice(
    _ fields: borrowing RowFields, _ event: inout DraftEvent, _ currency: inout String?, _ line: Int,
    _ report: inout CleaningReport
  ) -> Bool {
    var text = fields.text(.price)
    let isTotal = text.isEmpty
    if isTotal { text = fields.text(.amount) }
    if text.isEmpty { return true }
    // A total of next to no pieces may be more for one than can be counted.
    guard let number = NumberReading(text, decimalMark: notation.decimalMark),
      let price = isTotal && event.quantity > 0
        ? Int64(exactly: (Double(number.value) / event.quantity).rounded()) : number.value
    else {
      report.add(.unreadableNumber, .kept, line: line, excerpt: String(decoding: text, as: UTF8.self))
      return true
    }
    currency = number.currency
    // What is given back is written with a minus by some.
    event.price = event.kind == .refund ? abs(price) : price
    if event.price < 0 {
      report.add(.negativePrice, .dropped, line: line, excerpt: String(decoding: text, as: UTF8.self))
      return false
    }
    if event.price == 0 { report.add(.zeroPrice, .kept, line: line) }
    return true
  }

  /// The ISO 4217 code that a sign or word stands for; the word itself where it stands for none.
  private static func currencyCode(_ text: Bytes) -> String {
    let word = String(decoding: text, as: UTF8.self)
    guard let code = PriceText.currencyCode(word.lowercased()), !code.isEmpty else { return word }
    return code
  }

  /// An id without the `.0` that a spreadsheet gave it.
  private func withoutDecimals(_ text: Bytes, _ line: Int, _ report: inout CleaningReport) -> Bytes {
    let whole = PersonID.withoutDecimals(text)
    if whole.count < text.count { report.add(.decimalID, .mended, line: line) }
    return whole
  }

  private mutating func product(_ text: Bytes, _ line: Int, _ report: inout CleaningReport) -> Bytes {
    guard options.foldsProductCase, text.contains(where: { 97...122 ~= $0 }) else { return text }
    report.add(.letterCase, .mended, line: line, excerpt: String(decoding: text, as: UTF8.self))
    folded = text.map { 97...122 ~= $0 ? $0 - 32 : $0 }
    // `folded` is not written again before the next row.
    return folded.withUnsafeBufferPointer { $0 }
  }

  private func isProduct(_ code: Bytes) -> Bool {
    if !excludedProducts.isEmpty, excludedProducts.contains(Array(code)) { return false }
    if productPattern.isEmpty { return true }
    for (index, expected) in productPattern.enumerated() {
      if expected == UInt8(ascii: "*") { return true }
      guard index < code.count else { return false }
      switch expected {
      case UInt8(ascii: "#"): if !(48...57 ~= code[index]) { return false }
      case UInt8(ascii: "?"): break
      default: if code[index] != expected { return false }
      }
    }
    return code.count == productPattern.count
  }

  private mutating func kind(_ text: Bytes) -> EventKind? {
    let hash = hash64(text)
    if let known = kinds[hash] { return known }
    let word = String(decoding: text, as: UTF8.self)
    let kind = options.kinds[foldedName(word)] ?? EventKind(word: word)
    if kinds.count < 4096 { kinds[hash] = .some(kind) }
    return kind
  }

  private func identity(
    _ id: Bytes, _ event: DraftEvent, _ user: Bytes, _ product: Bytes, _ order: Bytes, line: Int
  ) -> UInt64 {
    // An exported event says its hash.
    if id.count == 17, id[0] == UInt8(ascii: "#"),
      let hash = UInt64(String(decoding: id[1...], as: UTF8.self), radix: 16)
    {
      return hash
    }
    if !id.isEmpty { return hash64(id) }
    var hash = hash64(user)
    for part in [
      hash64(product), hash64(order), UInt64(bitPattern: event.time), UInt64(event.kind.rawValue),
      event.quantity.isNaN ? 1 : event.quantity.bitPattern, UInt64(bitPattern: event.price),
      options.duplicates == .keep ? fileHash ^ UInt64(line) : 0,
    ] {
      let product = (hash ^ part).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB ^ hash.byteSwapped)
      hash = product.high ^ product.low
    }
    return hash
  }

  private func note(
    _ field: EventField, _ fields: borrowing RowFields, of product: Int64, _ line: Int, _ batch: inout EventBatch,
    _ report: inout CleaningReport
  ) {
    let value = fields.text(field)
    if !value.isEmpty, value.count < fields[field].count { report.add(.outerBlanks, .mended, line: line) }
    batch.note(product, field, value)
  }
}

/// The statements that find and make keys, for one transaction.
struct KeyTables {
  let profiles: KeyStatements
  let products: KeyStatements
  let orders: KeyStatements
  let words: KeyStatements

  init(_ db: Database) throws {
    profiles = try KeyStatements(db, table: "profiles")
    products = try KeyStatements(db, table: "products")
    orders = try KeyStatements(db, table: "orders")
    words = try KeyStatements(db, table: "words")
  }
}
