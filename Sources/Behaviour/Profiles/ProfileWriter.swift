import Core

/// Joins what a person's events say, what the comparison with others says and what the person told to one profile.
struct ProfileWriter {
  struct Person {
    let id: String
    /// Missing where there are no events.
    let facts: Value
    /// Purchase days with what was spent.
    let days: String
    /// Missing where there is no account.
    let account: Value

    var buyer: PopulationModel.Buyer? {
      PopulationModel.Buyer(days: days, orders: Int(facts["numbers"]["orders"].double ?? 0))
    }
  }

  /// Members that are made of events; what an account says there does not count.
  private static let made: Set<String> = [
    "id", "segments", "interests", "orders", "lifetime_value", "shares", "searches", "history", "consent", "attributes",
    "erasures",
  ]

  /// What has less of a person's interest is chance.
  private static let leastShare = 0.1

  let options: ProfileBuild.Options
  let population: PopulationModel
  let groups: CustomerGroups?
  /// Latest statements by id.
  let consents: [String: [(purpose: String, granted: Bool)]]
  /// How many people were erased so far.
  let erasures: Int

  /// Whether a person lets data be used: as stated last, else as the account says, else as is assumed.
  func agrees(_ person: Person) -> Bool {
    consent(person).first { $0.purpose == options.purpose }?.granted ?? options.assumesConsent
  }

  private func consent(_ person: Person) -> [(purpose: String, granted: Bool)] {
    var found = consents[person.id] ?? []
    let told = ToldConsent(person.account["consent"])
    for purpose in told.purposes + [options.purpose] where !found.contains(where: { $0.purpose == purpose }) {
      if let granted = told.answer(purpose) { found.append((purpose, granted)) }
    }
    if !found.contains(where: { $0.purpose == options.purpose }) {
      found.append((options.purpose, options.assumesConsent))
    }
    return found.sorted { $0.purpose < $1.purpose }
  }

  /// The numbers of a person, those of the comparison with others included.
  static func numbers(_ person: Person, _ population: PopulationModel) -> [(name: String, value: Double)] {
    let facts = person.facts
    var numbers: [(name: String, value: Double)] = (0..<facts["numbers"].count).map {
      (String(decoding: facts["numbers"].key(at: $0), as: UTF8.self), facts["numbers"][$0].double ?? 0)
    }
    for name in ["orders", "revenue"] where !numbers.contains(where: { $0.name == name }) { numbers.append((name, 0)) }
    for (list, name) in [("categories", "top_category_share"), ("brands", "top_brand_share")] {
      if let share = facts["shares"][list][0]["share"].double { numbers.append((name, share)) }
    }
    if let buyer = person.buyer { numbers += population.numbers(buyer) }
    return numbers
  }

  /// Writes a whole profile.
  func write(_ person: Person, to builder: DocumentBuilder) {
    let (facts, account) = (person.facts, person.account)
    let numbers = Self.numbers(person, population)
    let byName = Dictionary(numbers.map { ($0.name, $0.value) }) { first, _ in first }
    builder.beginObject()
    writeID(person, to: builder)
    for index in 0..<account.count {
      let key = String(decoding: account.key(at: index), as: UTF8.self)
      // Who is given a pseudonym is not named beside it.
      if Self.made.contains(key) || options.pseudonyms != nil && key != "locale" { continue }
      builder.key(key)
      builder.copy(account[index])
    }
    builder.key("segments")
    builder.beginArray()
    for tag in options.tags.tags(byName) { builder.string(tag) }
    if let buyer = person.buyer, let group = groups?.name(of: population.position(buyer)) { builder.string(group) }
    builder.end()
    let list = facts["shares"]["categories"].count > 0 ? "categories" : "words"
    builder.key("interests")
    builder.beginArray()
    for index in 0..<min(5, facts["shares"][list].count)
    where (facts["shares"][list][index]["share"].double ?? 0) >= Self.leastShare {
      builder.copy(facts["shares"][list][index]["name"])
    }
    builder.end()
    builder.key("orders")
    builder.int(Int64(byName["orders"] ?? 0))
    builder.key("lifetime_value")
    builder.double(byName["revenue"] ?? 0)
    writeAttributes(person, numbers, to: builder)
    for key in ["shares", "searches", "history"] where facts[key].exists {
      builder.key(key)
      builder.copy(facts[key])
    }
    writeConsent(person, to: builder)
    builder.end()
  }

  /// Writes a profile of which nothing is made but what the account needs.
  func writeBare(_ person: Person, to builder: DocumentBuilder) {
    builder.beginObject()
    writeID(person, to: builder)
    if person.account["locale"].exists {
      builder.key("locale")
      builder.copy(person.account["locale"])
    }
    writeConsent(person, to: builder)
    builder.end()
  }

  /// The id, and what models must be as new as.
  private func writeID(_ person: Person, to builder: DocumentBuilder) {
    builder.key("id")
    builder.string(options.pseudonyms?.name(of: person.id) ?? person.id)
    guard erasures > 0 else { return }
    builder.key("erasures")
    builder.int(Int64(erasures))
  }

  private func writeAttributes(
    _ person: Person, _ numbers: [(name: String, value: Double)], to builder: DocumentBuilder
  ) {
    builder.key("attributes")
    builder.beginObject()
    let told = options.pseudonyms == nil ? person.account["attributes"] : .missing
    for index in 0..<told.count {
      let key = String(decoding: told.key(at: index), as: UTF8.self)
      if key == "region" || numbers.contains(where: { $0.name == key }) { continue }
      builder.key(key)
      builder.copy(told[index])
    }
    if person.facts["region"].exists {
      builder.key("region")
      builder.copy(person.facts["region"])
    }
    for (name, value) in numbers where name != "orders" && name != "revenue" {
      builder.key(name)
      if ProfileValue.times.contains(name) {
        builder.string(Moment(milliseconds: Int64(value)).text)
      } else if let whole = Int64(exactly: value) {
        builder.int(whole)
      } else {
        builder.double(value)
      }
    }
    builder.end()
  }

  private func writeConsent(_ person: Person, to builder: DocumentBuilder) {
    builder.key("consent")
    builder.beginObject()
    for (purpose, granted) in consent(person) {
      builder.key(purpose)
      builder.bool(granted)
    }
    builder.end()
  }
}
