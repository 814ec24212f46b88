/// Finds outliers, missing numbers and robots among the events of a batch, and treats them as configured.
///
/// A repaired number comes from the same product's numbers in the batch, from all of the batch where it has none.
struct BatchCleaner {
  let options: ImportOptions
  /// Whether the file has these fields at all: what no row can have is not missing.
  let hasQuantity: Bool
  let hasPrice: Bool

  func clean(_ batch: inout EventBatch, measures: inout NumberMeasures, report: inout CleaningReport) {
    for event in batch.events where event.isTrade {
      measures.quantities.add(event.quantity)
      measures.prices.add(event.price == DraftEvent.missing ? .nan : Double(event.price))
    }
    var drops: Set<Int> = []
    treat(&batch.events, .quantity, fence: measures.quantities.fence(options.outlierFence), &drops, &report)
    treat(&batch.events, .price, fence: measures.prices.fence(options.outlierFence), &drops, &report)
    if !drops.isEmpty {
      batch.events = batch.events.indices.filter { !drops.contains($0) }.map { batch.events[$0] }
    }
    if !options.keepsRobots { dropRobots(&batch.events, &report) }
  }

  private enum Number {
    case quantity, price

    func value(of event: DraftEvent) -> Double {
      switch self {
      case .quantity: event.quantity
      case .price: event.price == DraftEvent.missing ? .nan : Double(event.price)
      }
    }

    func set(_ value: Double, of event: inout DraftEvent) {
      switch self {
      case .quantity:
        event.quantity = max(1, value.rounded())
        event.flags.insert(.repairedQuantity)
      case .price:
        event.price = Int64(value.rounded())
        event.flags.insert(.repairedPrice)
      }
    }
  }

  private func treat(
    _ events: inout [DraftEvent], _ number: Number, fence: Double, _ drops: inout Set<Int>,
    _ report: inout CleaningReport
  ) {
    let isPresent = number == .quantity ? hasQuantity : hasPrice
    var repairs: [(index: Int, treatment: ImportOptions.Treatment)] = []
    for index in events.indices where events[index].isTrade && !drops.contains(index) {
      let value = number.value(of: events[index])
      let isMissing = value.isNaN
      guard isMissing ? isPresent : value > fence else { continue }
      let treatment = isMissing ? options.missing : options.outliers
      let finding: Finding =
        switch (number, isMissing) {
        case (.quantity, true): .missingQuantity
        case (.price, true): .missingPrice
        case (.quantity, false): .outlyingQuantity
        case (.price, false): .outlyingPrice
        }
      let shown = number == .price ? value / 10000 : value
      report.add(finding, treatment.outcome, line: Int(events[index].line), excerpt: isMissing ? "" : "\(shown)")
      if !isMissing { events[index].flags.insert(number == .quantity ? .outlyingQuantity : .outlyingPrice) }
      switch treatment {
      case .keep: break
      case .drop: drops.insert(index)
      case .mean, .median, .mode, .interpolation: repairs.append((index, treatment))
      }
    }
    if !repairs.isEmpty { repair(&events, number, fence: fence, repairs) }
  }

  private func repair(
    _ events: inout [DraftEvent], _ number: Number, fence: Double,
    _ repairs: [(index: Int, treatment: ImportOptions.Treatment)]
  ) {
    let needed = Set(repairs.map { events[$0.index].product })
    var known: [Int64: [(time: Int64, value: Double)]] = [:]
    var all: [(time: Int64, value: Double)] = []
    for event in events where event.isTrade {
      let value = number.value(of: event)
      guard value <= fence else { continue }
      all.append((event.time, value))
      if needed.contains(event.product) { known[event.product, default: []].append((event.time, value)) }
    }
    guard !all.isEmpty else { return }
    for (index, treatment) in repairs {
      let values = known[events[index].product] ?? all
      number.set(Self.value(treatment, of: values, at: events[index].time), of: &events[index])
    }
  }

  /// The value that stands in for another; `values` is not empty.
  static func value(
    _ treatment: ImportOptions.Treatment, of values: [(time: Int64, value: Double)], at time: Int64
  ) -> Double {
    switch treatment {
    case .mean: return values.reduce(0) { $0 + $1.value } / Double(values.count)
    case .mode:
      var counts: [Double: Int] = [:]
      for (_, value) in values { counts[value, default: 0] += 1 }
      return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    case .interpolation:
      let before = values.filter { $0.time <= time }.max { $0.time < $1.time }
      let after = values.filter { $0.time > time }.min { $0.time < $1.time }
      guard let before else { return after?.value ?? 0 }
      guard let after else { return before.value }
      let part = Double(time - before.time) / Double(after.time - before.time)
      return before.value + (after.value - before.value) * part
    case .median, .keep, .drop: return median(values.map(\.value)) ?? 0
    }
  }

  /// Drops the browsing of everybody who does more of it in a minute than a person can.
  private func dropRobots(_ events: inout [DraftEvent], _ report: inout CleaningReport) {
    let browsing = events.indices.filter { events[$0].kind.isBrowsing }
    guard browsing.count > options.robotLimit else { return }
    let sorted = browsing.sorted { (events[$0].profile, events[$0].time) < (events[$1].profile, events[$1].time) }
    var robots: Set<Int64> = []
    for (place, index) in sorted.enumerated() where place >= options.robotLimit {
      let earlier = events[sorted[place - options.robotLimit]]
      if earlier.profile == events[index].profile, events[index].time - earlier.time < 60_000 {
        robots.insert(earlier.profile)
      }
    }
    guard !robots.isEmpty else { return }
    events.removeAll { event in
      guard event.kind.isBrowsing, robots.contains(event.profile) else { return false }
      report.add(.robot, .dropped, line: Int(event.line))
      return true
    }
  }
}
