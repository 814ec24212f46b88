import Glibc
import Recommendation

/// What a person's own events say, before anybody is compared with others.
struct ProfileFacts {
  /// How old an interest is when it has lost half its weight.
  static let halfLifeDays = 90.0
  static let interestLimit = 10
  static let historyLimit = 100

  /// Numbers by name.
  var numbers: [(name: String, value: Double)] = []
  /// Weighted words by name: interests and habits; the parts of each list add up to 1 before it is cut.
  var shares: [(name: String, entries: [(word: String, share: Double)])] = []
  /// What was searched for, the latest first.
  var searches: [String] = []
  /// The latest purchases, the oldest first.
  var history: [(product: String, time: Int64, order: Int64)] = []
  /// For each value: the ids of the events that made it.
  private(set) var sources: [String: [Int64]] = [:]

  /// Purchases with days, for models of purchase rates.
  var purchaseDays: [Int64] = []
  var spendOfDay: [Int64: Double] = [:]
  var region: String?

  init(_ events: [ProfileEvent], _ products: ProductTable) {
    let kept = Self.withoutRefunded(events)
    count(events)
    measurePurchases(kept.filter { $0.kind == .purchase && $0.quantity > 0 }, products)
    measureInterests(kept, products)
    searches = []
    for event in events.reversed() where event.kind == .search && !event.text.isEmpty {
      if !searches.contains(event.text), searches.count < Self.interestLimit { searches.append(event.text) }
    }
    region = events.last { $0.region != 0 }.flatMap { products.word($0.region) }
    for event in kept where event.kind == .purchase && event.quantity > 0 {
      if let product = products[event.product] { history.append((product.id, event.time, event.order)) }
    }
    history.removeFirst(max(0, history.count - Self.historyLimit))
  }

  /// Takes refunded pieces off the latest purchase of the same product before the refund.
  static func withoutRefunded(_ events: [ProfileEvent]) -> [ProfileEvent] {
    var kept = events
    // Of each product the purchases with pieces left, the latest last: a robot's million refunds take no longer for it.
    var open: [Int64: [Int]] = [:]
    // Files with dates alone put a purchase and its refund at the same time.
    var order = Array(events.indices)
    if events.contains(where: { $0.kind == .refund }) {
      order.sort {
        (events[$0].time, events[$0].kind == .refund ? 1 : 0, $0) < (
          events[$1].time, events[$1].kind == .refund ? 1 : 0, $1
        )
      }
    }
    for index in order {
      let event = events[index]
      switch event.kind {
      case .purchase: if event.quantity > 0 { open[event.product, default: []].append(index) }
      case .refund:
        var left = event.quantity
        while left > 0, let latest = open[event.product]?.last {
          let taken = min(left, kept[latest].quantity)
          kept[latest].quantity -= taken
          left -= taken
          if kept[latest].quantity <= 0 { open[event.product]?.removeLast() }
        }
      default: break
      }
    }
    return kept
  }

  private mutating func add(_ name: String, _ value: Double, from events: [ProfileEvent]) {
    numbers.append((name, value))
    sources[name] = events.map(\.id)
  }

  private mutating func count(_ events: [ProfileEvent]) {
    guard let first = events.first, let last = events.last else { return }
    add("first_seen", Double(first.time), from: [first])
    add("last_seen", Double(last.time), from: [last])
    add("events", Double(events.count), from: events)
    for kind in EventKind.allCases {
      let own = events.filter { $0.kind == kind }
      if !own.isEmpty { add("\(kind.name)_count", Double(own.count), from: own) }
    }
    let rated = events.filter { $0.rating != nil }
    if !rated.isEmpty {
      let sum = rated.reduce(0) { $0 + ($1.rating ?? 0) }
      add("mean_rating", Self.cents(sum / Double(rated.count)), from: rated)
    }
    add("active_days", Double(Set(events.map(\.localDay)).count), from: events)
    // A visit ends after half an hour without an event.
    var visits = 1
    for (earlier, later) in zip(events, events.dropFirst()) where later.time - earlier.time > 1_800_000 { visits += 1 }
    add("visits", Double(visits), from: events)
    add("events_per_visit", Double(events.count) / Double(visits), from: events)
  }

