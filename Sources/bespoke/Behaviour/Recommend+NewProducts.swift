import Behaviour
import Core
import Foundation
import Recommendation

extension EvaluateRecommendations {
  /// How well products that nobody bought are foreseen by their words, and by vectors where there are some.
  func newProducts(_ log: PurchaseLog, _ store: EventStore) throws -> String {
    let words = ContentIndex(try store.texts(of: log.itemIDs))
    var opinions: [(name: String, index: any ContentSimilarity)] = [("words", words)]
    if let vectors {
      let found = try ProductVectors(path: vectors)
      let index = VectorIndex(log.itemIDs.map(found.vector(of:)))
      opinions += [("vectors", index), ("words and vectors", ContentBlend(words, index))]
    }
    let split = Split.lastBasket(log.events, userCount: log.userIDs.count, itemCount: log.itemIDs.count)
    let evaluation = ContentEvaluation(split, opinions)
    return json ? document(evaluation, log).json : lines(evaluation, log)
  }

  private func lines(_ evaluation: ContentEvaluation, _ log: PurchaseLog) -> String {
    var lines = [
      "\(log.events.count) purchases of \(log.itemIDs.count) products; \(log.filters.joined(separator: "; "))", "",
      ContentEvaluation.description, "  \(evaluation.questions) questions",
      "  alike by".padded(36) + "hit rate      recall        nDCG          coverage",
    ]
    for row in evaluation.rows {
      let measures = row.measures
      lines.append(
        "    \(row.model)".padded(36) + shown(measures.hitRate) + shown(measures.recall) + shown(measures.ndcg)
          + places(measures.coverage, 3))
    }
    lines.append("\nat 10; +- is half of a 95 % interval over questions")
    return lines.joined(separator: "\n")
  }

  private func document(_ evaluation: ContentEvaluation, _ log: PurchaseLog) -> Document {
    Document { builder in
      builder.beginObject()
      log.writeFilters(to: builder)
      builder.key("new_products")
      builder.beginObject()
      builder.key("split")
      builder.string(ContentEvaluation.description)
      builder.key("questions")
      builder.int(Int64(evaluation.questions))
      builder.key("items")
      builder.int(Int64(log.itemIDs.count))
      for row in evaluation.rows {
        builder.key(row.model.replacingOccurrences(of: " ", with: "_"))
        builder.beginObject()
        row.measures.writeMeans(to: builder)
        builder.key("coverage")
        builder.double(row.measures.coverage)
        builder.end()
      }
      builder.end()
      builder.end()
    }
  }
}

extension ProductVectors {
  /// Reads a file of vectors.
  ///
  /// - Throws: `Diagnostic` of kind "missing file" or "invalid vectors".
  fileprivate init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Diagnostic("missing file", "cannot read '\(path)'")
    }
    let bytes = [UInt8](data)
    self = try bytes.withUnsafeBufferPointer { try ProductVectors(lines: $0, name: path) }
  }
}
