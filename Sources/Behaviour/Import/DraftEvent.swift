/// An event on its way into the database; keys are those of the tables of texts, 0 stands for none.
struct DraftEvent {
  /// What cleaning noted of an event.
  struct Flags: OptionSet {
    let rawValue: Int64
    static let outlyingQuantity = Flags(rawValue: 1)
    static let outlyingPrice = Flags(rawValue: 2)
    static let repairedQuantity = Flags(rawValue: 4)
    static let repairedPrice = Flags(rawValue: 8)
  }

  var profile: Int64 = 0
  /// Milliseconds since 1970.
  var time: Int64 = 0
  /// The hash of the event's id.
  var id: Int64 = 0
  var product: Int64 = 0
  var order: Int64 = 0
  /// Not a number where it is missing.
  var quantity = Double.nan
  /// Ten-thousandths of the currency's unit, or `missing`.
  var price = DraftEvent.missing
  /// Ten-thousandths, or `missing`.
  var rating = DraftEvent.missing
  var currency: Int64 = 0
  var channel: Int64 = 0
  var region: Int64 = 0
  /// Where its text lies among the batch's.
  var text: Range<Int32> = 0..<0
  var line: Int32 = 0
  /// Minutes east of UTC.
  var zone: Int16 = 0
  var kind = EventKind.view
  var flags = Flags()

  static let missing = Int64.min

  /// Whether another event under the same id tells of the same.
  func saysTheSame(as other: DraftEvent) -> Bool {
    profile == other.profile && time == other.time && kind == other.kind && product == other.product
      && order == other.order && (quantity == other.quantity || quantity.isNaN && other.quantity.isNaN)
      && price == other.price
  }

  /// Whether it is one of goods for money.
  var isTrade: Bool { kind == .purchase || kind == .refund }
}
