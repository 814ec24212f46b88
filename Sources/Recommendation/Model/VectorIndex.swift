public import Core

/// Which products resemble each other by vectors that a model gave them, compared by cosine.
///
/// The mean of all vectors is taken off first, as what texts have in common tells nothing. Source: Mu and Viswanath,
/// "All-but-the-Top", 2018.
public struct VectorIndex: ContentSimilarity {
  /// For each product its vector of length 1, one behind the other; zeros where it has none.
  private let numbers: [Float]
  private let width: Int

  /// An index of vectors of one width, one for each product; nil for a product without one.
  public init(_ vectors: [[Float]?]) {
    width = vectors.lazy.compactMap { $0?.count }.first ?? 0
    var mean = [Float](repeating: 0, count: width)
    let present = Float(max(vectors.count { $0 != nil }, 1))
    for case let vector? in vectors { for place in mean.indices { mean[place] += vector[place] / present } }
    var numbers: [Float] = []
    numbers.reserveCapacity(vectors.count * width)
    for vector in vectors {
      let centred = vector.map { zip($0, mean).map { $0 - $1 } } ?? [Float](repeating: 0, count: width)
      let length = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
      numbers.append(contentsOf: centred.map { length > 1e-6 ? $0 / length : 0 })
    }
    self.numbers = numbers
  }

  /// How alike each candidate is to a weighed set of products, together.
  public func scores(of candidates: [Int], to set: [(product: Int, weight: Float)]) -> [Float] {
    var query = [Float](repeating: 0, count: width)
    for (product, weight) in set {
      for place in 0..<width { query[place] += numbers[product * width + place] * weight }
    }
    let length = max(query.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-9)
    return numbers.withUnsafeBufferPointer { numbers in
      query.withUnsafeBufferPointer { query in
        candidates.map { Self.product(numbers, $0 * width, query, 0, width) / length }
      }
    }
  }

  /// The cosine between two products.
  public func similarity(_ first: Int, _ second: Int) -> Float {
    numbers.withUnsafeBufferPointer { Self.product($0, first * width, $0, second * width, width) }
  }

  private static func product(
    _ left: UnsafeBufferPointer<Float>, _ first: Int, _ right: UnsafeBufferPointer<Float>, _ second: Int, _ count: Int
  ) -> Float {
    var sum: Float = 0
    for place in 0..<count { sum += left[first + place] * right[second + place] }
    return sum
  }
}

/// Vectors of products by id, as JSON lines: `{"product":"p1","content":"[0.1,-0.2]"}`, or a `vector` in place of `content`.
///
/// The first line of a product counts.
public struct ProductVectors: Sendable {
  private var vectors: [String: [Float]] = [:]

  /// The vector of a product, or nil where the file has none.
  public func vector(of product: String) -> [Float]? { vectors[product] }

  /// Reads lines; `name` stands in messages.
  ///
  /// - Throws: `Diagnostic` of kind "invalid vectors" where a line holds none, or one of another width.
  public init(lines: UnsafeBufferPointer<UInt8>, name: String) throws(Diagnostic) {
    let builder = DocumentBuilder()
    var width: Int?
    for (index, line) in lines.split(separator: 10, omittingEmptySubsequences: false).enumerated() where !line.isEmpty {
      func refuse(_ detail: String) -> Diagnostic {
        Diagnostic(
          "invalid vectors", "line \(index + 1) of '\(name)' \(detail)",
          help: #"a line looks like {"product":"p1","vector":[0.1,-0.2]}"#)
      }
      builder.reset()
      guard let row = try? builder.parseJSON(UnsafeBufferPointer(rebasing: line)),
        let id = row["product"].scalarText ?? row["id"].scalarText
      else { throw refuse("names no product") }
      if vectors[id] != nil { continue }
      let written = row["content"].string.flatMap { try? Document(json: $0) }
      let vector =
        Self.numbers(row["vector"])
        ?? written.flatMap { text in withExtendedLifetime(text) { Self.numbers(text.root) } }
      guard let vector else { throw refuse("holds no vector of numbers") }
      if let width, vector.count != width {
        throw refuse("has \(vector.count) numbers, those before have \(width)")
      }
      width = vector.count
      vectors[id] = vector
    }
    if vectors.isEmpty { throw Diagnostic("invalid vectors", "'\(name)' is empty") }
  }

  private static func numbers(_ value: Value) -> [Float]? {
    guard value.kind == .array, value.count > 0 else { return nil }
    var numbers: [Float] = []
    for place in 0..<value.count {
      guard let number = value[place].double, number.isFinite else { return nil }
      numbers.append(Float(number))
    }
    return numbers
  }
}
