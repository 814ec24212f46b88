import Core
import Glibc

/// The products that profiles are interested in.
struct Shop {
  struct Product {
    let id: String
    let category: String
    let isBestseller: Bool
    let isNew: Bool
  }

  let products: [Product]
  /// Top-level categories, in the order of the file.
  let categories: [String]

  /// Reads the products that are in stock.
  init(path: String) throws {
    var products: [Product] = []
    var categories: [String] = []
    guard let file = fopen(path, "r") else { throw Diagnostic("missing file", "'\(path)'") }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) > 0, let text = line {
      let document = try Document(json: String(cString: text))
      try withExtendedLifetime(document) {
        let root = document.root
        guard let id = root["id"].string, let path = root["category"].string else {
          throw Diagnostic("invalid product", "a product needs id and category")
        }
        let category = path.split(separator: " > ").first.map(String.init) ?? path
        if !categories.contains(category) { categories.append(category) }
        let tags = (0..<root["tags"].count).compactMap { root["tags"][$0].string }
        if root["availability"].string == "in_stock" {
          products.append(
            Product(id: id, category: category, isBestseller: tags.contains("bestseller"), isNew: tags.contains("new")))
        }
      }
    }
    self.products = products
    self.categories = categories
  }
}
