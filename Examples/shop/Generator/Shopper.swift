import Core

/// What one invented customer does in two years.
struct Shopper {
  private let shop: Shop
  private let account: Account
  private var random: SeededRandom
  private let interests: [Int]
  private(set) var events: [ShopEvent] = []

  init(_ account: Account, _ shop: Shop, _ random: SeededRandom) {
    self.shop = shop
    self.account = account
    self.random = random
    let count = Int.random(in: 1...3, using: &self.random)
    interests = Array(shop.categories.indices.shuffled(using: &self.random).prefix(count))
    live()
  }

  private mutating func live() {
    let orders: ClosedRange<Int>
    /// Days before the end of the log.
    let (first, last): (ClosedRange<Int>, ClosedRange<Int>)
    switch account.kind {
    case .new: (orders, first, last) = (0...1, 5...60, 0...4)
    case .loyal: (orders, first, last) = (3...9, 200...700, 0...60)
    case .vip: (orders, first, last) = (8...30, 300...720, 0...30)
    case .lapsed: (orders, first, last) = (1...5, 400...720, 260...399)
    case .declined: (orders, first, last) = (0...6, 60...700, 0...50)
    }
    let begin = Shop.end - Int64(Int.random(in: first, using: &random)) * Shop.day
    let end = Shop.end - Int64(Int.random(in: last, using: &random)) * Shop.day
    let bought = Int.random(in: orders, using: &random)
    let visits = bought + Int.random(in: 0...(bought + 3), using: &random)
    let times = (0..<visits).map { _ in moment(between: begin, end) }.sorted()
    let buying = Set(times.indices.shuffled(using: &random).prefix(bought))
    for (index, time) in times.enumerated() { visit(at: time, number: index, buys: buying.contains(index)) }
  }

  /// A moment by day, at an hour when people are awake.
  private mutating func moment(between begin: Int64, _ end: Int64) -> Int64 {
    let day = Int64.random(in: (begin / Shop.day)...max(begin / Shop.day, end / Shop.day - 1), using: &random)
    let hour = Int64(Int.random(in: 7...19, using: &random) + Int.random(in: 0...3, using: &random))
    return day * Shop.day + hour * 3_600_000 + Int64.random(in: 0..<3_600_000, using: &random)
      - Int64(account.offset) * 60_000
  }

  private mutating func visit(at start: Int64, number: Int, buys: Bool) {
    let share = random.unit()
    let channel = share < 0.6 ? "web" : share < 0.85 ? "app" : "mail"
    var time = start
    func step(_ kind: String, _ product: Shop.Product? = nil) -> ShopEvent {
      ShopEvent(time: time, kind: kind, user: account.id, offset: account.offset, channel: channel, product: product)
    }
    if channel == "mail" { events.append(step("message_open")) }
    var seen: [Shop.Product] = []
    for _ in 0..<Int.random(in: 2...6, using: &random) {
      time += Int64.random(in: 20_000...90_000, using: &random)
      let product = shop.product(of: category(), on: time / Shop.day, &random)
      if random.unit() < 0.08 {
        var search = step("search")
        search.query =
          product.tags.first.map { "\($0) \(shop.categories[product.category].lowercased())" } ?? product.name
        events.append(search)
        time += 9_000
      } else if random.unit() < 0.1 {
        events.append(step("impression", product))
        time += 4_000
        events.append(step("click", product))
        time += 1_000
      }
      events.append(step("view", product))
      seen.append(product)
    }
    let wanted = Array(seen.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
    guard buys || random.unit() < 0.2 else { return }
    var basket: [Shop.Product] = []
    for product in wanted {
      for item in [product] + (random.unit() < 0.35 ? [shop.companion(of: product)] : [])
      where !basket.contains(where: { $0.id == item.id }) && item.firstDay <= time / Shop.day {
        basket.append(item)
        time += 15_000
        events.append(step("add_to_cart", item))
      }
    }
    if buys { order(basket, step("purchase"), number: number) }
  }

  /// A category, mostly one that the customer likes.
  private mutating func category() -> Int {
    if random.unit() < 0.8, let liked = interests.randomElement(using: &random) { return liked }
    return Int.random(in: shop.categories.indices, using: &random)
  }

  private mutating func order(_ basket: [Shop.Product], _ purchase: ShopEvent, number: Int) {
    let saving = random.unit() < 0.15 ? 0.8 : 1
    for product in basket {
      var line = purchase
      line.time += 60_000
      line.product = product
      line.order = "\(account.id)-\(number)"
      line.quantity = random.unit() < 0.1 ? 2 : 1
      line.price = product.price * saving
      events.append(line)
      let later = line.time + Int64.random(in: 3...20, using: &random) * Shop.day
      guard later < Shop.end else { continue }
      if random.unit() < 0.04 {
        line.kind = "refund"
        line.time = later
        events.append(line)
      } else if random.unit() < 0.1 {
        events.append(
          ShopEvent(
            time: later, kind: "review", user: account.id, offset: account.offset, channel: "web", product: product,
            rating: Int.random(in: 3...5, using: &random)))
      }
    }
  }
}
