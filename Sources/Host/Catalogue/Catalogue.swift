import CPluginABI
import Core
import Synchronization

/// The products of a run, all of them at hand: by index, by id, and in each locale.
///
/// Immutable and thread-safe.
final class Catalogue: @unchecked Sendable {
  // The file's bytes are never written once they are here; hence the unchecked conformance.
  private let file: CatalogueFile
  /// For each locale an array of all its variants, made when a template first lists them.
  private let lists = Mutex<[Int: Document]>([:])

  init(_ file: CatalogueFile) { self.file = file }

  /// How many products there are.
  var count: Int { file.products.count }

  /// A product as the catalogue has it.
  func product(at index: Int) -> Value { file.value(file.products[index]) }

  /// The product with this id; missing where there is none.
  func product(id: UnsafeBufferPointer<UInt8>) -> Value {
    find(id).map(product(at:)) ?? .missing
  }

  /// A product in a locale.
  func variant(_ product: Int, locale: Int) -> Value {
    file.value(file.variants[product * file.localeCount + locale])
  }

  /// The index of the product with this id.
  func find(_ id: UnsafeBufferPointer<UInt8>) -> Int? {
    IdIndex.find(id, in: file.slots) { product(at: $0)["id"].text }
  }

  /// All products in a locale: an array.
  func all(locale: Int) -> Value {
    lists.withLock { lists in
      if let known = lists[locale] { return known.root }
      let list = Document { builder in
        builder.beginArray()
        for product in 0..<count { builder.link(variant(product, locale: locale)) }
        builder.end()
      }
      lists[locale] = list
      return list.root
    }
  }
}
