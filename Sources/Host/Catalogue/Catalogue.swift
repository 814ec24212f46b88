import CPluginABI
import Core

/// The products of a run, all of them at hand: by index, by id, and in each locale.
///
/// Immutable and thread-safe.
final class Catalogue: @unchecked Sendable {
  // Nothing writes to the builder once the catalogue is made; hence the unchecked conformance.
  private let builder: DocumentBuilder
  private let products: [UInt32]
  /// Places of the variants: `variants[product * locales + locale]`.
  private let variants: [UInt32]
  private let localeCount: Int
  private let index: IdIndex
  /// For each locale an array of all its variants.
  private let all: [UInt32]

  /// - Parameters:
  ///   - builder: holds all products and their variants; it must not be written any more.
  ///   - products: place of each product on the tape.
  ///   - variants: places of its variants, one a locale, product by product.
  init(builder: DocumentBuilder, products: [UInt32], variants: [UInt32], localeCount: Int) {
    self.builder = builder
    self.products = products
    self.variants = variants
    self.localeCount = localeCount
    all = (0..<localeCount).map { locale in
      builder.beginArray()
      for product in products.indices {
        builder.reuse(builder.root(at: Int(variants[product * localeCount + locale])))
      }
      builder.end()
      return builder.finishRoot().raw.node
    }
    index = IdIndex(count: products.count) { builder.root(at: Int(products[$0]))["id"].text }
  }

  /// How many products there are.
  var count: Int { products.count }

  /// A product as the catalogue has it.
  func product(at index: Int) -> Value { builder.root(at: Int(products[index])) }

  /// The product with this id; missing where there is none.
  func product(id: UnsafeBufferPointer<UInt8>) -> Value {
    find(id).map(product(at:)) ?? .missing
  }

  /// A product in a locale.
  func variant(_ product: Int, locale: Int) -> Value { builder.root(at: Int(variants[product * localeCount + locale])) }

  /// The index of the product with this id.
  func find(_ id: UnsafeBufferPointer<UInt8>) -> Int? {
    index.find(id) { product(at: $0)["id"].text }
  }

  /// All products in a locale: an array.
  func all(locale: Int) -> Value { builder.root(at: Int(all[locale])) }
}

/// Finds the index of an id: open addressing over 32-bit indices, the ids themselves staying where they are.
private struct IdIndex {
  private var slots: [UInt32]

  init(count: Int, id: (Int) -> UnsafeBufferPointer<UInt8>) {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    slots = Array(repeating: .max, count: capacity)
    for index in 0..<count {
      var place = Self.hash(id(index)) & (capacity - 1)
      while slots[place] != .max { place = (place + 1) & (capacity - 1) }
      slots[place] = UInt32(index)
    }
  }

  func find(_ wanted: UnsafeBufferPointer<UInt8>, id: (Int) -> UnsafeBufferPointer<UInt8>) -> Int? {
    var place = Self.hash(wanted) & (slots.count - 1)
    while slots[place] != .max {
      let candidate = id(Int(slots[place]))
      if candidate.count == wanted.count, candidate.elementsEqual(wanted) { return Int(slots[place]) }
      place = (place + 1) & (slots.count - 1)
    }
    return nil
  }

  /// FNV-1a, its upper half folded in.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 32)
  }
}
