/// A field of a record, with the rule that makes it.
final class PlannedField: Sendable {
  /// A field that others are checked against.
  enum Role: Sendable {
    case id, name, mpn, description, price, salePrice, quantity, eventType, none
  }

  let name: String
  let key: [UInt8]
  let shape: FieldShape
  let rule: FieldRule
  let role: Role
  /// What a record without the field is reported as.
  let whenMissing: DirtKind?
  /// Where values come from if the rule says nothing else, as copying a whole rule is dear.
  let plainSources: [SourcePath]
  /// `rule.changesText`, and whether the rule has exceptions.
  let changesText: Bool
  let hasExceptions: Bool

  /// A member of another field, or a field of the shop's own.
  init(name: String, shape: FieldShape, rule: FieldRule) {
    self.name = name
    key = Array(name.utf8)
    self.shape = shape
    self.rule = rule
    plainSources = rule.isPlain ? rule.sources : []
    changesText = rule.changesText
    hasExceptions = !rule.except.isEmpty
    role = .none
    whenMissing = nil
  }

  /// A canonical field of a record.
  init(topLevel name: String, shape: FieldShape, rule: FieldRule, of kind: RecordKind) {
    self.name = name
    key = Array(name.utf8)
    self.shape = shape
    self.rule = rule
    plainSources = rule.isPlain ? rule.sources : []
    changesText = rule.changesText
    hasExceptions = !rule.except.isEmpty
    switch (kind, name) {
    case (.product, "id"), (.profile, "id"): (role, whenMissing) = (.id, .missingID)
    case (.event, "id"): (role, whenMissing) = (.id, nil)
    case (.event, "user"): (role, whenMissing) = (.none, .missingUser)
    case (.event, "product"): (role, whenMissing) = (.none, .missingProduct)
    case (.event, "type"): (role, whenMissing) = (.eventType, nil)
    case (.event, "quantity"): (role, whenMissing) = (.quantity, nil)
    case (.event, "price"): (role, whenMissing) = (.price, nil)
    case (.product, "name"): (role, whenMissing) = (.name, .missingName)
    case (.product, "mpn"): (role, whenMissing) = (.mpn, nil)
    case (.product, "description"): (role, whenMissing) = (.description, .missingDescription)
    case (.product, "price"): (role, whenMissing) = (.price, .missingPrice)
    case (.product, "sale_price"): (role, whenMissing) = (.salePrice, nil)
    case (.product, "brand"): (role, whenMissing) = (.none, .missingBrand)
    case (.product, "category"): (role, whenMissing) = (.none, .missingCategory)
    case (.product, "image"): (role, whenMissing) = (.none, .missingImage)
    default: (role, whenMissing) = (.none, nil)
    }
  }
  /// The slot without which a record has nothing to say about the field; -1 where that is not so simple.
  var decidingSlot: Int {
    guard plainSources.count == 1, plainSources[0].rest.isEmpty, whenMissing == nil else { return -1 }
    switch shape {
    case .slug, .currency: return -1
    default: return plainSources[0].whole
    }
  }
}
