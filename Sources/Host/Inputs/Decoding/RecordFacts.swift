/// What was learnt of a record while its fields were made; hashes are 0 where there is none.
struct RecordFacts: ~Copyable {
  var id: UInt64 = 0
  var name: UInt64 = 0
  var mpn: UInt64 = 0
  var description: UInt64 = 0
  /// Where the name and the id stand, for the slug.
  var nameText = ByteBuffer()
  var idText = ByteBuffer()
  var price: Decimal?
  /// The currency that the cell of the price names.
  var cellCurrency: String?
  var quantity: Decimal?
  var isCancellation = false

  mutating func removeAll() {
    nameText.removeAll()
    idText.removeAll()
    (id, name, mpn, description) = (0, 0, 0, 0)
    (price, cellCurrency, quantity) = (nil, nil, nil)
    isCancellation = false
  }
}
