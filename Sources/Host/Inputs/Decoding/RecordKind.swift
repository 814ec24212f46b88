/// What the rows of an input are about.
public enum RecordKind: String, Sendable, CaseIterable {
  /// An item for sale; needs `id` and `name`.
  case product
  /// A recipient; needs `id`.
  case profile
  /// What a person did; needs `user` and `product`.
  case event

  /// The canonical fields, in the order in which records hold them: a field may look at those before it.
  var schema: [(name: String, shape: FieldShape)] {
    switch self {
    case .product:
      [
        ("id", .identifier), ("name", .label), ("slug", .slug), ("mpn", .label), ("brand", .label),
        ("category", .label), ("price", .price), ("sale_price", .price), ("currency", .currency),
        ("availability", .word(.availability)), ("condition", .word(.condition)), ("gtin", .gtin), ("url", .link),
        ("image", .link), ("images", .links), ("description", .prose), ("rating", .rating), ("attributes", .object),
        ("tags", .list), ("translations", .translations),
      ]
    case .profile:
      [
        ("id", .identifier), ("locale", .locale), ("first_name", .label), ("segments", .list), ("interests", .list),
        ("attributes", .object), ("consent", .consent), ("orders", .count), ("lifetime_value", .number),
        ("recommendations", .list),
      ]
    case .event:
      [
        ("id", .identifier), ("user", .identifier), ("product", .identifier), ("type", .word(.event)), ("time", .time),
        ("order", .identifier), ("quantity", .number), ("price", .number), ("currency", .currency),
      ]
    }
  }

  /// The shape of a canonical field; anything for every other name.
  func shape(of name: String) -> FieldShape { schema.first { $0.name == name }?.shape ?? .any }
}

/// What a canonical field holds, and so how its value is read.
enum FieldShape: Sendable {
  case identifier, label, prose, slug, link, links, list, currency, price, number, count, truth, gtin, locale, time
  case word(Vocabulary)
  case object, rating, consent, translations, any

  /// Whether a map may state the members of the field one by one.
  var hasMembers: Bool {
    switch self {
    case .object, .rating, .consent, .translations, .any: true
    default: false
    }
  }

  /// The shape of a member; `parent` is the record's kind, as translations hold fields of it.
  func member(_ name: String, of kind: RecordKind) -> FieldShape {
    switch self {
    case .rating: name == "count" ? .count : .number
    case .consent: .truth
    default: kind.shape(of: name).hasMembers ? .any : kind.shape(of: name)
    }
  }
}
