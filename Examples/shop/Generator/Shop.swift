import Core
import Glibc

/// What the shop sells, and how well.
struct Shop {
  struct Product {
    let id: String
    let name: String
    let brand: String
    /// Index of its top-level category.
    let category: Int
    let price: Double
    let tags: [String]
    /// How often it is looked at beside others of its category.
    let weight: Double
    /// The first day on which it is sold, from 1970-01-01.
    let firstDay: Int64
  }

  /// The moment at which the log ends: 2026-02-28T22:00:00Z.
  static let end: Int64 = 1_772_316_000_000
  static let day: Int64 = 86_400_000

  /// The products that are in stock, by category.
  private(set) var shelves: [[Product]] = []
  /// Top-level categories, in the order of the file.
  private(set) var categories: [String] = []

  /// Reads the products that are in stock; every fourth new one is too new to have been bought.
  init(path: String) throws {
    guard let file = fopen(path, "r") else { throw Diagnostic("missing file", "'\(path)'") }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    var newProducts = 0
    while getline(&line, &capacity, file) > 0, let text = line {
      let document = try Document(json: String(cString: text))
      try withExtendedLifetime(document) {
        let root = document.root
        guard let id = root["id"].string, let path = root["category"].string else {
          throw Diagnostic("invalid product", "a product needs id and category")
        }
        let name = path.split(separator: " > ").first.map(String.init) ?? path
        if !categories.contains(name) {
          categories.append(name)
          shelves.append([])
        }
        let tags = (0..<root["tags"].count).compactMap { root["tags"][$0].string }
        let isNew = tags.contains("new")
        if isNew { newProducts += 1 }
        guard root["availability"].string == "in_stock", !isNew || newProducts % 4 != 0 else { return }
        let category = categories.firstIndex(of: name) ?? 0
        let place = Double(shelves[category].count)
        shelves[category].append(
          Product(
            id: id, name: root["name"].string ?? id, brand: root["brand"].string ?? "", category: category,
            price: root["price"].double ?? 0, tags: tags,
            weight: (tags.contains("bestseller") ? 4 : isNew ? 2.5 : 1) / (1 + place / 8),
            firstDay: Self.end / Self.day - (isNew ? 80 : 2000)))
      }
    }
  }

  /// A product of a category that is sold on a day, the popular ones more often.
  func product(of category: Int, on day: Int64, _ random: inout SeededRandom) -> Product {
    let shelf = shelves[category].filter { $0.firstDay <= day }
    var left = random.unit() * shelf.reduce(0) { $0 + $1.weight }
    for product in shelf {
      left -= product.weight
      if left <= 0 { return product }
    }
    return shelf[shelf.count - 1]
  }

  /// What goes with a product: always the same one of the next category.
  func companion(of product: Product) -> Product {
    let shelf = shelves[(product.category + 1) % shelves.count]
    let place = shelves[product.category].firstIndex { $0.id == product.id } ?? 0
    return shelf[place * 5 % shelf.count]
  }
}
