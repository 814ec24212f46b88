import Core

/// Makes one invented customer.
struct ProfileMaker {
  let shop: Shop
  let number: Int

  private enum Kind: CaseIterable {
    case new, loyal, vip, lapsed, declined
  }

  private static let firstNames: [String: [String]] = [
    "en-US": [
      "Avery", "Blake", "Casey", "Dana", "Elliot", "Frankie", "Gray", "Harper", "Indigo", "Jules", "Kendall", "Logan",
      "Morgan", "Noel", "Parker", "Quinn", "Riley", "Sage", "Taylor", "Wren",
    ],
    "de-DE": [
      "Alex", "Benja", "Chris", "Dominique", "Eike", "Finn", "Gerrit", "Helge", "Inge", "Jona", "Kim", "Luca", "Maris",
      "Nikola", "Ole", "Robin", "Sascha", "Toni", "Ulli", "Wanja",
    ],
    "zh-CN": [
      "安然", "白露", "晨曦", "丹青", "海宁", "嘉禾", "景行", "可心", "林一", "明远", "宁静", "清和", "若水", "思齐", "天佑", "文心", "晓舟", "一诺", "云帆",
      "子墨",
    ],
  ]

  /// One line of JSON.
  func profile(_ random: inout SeededRandom) -> String {
    let kind = Self.kind(random.unit())
    let share = random.unit()
    let locale = share < 0.45 ? "en-US" : share < 0.8 ? "de-DE" : "zh-CN"
    let orders = orders(kind, &random)
    let spent = orders == 0 ? 0 : (40 + random.unit() * (kind == .vip ? 180 : 70)) * Double(orders)
    let interests = interests(&random)
    let id = "p" + String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
    let document = Document { builder in
      func strings(_ key: StaticString, _ texts: [String]) {
        builder.key(key)
        builder.beginArray()
        texts.forEach(builder.string)
        builder.end()
      }
      func text(_ key: StaticString, _ text: String) {
        builder.key(key)
        builder.string(text)
      }
      builder.beginObject()
      text("id", id)
      text("locale", locale)
      // One in twelve has not told a name.
      if random.unit() > 1.0 / 12, let name = Self.firstNames[locale]?.randomElement(using: &random) {
        text("first_name", name)
      }
      text("email", "\(id)@customers.example")
      strings("segments", segments(kind))
      strings("interests", interests)
      builder.key("orders")
      builder.int(Int64(orders))
      builder.key("lifetime_value")
      var amount = Self.cents(spent)
      amount.withUTF8 { builder.number($0) }
      if orders > 0 { text("last_order_at", lastOrder(kind, &random)) }
      builder.key("consent")
      builder.beginObject()
      builder.key("personalise")
      builder.bool(kind != .declined)
      builder.key("email")
      builder.bool(kind != .declined && random.unit() < 0.8)
      builder.end()
      builder.key("recommendations")
      builder.beginArray()
      for (product, reason) in recommendations(kind, interests, &random) {
        builder.beginObject()
        text("id", product.id)
        text("reason", reason)
        builder.end()
      }
      builder.end()
      builder.end()
    }
    return document.json
  }

  private static func kind(_ share: Double) -> Kind {
    share < 0.30 ? .new : share < 0.62 ? .loyal : share < 0.72 ? .vip : share < 0.90 ? .lapsed : .declined
  }

  private func segments(_ kind: Kind) -> [String] {
    switch kind {
    case .new: ["new"]
    case .loyal: ["loyal"]
    case .vip: ["loyal", "vip"]
    case .lapsed: ["lapsed"]
    case .declined: []
    }
  }

  private func orders(_ kind: Kind, _ random: inout SeededRandom) -> Int {
    switch kind {
    case .new: Int.random(in: 0...1, using: &random)
    case .loyal: Int.random(in: 3...9, using: &random)
    case .vip: Int.random(in: 8...30, using: &random)
    case .lapsed: Int.random(in: 1...5, using: &random)
    case .declined: Int.random(in: 0...6, using: &random)
    }
  }

  private func interests(_ random: inout SeededRandom) -> [String] {
    Array(shop.categories.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
  }

  private func lastOrder(_ kind: Kind, _ random: inout SeededRandom) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = two(Int.random(in: 1...28, using: &random))
    if kind == .lapsed { return "2024-\(two(Int.random(in: 3...12, using: &random)))-\(day)" }
    return "2025-\(two(Int.random(in: 6...12, using: &random)))-\(day)"
  }

  /// Six products: mostly of what the customer likes, then bestsellers and something new; nothing personal without consent.
  private func recommendations(
    _ kind: Kind, _ interests: [String], _ random: inout SeededRandom
  ) -> [(product: Shop.Product, reason: String)] {
    var chosen: [(product: Shop.Product, reason: String)] = []
    func add(_ products: [Shop.Product], _ count: Int, _ reason: String) {
      for product in products.shuffled(using: &random).prefix(count)
      where !chosen.contains(where: { $0.product.id == product.id }) {
        chosen.append((product, reason))
      }
    }
    if kind != .declined { add(shop.products.filter { interests.contains($0.category) }, 4, "interest") }
    add(shop.products.filter(\.isBestseller), kind == .declined ? 5 : 2, "bestseller")
    add(shop.products.filter(\.isNew), 1, "new")
    return Array(chosen.prefix(6))
  }

  /// An amount with two decimals.
  private static func cents(_ amount: Double) -> String {
    let cents = Int((amount * 100).rounded())
    let rest = cents % 100
    return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