  private mutating func measurePurchases(_ purchases: [ProfileEvent], _ products: ProductTable) {
    guard let first = purchases.first, let last = purchases.last else { return }
    let baskets = Dictionary(grouping: purchases) { $0.order != 0 ? $0.order : -1 - $0.localDay }
    let revenue = purchases.reduce(0) { $0 + $1.amount }
    let pieces = purchases.reduce(0) { $0 + $1.quantity }
    add("orders", Double(baskets.count), from: purchases)
    add("revenue", Self.cents(revenue), from: purchases)
    add("pieces", pieces, from: purchases)
    add("average_order_value", Self.cents(revenue / Double(baskets.count)), from: purchases)
    add("average_order_products", Double(purchases.count) / Double(baskets.count), from: purchases)
    let foreign = purchases.filter(\.isForeign)
    if !foreign.isEmpty { add("purchases_in_other_currencies", Double(foreign.count), from: foreign) }
    add("first_order", Double(first.time), from: [first])
    add("last_order", Double(last.time), from: [last])
    let times = baskets.values.compactMap { $0.map(\.time).max() }.sorted()
    let gaps = zip(times, times.dropFirst()).map { Double($1 - $0) / 86_400_000 }
    if let days = median(gaps) { add("days_between_orders", days, from: purchases) }
    let early = purchases.filter {
      guard let product = products[$0.product] else { return false }
      return $0.time - product.firstSold < 30 * 86_400_000
    }
    add("new_product_share", Double(early.count) / Double(purchases.count), from: early)
    let cheap = purchases.filter { event in
      guard let price = event.price, let usual = products[event.product]?.usualPrice, usual > 0 else { return false }
      return price <= usual * 0.9
    }
    add("below_usual_price_share", Double(cheap.count) / Double(purchases.count), from: cheap)
    for event in purchases { spendOfDay[event.localDay, default: 0] += event.amount }
    purchaseDays = spendOfDay.keys.sorted()
  }

  private mutating func measureInterests(_ events: [ProfileEvent], _ products: ProductTable) {
    guard let last = events.last else { return }
    var weights: [String: [String: Double]] = [:]
    var makers: [String: [Int64]] = [:]
    func add(_ list: String, _ word: String?, _ weight: Double, _ event: ProfileEvent) {
      guard let word, !word.isEmpty, weight > 0 else { return }
      weights[list, default: [:]][word, default: 0] += weight
      makers[list, default: []].append(event.id)
    }
    for event in events where event.kind != .refund && event.quantity > 0 {
      let age = Double(last.time - event.time) / 86_400_000
      let weight = Self.weight(of: event.kind) * exp2(-age / Self.halfLifeDays)
      if let product = products[event.product] {
        add("categories", product.category, weight, event)
        add("brands", product.brand, weight, event)
        add("price_bands", product.band, weight, event)
        for word in Set(ContentIndex.words(of: product.name)) { add("words", word, weight, event) }
      }
      for word in ContentIndex.words(of: event.text) { add("words", word, weight, event) }
      add("channels", products.word(event.channel), 1, event)
      add("hours", "\(event.localHour)", 1, event)
      // 1970-01-01 was a Thursday.
      add("weekdays", "\((event.localDay + 3) % 7 + 1)", 1, event)
    }
    for name in ["categories", "brands", "price_bands", "words", "channels", "hours", "weekdays"] {
      guard let found = weights[name] else { continue }
      let total = found.values.reduce(0, +)
      let sorted = found.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.interestLimit)
      shares.append((name, sorted.map { ($0.key, ($0.value / total * 10000).rounded() / 10000) }))
      sources[name] = makers[name] ?? []
    }
  }

  /// How much an event says of what a person likes.
  private static func weight(of kind: EventKind) -> Double {
    switch kind {
    case .impression: 0.1
    case .messageOpen: 0.3
    case .click, .view: 1
    case .search: 2
    case .addToCart, .review: 3
    case .purchase: 5
    case .refund: 0
    }
  }

  private static func cents(_ amount: Double) -> Double { (amount * 100).rounded() / 100 }
}
