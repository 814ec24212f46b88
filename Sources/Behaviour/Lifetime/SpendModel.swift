import Glibc

/// What customers spend at a time: the gamma-gamma model.
///
/// Source: Fader and Hardie, "The gamma-gamma model of monetary value", 2013, equations 1a and 5.
public struct SpendModel: Sendable {
  /// The shape of a customer's transactions.
  public let p: Double
  /// The shape of the customers' scales.
  public let q: Double
  /// The scale of the customers' scales, an amount.
  public let gamma: Double

  /// Fits a model by maximum likelihood to numbers of transactions and their means; nil for fewer than ten customers.
  public init?(fitting customers: [(count: Int, mean: Double)]) {
    let valid = customers.filter { $0.count > 0 && $0.mean > 0 }
    guard valid.count >= 10 else { return nil }
    let scale = valid.reduce(0) { $0 + $1.mean } / Double(valid.count)
    func total(_ logs: [Double]) -> Double {
      guard logs.allSatisfy({ abs($0) < 18 }) else { return -.infinity }
      let (p, q, gamma) = (exp(logs[0]), exp(logs[1]), exp(logs[2]))
      return valid.reduce(0) { sum, customer in
        let x = Double(customer.count)
        let m = customer.mean / scale
        return sum + lgamma(p * x + q) - lgamma(p * x) - lgamma(q) + q * log(gamma) + (p * x - 1) * log(m)
          + p * x * log(x) - (p * x + q) * log(gamma + x * m)
      }
    }
    var logs = [1.0, 1.0, 0.0]
    for _ in 0..<2 { logs = minimise({ -total($0) }, from: logs) }
    p = exp(logs[0])
    q = exp(logs[1])
    gamma = exp(logs[2]) * scale
  }

  /// The mean amount that a customer of so many transactions is expected to spend; nil where the model has none.
  public func expectedMean(count: Int, mean: Double) -> Double? {
    let x = Double(count)
    let divisor = p * x + q - 1
    return divisor > 0 ? p * (gamma + x * mean) / divisor : nil
  }
}
