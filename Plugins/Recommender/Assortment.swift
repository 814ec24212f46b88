import PluginAPI
import Recommendation

/// The catalogue beside the model: which products there are, what rules look at, and what resembles what.
struct Assortment {
  /// The catalogue's number of each of the model's items; nil for those that are sold no more.
  let productOfItem: [Int?]
  /// For each product: the model's item, or a number behind the model's for products that nobody took yet.
  let itemOfProduct: [Int32]
  let products: [BusinessRules.Product]
  let names: [String]
  let ids: [String]
  /// Products that the model does not know.
  let newProducts: [Int]
  let index: any ContentSimilarity
  private let numbers: [String: Int32]

  /// What a model's items are among the products of a catalogue; without one, all of them are for sale.
  ///
  /// - Parameter vectors: what a language model makes of products, where there is a file of it.
  init(_ catalogue: Catalogue?, _ model: RecommendationModel, _ vectors: ProductVectors? = nil) {
    var numbers: [String: Int32] = [:]
    for (number, id) in model.itemIDs.enumerated() { numbers[id] = Int32(number) }
    var productOfItem = [Int?](repeating: nil, count: model.itemIDs.count)
    var itemOfProduct: [Int32] = []
    var products: [BusinessRules.Product] = []
    var names: [String] = []
    var ids: [String] = []
    var newProducts: [Int] = []
    var texts: [String] = []
    if catalogue == nil {
      productOfItem = model.itemIDs.indices.map { $0 }
      itemOfProduct = model.itemIDs.indices.map { Int32($0) }
      products = model.itemIDs.map { _ in BusinessRules.Product() }
      names = model.itemIDs
      ids = model.itemIDs
      texts = model.itemIDs.map { _ in "" }
    }
    for place in 0..<(catalogue?.count ?? 0) {
      guard let product = catalogue?[place] else { break }
      let id = product["id"].string ?? ""
      ids.append(id)
      names.append(product["name"].string ?? id)
      let stock = product["availability"].string ?? "in_stock"
      products.append(
        BusinessRules.Product(
          isInStock: stock != "out_of_stock", category: product["category"].string ?? "",
          margin: product["margin"].double))
      if let item = numbers[id] {
        productOfItem[Int(item)] = place
        itemOfProduct.append(item)
      } else {
        let item = Int32(model.itemIDs.count + newProducts.count)
        numbers[id] = item
        itemOfProduct.append(item)
        newProducts.append(place)
      }
      texts.append(Self.text(of: product))
    }
    for place in newProducts { productOfItem.append(place) }
    self.productOfItem = productOfItem
    self.itemOfProduct = itemOfProduct
    self.products = products
    self.names = names
    self.ids = ids
    self.newProducts = newProducts
    self.numbers = numbers
    let words = ContentIndex(texts)
    index = vectors.map { ContentBlend(words, VectorIndex(ids.map($0.vector(of:)))) } ?? words
  }

  /// The item of a product id, or nil where neither the model nor the catalogue knows it.
  func item(_ id: String) -> Int32? { numbers[id] }

  func product(of item: Int32) -> Int? { Int(item) < productOfItem.count ? productOfItem[Int(item)] : nil }

  /// What stands in a product about what it is: name, category, brand, attributes; the category counts twice.
  private static func text(of product: Value) -> String {
    var details: [String] = []
    for list in [product["tags"], product["attributes"]] {
      for place in 0..<list.count { if let text = list[place].string { details.append(text) } }
    }
    return ContentIndex.text(
      name: product["name"].string ?? "", category: product["category"].string ?? "",
      brand: product["brand"].string ?? "", details: details)
  }
}
