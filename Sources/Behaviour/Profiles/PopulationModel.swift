/// What only the comparison of all people says: tiers, expected purchases and their worth.
struct PopulationModel {
  /// What a person's purchases are to the models, in days.
  struct Buyer {
    let lastDay: Int64
    let firstDay: Int64
    let orders: Int
    let revenue: Double
    let repeatDays: Int
    let repeatMean: Double
  }

  private let today: Int64
  private let buyers: [Buyer]
  private let rates: PurchaseRateModel?
  private let spends: SpendModel?
  private let recencies: [Double]
  private let frequencies: [Double]
  private let revenues: [Double]

  init(_ buyers: [Buyer], today: Int64) {
    self.today = today
    self.buyers = buyers
    rates = PurchaseRateModel(fitting: buyers.map { Self.summary($0, today) })
    spends = SpendModel(fitting: buyers.filter { $0.repeatDays > 0 }.map { ($0.repeatDays, $0.repeatMean) })
    recencies = buyers.map { Double($0.lastDay) }.sorted()
    frequencies = buyers.map { Double($0.orders) }.sorted()
    revenues = buyers.map(\.revenue).sorted()
  }

  /// Where a buyer stands among others: days since the last order, orders, revenue.
  func position(_ buyer: Buyer) -> [Double] {
    [Double(max(today - buyer.lastDay, 0)), Double(buyer.orders), buyer.revenue]
  }

  /// Where everybody stands.
  var positions: [[Double]] { buyers.map(position) }

  /// Weeks, the unit of the literature.
  private static func summary(_ buyer: Buyer, _ today: Int64) -> PurchaseSummary {
    PurchaseSummary(
      frequency: buyer.repeatDays, recency: Double(buyer.lastDay - buyer.firstDay) / 7,
      age: Double(max(today - buyer.firstDay, 0)) / 7)
  }

  /// The fifth of all buyers in which a number lies, 5 being the highest; equal numbers lie in the same.
  private static func tier(_ number: Double, _ sorted: [Double]) -> Double {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < number { low = middle + 1 } else { high = middle }
    }
    return Double(min(4, low * 5 / max(sorted.count, 1)) + 1)
  }

  /// The numbers of one buyer.
  func numbers(_ buyer: Buyer) -> [(name: String, value: Double)] {
    let age = Double(max(today - buyer.firstDay, 1))
    var numbers: [(name: String, value: Double)] = [
      ("days_since_order", Double(today - buyer.lastDay)),
      ("orders_per_year", Self.rounded(Double(buyer.orders) * 365 / max(age, 30))),
      ("rfm_recency", Self.tier(Double(buyer.lastDay), recencies)),
      ("rfm_frequency", Self.tier(Double(buyer.orders), frequencies)),
      ("rfm_monetary", Self.tier(buyer.revenue, revenues)),
    ]
    guard let rates else { return numbers }
    let summary = Self.summary(buyer, today)
    let alive = rates.alive(summary)
    numbers.append(("churn_risk", Self.rounded(1 - alive)))
    let year = rates.expectedPurchases(of: summary, in: 52)
    numbers.append(("expected_orders_next_year", Self.rounded(year)))
    if year > 0.05 { numbers.append(("expected_days_to_next_order", Self.rounded(364 / year))) }
    if let value = spends?.expectedMean(count: buyer.repeatDays, mean: buyer.repeatMean) {
      numbers.append(("expected_order_value", Self.rounded(value)))
      // Twelve spans of 4 1/3 weeks, discounted by one per cent each.
      var worth = 0.0
      var before = 0.0
      var discount = 1.0
      for month in 1...12 {
        let until = rates.expectedPurchases(of: summary, in: Double(month) * 52 / 12)
        discount /= 1.01
        worth += (until - before) * discount
        before = until
      }
      numbers.append(("lifetime_value_next_year", Self.rounded(worth * value)))
    }
    return numbers
  }

  private static func rounded(_ number: Double) -> Double { (number * 10000).rounded() / 10000 }
}
