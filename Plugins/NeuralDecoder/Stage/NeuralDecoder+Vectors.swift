import PluginAPI

/// What prompts mean, as vectors, for those who compare products.
extension NeuralDecoder {
  /// Writes the mean vector of each prompt as a JSON array of numbers, of length 1 together.
  ///
  /// A prompt longer than the model's context is read in parts, which weigh by their tokens.
  func writeVectors(_ batch: Batch) {
    let limit = decoder.model.shape.contextLength
    var items: [(item: Int, parts: Range<Int>)] = []
    var parts: [[Int32]] = []
    for item in 0..<batch.count {
      do throws(PluginError) {
        let tokens = try tokens(batch.request(item))
        let first = parts.count
        for start in stride(from: 0, to: tokens.count, by: limit) {
          parts.append(Array(tokens[start...].prefix(limit)))
        }
        items.append((item, first..<parts.count))
      } catch {
        batch.fail(item, error)
      }
    }
    // The batch shares its passes, so what ends one ends all.
    func ending(_ item: Int) -> PluginError? {
      let deadline = batch.request(item).deadline
      if deadline != 0, Clock.nanoseconds > deadline { return PluginError(.deadline, "the deadline passed") }
      return batch.output(item).isCancelled ? PluginError(.cancelled, "the host asked to stop") : nil
    }
    let vectors = decoder.embed(parts) { items.contains { ending($0.item) != nil } }
    if let error = items.lazy.compactMap({ ending($0.item) }).first {
      for (item, _) in items { batch.fail(item, error) }
      return
    }
    for (item, range) in items {
      var sum = [Double](repeating: 0, count: decoder.model.shape.width)
      for part in range {
        for place in sum.indices { sum[place] += Double(vectors[part][place]) * Double(parts[part].count) }
      }
      let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let numbers = sum.map { "\((length > 0 ? $0 / length * 1e6 : 0).rounded() / 1e6)" }
      write([Judged(text: "[\(numbers.joined(separator: ","))]", score: 0, source: options.model)], batch.output(item))
    }
  }
}
