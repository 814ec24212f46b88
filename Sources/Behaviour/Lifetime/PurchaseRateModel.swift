import Glibc

/// What a purchase model knows of one customer.
public struct PurchaseSummary: Sendable, Hashable {
  /// Purchases after the first.
  public var frequency: Int
  /// Time from the first purchase to the last.
  public var recency: Double
  /// Time from the first purchase to the end of observation.
  public var age: Double

  /// A customer's summary; both times in the same unit.
  public init(frequency: Int, recency: Double, age: Double) {
    self.frequency = frequency
    self.recency = recency
    self.age = age
  }
}

/// How often customers buy and when they leave: the BG/NBD model.
///
/// Source: Fader, Hardie and Lee, "Counting your customers the easy way: an alternative to the Pareto/NBD model", 2005,
/// equations 6, 10 and the probability of being alive of their 2008 note.
public struct PurchaseRateModel: Sendable {
  /// The shape of the purchase rates among customers.
  public let r: Double
  /// The scale of the purchase rates, a time.
  public let alpha: Double
  /// The first parameter of the dropout probabilities.
  public let a: Double
  /// The second parameter of the dropout probabilities.
  public let b: Double
  /// The log-likelihood of the customers that it was fitted to.
  public let logLikelihood: Double

  /// Fits a model by maximum likelihood; nil for fewer than ten customers or without any repeat purchase.
  public init?(fitting customers: [PurchaseSummary]) {
    guard customers.count >= 10, customers.contains(where: { $0.frequency > 0 }) else { return nil }
    // Equal customers count once with their number.
    var groups: [PurchaseSummary: Int] = [:]
    for customer in customers { groups[customer, default: 0] += 1 }
    let counted = groups.sorted {
      ($0.key.frequency, $0.key.recency, $0.key.age) < ($1.key.frequency, $1.key.recency, $1.key.age)
    }
    // Times are brought to about ten, where the search begins well.
    let longest = customers.reduce(0) { max($0, $1.age) }
    let scale = longest > 0 ? 10 / longest : 1
    func total(_ logs: [Double]) -> Double {
      // Farther out, differences of logarithms of the gamma function are no more than their rounding.
      guard logs.allSatisfy({ abs($0) < 18 }) else { return -.infinity }
      let (r, alpha, a, b) = (exp(logs[0]), exp(logs[1]), exp(logs[2]), exp(logs[3]))
      return counted.reduce(0) { sum, group in
        let customer = group.key
        return sum + Double(group.value)
          * Self.logLikelihood(
            x: Double(customer.frequency), recency: customer.recency * scale, age: customer.age * scale, r: r,
            alpha: alpha, a: a, b: b)
      }
    }
    // Of few customers the likelihood may have several summits.
    let starts = [[0.0, 0, 0, 0], [0, 2, -1, 1], [0, 0, 2, 3]].prefix(counted.count < 1000 ? 3 : 1)
    let found = starts.map { start in
      // A second search from the first one's end leaves a simplex that collapsed too early.
      minimise({ -total($0) }, from: minimise({ -total($0) }, from: start))
    }
    let logs = found.max { total($0) < total($1) } ?? starts[0]
    r = exp(logs[0])
    alpha = exp(logs[1]) / scale
    a = exp(logs[2])
    b = exp(logs[3])
    // The density's unit is one over time: undo the scale for each repeat purchase.
    let repeats = customers.reduce(0) { $0 + $1.frequency }
    logLikelihood = total(logs) + Double(repeats) * log(scale)
  }

  /// A model of given parameters.
  public init(r: Double, alpha: Double, a: Double, b: Double) {
    self.r = r
    self.alpha = alpha
    self.a = a
    self.b = b
    logLikelihood = .nan
  }

  private static func logLikelihood(
    x: Double, recency: Double, age: Double, r: Double, alpha: Double, a: Double, b: Double
  ) -> Double {
    let rate = lgamma(r + x) - lgamma(r) + r * log(alpha)
    let dropout = lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x)
    let alive = -(r + x) * log(alpha + age)
    guard x > 0 else { return rate + dropout + alive }
    let left = log(a) - log(b + x - 1) - (r + x) * log(alpha + recency)
    let most = max(alive, left)
    return rate + dropout + most + log(exp(alive - most) + exp(left - most))
  }

  /// The probability that a customer still buys.
  public func alive(_ customer: PurchaseSummary) -> Double {
    guard customer.frequency > 0 else { return 1 }
    return 1 / (1 + odds(customer))
  }

  private func odds(_ customer: PurchaseSummary) -> Double {
    let x = Double(customer.frequency)
    guard x > 0 else { return 0 }
    return a / (b + x - 1) * pow((alpha + customer.age) / (alpha + customer.recency), r + x)
  }

  /// How many purchases a customer is expected to make in a time to come.
  public func expectedPurchases(of customer: PurchaseSummary, in time: Double) -> Double {
    guard time > 0 else { return 0 }
    let x = Double(customer.frequency)
    let z = time / (alpha + customer.age + time)
    let series = logHypergeometric(r + x, b + x, a + b + x - 1, z)
    let left = -expm1(series + (r + x) * log((alpha + customer.age) / (alpha + customer.age + time)))
    // The equation is a difference of nearly equal numbers around its pole at a = 1, and where nearly all or nobody leave.
    let expected =
      abs(left) > 1e-6
      ? (a + b + x - 1) / (a - 1) * left : integral(from: 0, to: time) { rate(of: customer, after: $0) }
    return max(0, expected) / (1 + odds(customer))
  }

  /// How many purchases in a unit of time are expected of a customer who is alive, after some time to come.
  ///
  /// The mean of the rate times the chance to be still there, over what is known of the customer's rate and dropout; its
  /// integral is equation 10.
  private func rate(of customer: PurchaseSummary, after time: Double) -> Double {
    let x = Double(customer.frequency)
    let v = time / (alpha + customer.age)
    let series = logHypergeometric(r + x + 1, b + x, a + b + x, v / (1 + v))
    return (r + x) / (alpha + customer.age) * exp(series - (r + x + 1) * log1p(v))
  }
}

/// The logarithm of Gauss's hypergeometric series for positive parameters and 0 <= z < 1.
func logHypergeometric(_ a: Double, _ b: Double, _ c: Double, _ z: Double) -> Double {
  var (term, sum, scale) = (1.0, 1.0, 0.0)
  for index in 0..<100_000 {
    let n = Double(index)
    term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z
    sum += term
    if abs(term) < 1e-15 * abs(sum) { break }
    if sum > 1e200 {
      term *= 1e-200
      sum *= 1e-200
      scale += log(1e200)
    }
  }
  return log(sum) + scale
}

/// The integral of a smooth function, by Gauss and Legendre's rule of ten points on parts that double in length.
func integral(from start: Double, to end: Double, _ function: (Double) -> Double) -> Double {
  let rule = [
    (0.1488743389816312, 0.2955242247147529), (0.4333953941292472, 0.2692667193099963),
    (0.6794095682990244, 0.2190863625159821), (0.8650633666889845, 0.1494513491505806),
    (0.9739065285171717, 0.0666713443086881),
  ]
  var total = 0.0
  var low = start
  for part in (0...6).reversed() {
    let high = start + (end - start) / Double(1 << part)
    let (middle, half) = ((low + high) / 2, (high - low) / 2)
    for (node, weight) in rule {
      total += weight * half * (function(middle - half * node) + function(middle + half * node))
    }
    low = high
  }
  return total
}
