/// What a shop wants of its recommendations beside that they fit.
public struct BusinessRules: Sendable {
  /// What is known of a product that rules look at.
  public struct Product: Sendable {
    /// Whether it can be bought.
    public var isInStock: Bool
    /// Its category; empty where none is known.
    public var category: String
    /// The part of its price that is earned, where it is known.
    public var margin: Double?

    /// A product.
    public init(isInStock: Bool = true, category: String = "", margin: Double? = nil) {
      self.isInStock = isInStock
      self.category = category
      self.margin = margin
    }
  }

  /// Products are left out that cannot be bought.
  public var needsStock = true
  /// Products that earn less are left out, where their margin is known.
  public var leastMargin: Double?
  /// Days for which what was taken does not come again.
  public var restDays: Double?
  /// The most products of one category.
  public var mostOfCategory: Int?
  /// Products that come first, in this order, whatever fits.
  public var pinned: [Int32] = []
  /// Products that never come.
  public var excluded: Set<Int32> = []

  /// No rule but that products can be bought.
  public init() {}

  /// Whether a product may be recommended to somebody with a past, `now` being in seconds since 1970.
  public func allows(_ item: Int32, _ product: Product, lastTaken: Int64?, now: Int64) -> Bool {
    if excluded.contains(item) || needsStock && !product.isInStock { return false }
    if let leastMargin, let margin = product.margin, margin < leastMargin { return false }
    if let restDays, let lastTaken, Double(now - lastTaken) < restDays * 86_400 { return false }
    return true
  }

  /// Takes the first so many of a ranking, pinned products first, no category more often than it may.
  public func choose(
    _ ranked: [Recommendation], count: Int, product: (Int32) -> Product?, isAllowed: (Int32) -> Bool
  ) -> [Recommendation] {
    var chosen: [Recommendation] = []
    var ofCategory: [String: Int] = [:]
    var taken: Set<Int32> = []
    func take(_ entry: Recommendation) {
      chosen.append(entry)
      taken.insert(entry.item)
      ofCategory[product(entry.item)?.category ?? "", default: 0] += 1
    }
    let highest = ranked.first?.score ?? 1
    for item in pinned where chosen.count < count && isAllowed(item) && !taken.contains(item) {
      take(Recommendation(item: item, score: highest, reason: .pinned))
    }
    for entry in ranked where chosen.count < count && !taken.contains(entry.item) {
      let category = product(entry.item)?.category ?? ""
      if let mostOfCategory, !category.isEmpty, ofCategory[category, default: 0] >= mostOfCategory { continue }
      take(entry)
    }
    return chosen
  }
}
