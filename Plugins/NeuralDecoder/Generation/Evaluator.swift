/// Computes the logits of whole texts, one text at a time: for tests and for measuring.
public final class Evaluator {
  private let pass: Pass
  private let store = KeyValueStore()

  /// An evaluator that computes up to `rows` tokens at once.
  public init(_ model: Model, pool: ThreadPool, rows: Int = 32) {
    pass = Pass(model, pool: pool, capacity: rows)
  }

  /// Calls `body` with each position from `first` on and the logits of the token that follows it.
  public func logits(
    of tokens: [Int32], from first: Int = 0, _ body: (Int, UnsafeBufferPointer<Float>) -> Void
  ) {
    let shape = pass.model.shape
    var past = Past(own: KeyValues(shape, capacity: tokens.count, store))
    while past.ownCount < tokens.count {
      let start = past.ownCount
      let rows = tokens[start..<min(start + pass.capacity, tokens.count)].enumerated().map { ahead, token in
        PassRow(token: token, past: past, ahead: ahead, wantsOutput: start + ahead >= first)
      }
      pass.run(rows)
      var place = 0
      for (ahead, row) in rows.enumerated() where row.wantsOutput {
        let line = pass.logits.start + place * shape.vocabulary
        body(start + ahead, UnsafeBufferPointer(start: line, count: shape.vocabulary))
        place += 1
      }
      past.ownCount += rows.count
    }
  }
}
