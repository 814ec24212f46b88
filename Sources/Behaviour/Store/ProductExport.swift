import Core
import GRDB

extension EventStore {
  /// Writes the products that were sold, with what the events say of them, as JSON lines by id.
  ///
  /// - Returns: how many products were written.
  public func exportProducts(write: (UnsafeBufferPointer<UInt8>) throws -> Void) throws -> Int {
    try read { db in
      let products = try ProductTable(db)
      let row = try RowStatement(
        db,
        """
        SELECT p.key, p.id FROM products p
        WHERE p.key IN (SELECT product FROM events WHERE kind = \(EventKind.purchase.rawValue)) ORDER BY p.id
        """)
      var count = 0
      while try row.next() {
        guard let product = products[row.integer(0)] else { continue }
        let document = Document { builder in
          builder.beginObject()
          func member(_ key: StaticString, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            builder.key(key)
            builder.string(text)
          }
          member("id", product.id)
          member("name", product.name.isEmpty ? product.id : product.name)
          member("category", product.category)
          member("brand", product.brand)
          if product.usualPrice > 0, let price = Int64(exactly: (product.usualPrice * 100).rounded() * 100) {
            member("price", Money.text(price))
            member("currency", products.word(products.currency))
          }
          builder.end()
        }
        var line = Array(document.json.utf8)
        line.append(10)
        try line.withUnsafeBufferPointer(write)
        count += 1
      }
      return count
    }
  }
}
