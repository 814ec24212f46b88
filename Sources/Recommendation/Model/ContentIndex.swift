import Glibc

/// Which products resemble each other by their words: TF-IDF vectors, compared by cosine.
///
/// For products that nobody took yet. Source: Salton and Buckley, "Term-weighting approaches in automatic text
/// retrieval", 1988.
public struct ContentIndex: ContentSimilarity {
  /// For each product the terms with their weights, of length 1 together.
  private let terms: SparseRows
  /// For each term the products.
  private let products: SparseRows

  /// An index of texts, one for each product: its name, category, brand and attributes.
  ///
  /// Terms of only one product tell nothing about others and are left out, and so are those of more than a third.
  public init(_ texts: [String]) {
    var numbers: [String: Int32] = [:]
    let counted = texts.map { text -> [(term: Int32, count: Float)] in
      var counts: [Int32: Float] = [:]
      for word in Self.words(of: text) {
        let number = numbers[word] ?? Int32(numbers.count)
        numbers[word] = number
        counts[number, default: 0] += 1
      }
      return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
    var documents = [Int32](repeating: 0, count: numbers.count)
    for row in counted { for (term, _) in row { documents[Int(term)] += 1 } }
    let most = max(Int32(texts.count / 3), 2)
    var rows = SparseRows(starts: [0], columns: [], weights: [])
    for row in counted {
      let kept = row.filter { 2...most ~= documents[Int($0.term)] }
      let weights = kept.map { (1 + logf($0.count)) * logf(Float(texts.count) / Float(documents[Int($0.term)])) }
      let length = max(weights.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-9)
      for (entry, weight) in zip(kept, weights) {
        rows.columns.append(entry.term)
        rows.weights.append(weight / length)
      }
      rows.starts.append(Int32(rows.columns.count))
    }
    terms = rows
    products = rows.transposed(columnCount: numbers.count)
  }

  /// How alike each candidate is to a weighed set of products, together.
  public func scores(of candidates: [Int], to set: [(product: Int, weight: Float)]) -> [Float] {
    var query: [Int32: Float] = [:]
    for (product, weight) in set {
      for index in terms.range(of: product) { query[terms.columns[index], default: 0] += terms.weights[index] * weight }
    }
    let length = max(query.values.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-9)
    var sums: [Int32: Float] = [:]
    for (term, weight) in query.sorted(by: { $0.key < $1.key }) {
      for index in products.range(of: Int(term)) {
        sums[products.columns[index], default: 0] += products.weights[index] * weight / length
      }
    }
    return candidates.map { sums[Int32($0)] ?? 0 }
  }

  /// The cosine between two products.
  public func similarity(_ first: Int, _ second: Int) -> Float {
    let left = terms.range(of: first)
    let right = terms.range(of: second)
    var (a, b) = (left.lowerBound, right.lowerBound)
    var sum: Float = 0
    while a < left.upperBound, b < right.upperBound {
      if terms.columns[a] == terms.columns[b] {
        sum += terms.weights[a] * terms.weights[b]
        a += 1
        b += 1
      } else if terms.columns[a] < terms.columns[b] {
        a += 1
      } else {
        b += 1
      }
    }
    return sum
  }

  /// The text of a product; its category counts twice.
  public static func text(name: String, category: String, brand: String, details: [String] = []) -> String {
    ([name, category, category, brand] + details).filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Words in lower case; of scripts without blanks, pairs of characters.
  public static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var previous: Unicode.Scalar?
    for scalar in text.lowercased().unicodeScalars {
      if 0x3040...0x9FFF ~= scalar.value || 0xAC00...0xD7AF ~= scalar.value {
        if let previous { words.append(String(previous) + String(scalar)) }
        previous = scalar
        if !word.isEmpty { words.append(word) }
        word = ""
        continue
      }
      previous = nil
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        word.unicodeScalars.append(scalar)
      } else if !word.isEmpty {
        words.append(word)
        word = ""
      }
    }
    if !word.isEmpty { words.append(word) }
    return words.filter { $0.unicodeScalars.count > 1 }
  }
}
