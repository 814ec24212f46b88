import Glibc

/// Demand to come: Holt-Winters with an additive season, its three weights fitted to the past.
///
/// Source: Winters, "Forecasting sales by exponentially weighted moving averages", 1960.
public struct Forecast: Sendable {
  /// What is expected of the steps to come.
  public let values: [Double]
  /// The mean absolute error on the held-back tail.
  public let error: Double
  /// The mean absolute error there of the naive forecast: the same as one season ago.
  public let naiveError: Double

  /// Whether the model foresees better than the naive forecast; if not, use that one.
  public var isBetterThanNaive: Bool { error < naiveError }

  /// Fits to a series and looks ahead; nil where it is shorter than three seasons.
  ///
  /// - Parameters:
  ///   - season: how many steps a season has; 7 for days.
  ///   - held: how many steps at the end the errors are measured on; one season where nil.
  public init?(_ series: [Double], season: Int, ahead: Int, held: Int? = nil) {
    let held = held ?? season
    guard season > 1, held > 0, series.count - held >= season * 2 else { return nil }
    let past = Array(series[..<(series.count - held)])
    let tail = series[(series.count - held)...]
    let weights = Self.fit(past, season: season)
    let foreseen = Self.run(past, season: season, weights).ahead(held)
    func meanError(_ forecast: [Double]) -> Double {
      zip(forecast, tail).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(held)
    }
    error = meanError(foreseen)
    naiveError = meanError((0..<held).map { past[past.count - season + $0 % season] })
    values = Self.run(series, season: season, Self.fit(series, season: season)).ahead(ahead)
  }

  private struct State {
    var level: Double
    var trend: Double
    var seasons: [Double]
    /// Which of the seasons the next step has.
    var place: Int
    var squaredError: Double

    func ahead(_ steps: Int) -> [Double] {
      (1...max(steps, 1)).prefix(steps).map { level + Double($0) * trend + seasons[(place + $0 - 1) % seasons.count] }
    }
  }

  private static func run(_ series: [Double], season: Int, _ weights: [Double]) -> State {
    let first = series[..<season].reduce(0, +) / Double(season)
    let second = series[season..<(season * 2)].reduce(0, +) / Double(season)
    var state = State(
      level: first, trend: (second - first) / Double(season), seasons: series[..<season].map { $0 - first }, place: 0,
      squaredError: 0)
    for (index, value) in series.enumerated() {
      let place = index % season
      let expected = state.level + state.trend + state.seasons[place]
      if index >= season { state.squaredError += (value - expected) * (value - expected) }
      let level = weights[0] * (value - state.seasons[place]) + (1 - weights[0]) * (state.level + state.trend)
      state.trend = weights[1] * (level - state.level) + (1 - weights[1]) * state.trend
      state.seasons[place] = weights[2] * (value - level) + (1 - weights[2]) * state.seasons[place]
      state.level = level
    }
    state.place = series.count % season
    return state
  }

  /// Weights in 0...1 of the least squared error one step ahead.
  private static func fit(_ series: [Double], season: Int) -> [Double] {
    func weights(_ point: [Double]) -> [Double] { point.map { 1 / (1 + exp(-$0)) } }
    let best = minimise(
      { run(series, season: season, weights($0)).squaredError }, from: [-1, -3, -1], step: 1, tolerance: 1e-8,
      maxSteps: 400)
    return weights(best)
  }
}
