/// What was learnt of a record while its fields were made; hashes are 0 where there is none.
struct RecordFacts {
  var id: UInt64 = 0
  var name: UInt64 = 0
  var mpn: UInt64 = 0
  var description: UInt64 = 0
  /// Where the name and the id stand, for the slug.
  let nameText = ByteBuffer()
  let idText = ByteBuffer()
  var price: Decimal?
  /// The currency that the cell of the price names.
  var cellCurrency: String?
  var quantity: Decimal?
  var isCancellation = false
  /// Whether a price was there and could not be used, so that it is not called missing as well.
  var priceDropped = false

  mutating func removeAll() {
    nameText.removeAll()
    idText.removeAll()
    (id, name, mpn, description) = (0, 0, 0, 0)
    (price, cellCurrency, quantity) = (nil, nil, nil)
    (isCancellation, priceDropped) = (false, false)
  }
}
