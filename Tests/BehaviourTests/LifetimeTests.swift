import Foundation
import Testing

@testable import Behaviour

/// The CDNOW data of Fader and Hardie lie outside the repository, in BESPOKE_SHARED or `../shared`.
private let shared: String = {
  if let folder = ProcessInfo.processInfo.environment["BESPOKE_SHARED"] { return folder }
  var root = URL(fileURLWithPath: #filePath)
  for _ in 0..<3 { root.deleteLastPathComponent() }
  return root.deletingLastPathComponent().appendingPathComponent("shared").path
}()
private let summaryFile = shared + "/data/clv-cdnow/cdnow_customers_summary.csv"
private let sampleFile = shared + "/data/clv-cdnow/CDNOW_sample.txt"

struct LifetimeTests {
  @Test(.enabled(if: FileManager.default.fileExists(atPath: summaryFile), "the CDNOW data are not here"))
  func parametersOfCDNOWAreThePublishedOnes() throws {
    let rows = try String(contentsOfFile: summaryFile, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
    let customers = rows.map { row -> PurchaseSummary in
      let cells = row.split(separator: ",").compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
      return PurchaseSummary(frequency: Int(cells[1]), recency: cells[2], age: cells[3])
    }
    let model = try #require(PurchaseRateModel(fitting: customers))
    #expect(abs(model.r - 0.2426) < 0.0005)
    #expect(abs(model.alpha - 4.4135) < 0.005)
    #expect(abs(model.a - 0.7929) < 0.002)
    #expect(abs(model.b - 2.4258) < 0.005)
    #expect(abs(model.logLikelihood - -9582.43) < 0.01)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: sampleFile), "the CDNOW data are not here"))
  func spendOfCDNOWIsThePublishedOne() throws {
    // Repeat purchases of the first 39 weeks, until 1997-09-30; published as p 6.25, q 3.74, gamma 15.44.
    var spends: [String: [String: Double]] = [:]
    for line in try String(contentsOfFile: sampleFile, encoding: .utf8).split(whereSeparator: \.isNewline) {
      let cells = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard cells[2] <= "19970930", let amount = Double(cells[4]) else { continue }
      spends[cells[1], default: [:]][cells[2], default: 0] += amount
    }
    let customers = spends.values.map { days -> (count: Int, mean: Double) in
      let repeats = days.sorted { $0.key < $1.key }.dropFirst().map(\.value)
      return (repeats.count, repeats.reduce(0, +) / Double(max(repeats.count, 1)))
    }
    let model = try #require(SpendModel(fitting: customers))
    #expect(abs(model.p - 6.25) < 0.05)
    #expect(abs(model.q - 3.74) < 0.03)
    #expect(abs(model.gamma - 15.44) < 0.2)
  }

  /// Expected purchases in 52 weeks, by the integral of their rate in 40 digits: around the pole at a = 1, where nobody
  /// or nearly all leave, and of somebody who buys all the time.
  @Test(
    arguments: [
      (2, 4.4, 1, 2.4, 3, 20, 38, 0.888188758566451), (1e5, 1e5, 1e-4, 1e5, 5, 4, 4, 52.0005185754637),
      (0.9, 11, 1e4, 5e4, 3, 20, 30, 1.98102973997745), (5, 2, 0.5, 3, 800, 40, 41, 0.00745325305320031),
      (1e4, 200, 1e-5, 2e-5, 4, 20, 28, 0),
    ] as [(Double, Double, Double, Double, Int, Double, Double, Double)])
  func expectationsHoldAtTheEdges(
    r: Double, alpha: Double, a: Double, b: Double, x: Int, recency: Double, age: Double, expected: Double
  ) {
    let model = PurchaseRateModel(r: r, alpha: alpha, a: a, b: b)
    let found = model.expectedPurchases(of: .init(frequency: x, recency: recency, age: age), in: 52)
    #expect(abs(found - expected) <= 1e-6 * max(1, expected))
  }

  /// The example of Fader and Hardie's note on the model in a spreadsheet: 1.226 purchases in 39 weeks.
  @Test func expectationsAreThoseOfTheLiterature() {
    let model = PurchaseRateModel(r: 0.243, alpha: 4.414, a: 0.793, b: 2.426)
    let customer = PurchaseSummary(frequency: 2, recency: 30.43, age: 38.86)
    #expect(abs(model.expectedPurchases(of: customer, in: 39) - 1.226) < 0.001)
    #expect(model.alive(.init(frequency: 0, recency: 0, age: 50)) == 1)
    #expect(
      model.alive(.init(frequency: 9, recency: 10, age: 50)) < model.alive(.init(frequency: 9, recency: 45, age: 50)))
    #expect(model.expectedPurchases(of: customer, in: 0) == 0)
  }

  @Test func tooFewCustomersMakeNoModel() {
    #expect(PurchaseRateModel(fitting: [.init(frequency: 1, recency: 1, age: 2)]) == nil)
    #expect(SpendModel(fitting: [(3, 10)]) == nil)
  }

  @Test func theSeriesIsThatOfKnownFunctions() {
    // -log(1 - z) / z
    #expect(abs(logHypergeometric(1, 1, 2, 0.5) - log(2 * log(2))) < 1e-12)
    #expect(abs(logHypergeometric(2, 3, 3, 0.3) - log(pow(0.7, -2))) < 1e-12)
    // Far beyond what a double holds: (1 - z) ^ -a.
    #expect(abs(logHypergeometric(5000, 7, 7, 0.5) - 5000 * log(2)) < 1e-8)
  }
}
