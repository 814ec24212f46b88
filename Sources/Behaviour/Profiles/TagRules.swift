public import Core
import Host

/// Names for groups of people by what their profiles say: a tag applies where all its conditions hold.
public struct TagRules: Sendable {
  struct Rule: Sendable {
    let tag: String
    let conditions: [Condition]

    /// The conditions for people.
    var words: String { conditions.map(\.words).joined(separator: " and ") }
  }

  struct Condition: Sendable {
    enum Test: String, Sendable, CaseIterable {
      case atLeast = "at_least"
      case atMost = "at_most"
      case above, below, equals
    }
    let value: String
    let test: Test
    let bound: Double

    /// The condition for people.
    var words: String {
      let number = Int(exactly: bound).map(String.init) ?? "\(bound)"
      return "'\(value)' is \(test == .equals ? "" : test.rawValue.replacing("_", with: " ") + " ")\(number)"
    }

    func holds(_ number: Double) -> Bool {
      switch test {
      case .atLeast: number >= bound
      case .atMost: number <= bound
      case .above: number > bound
      case .below: number < bound
      case .equals: number == bound
      }
    }
  }

  let rules: [Rule]

  /// The usual tags.
  public static let usual = TagRules(rules: [
    Rule(
      tag: "high-frequency-buyer", conditions: [.init("orders_per_year", .atLeast, 12), .init("orders", .atLeast, 3)]),
    Rule(
      tag: "new-product-explorer",
      conditions: [.init("new_product_share", .atLeast, 0.3), .init("orders", .atLeast, 2)]),
    Rule(tag: "brand-loyalist", conditions: [.init("top_brand_share", .atLeast, 0.6), .init("orders", .atLeast, 3)]),
    Rule(
      tag: "bargain-hunter",
      conditions: [.init("below_usual_price_share", .atLeast, 0.5), .init("orders", .atLeast, 2)]),
    Rule(tag: "lapsed", conditions: [.init("churn_risk", .atLeast, 0.5), .init("days_since_order", .above, 90)]),
    Rule(tag: "vip", conditions: [.init("rfm_recency", .atLeast, 4), .init("rfm_monetary", .equals, 5)]),
  ])

  private init(rules: [Rule]) { self.rules = rules }

  /// Reads rules from YAML: a tag, and for each value of a profile the bounds.
  ///
  /// - Throws: `Diagnostic` of kind "invalid tags" with its place.
  public init(yaml path: String) throws(Diagnostic) {
    let file = try YAMLFile(path: path)
    let root = file.document.root["tags"]
    guard root.kind == .object else {
      throw file.diagnostic("invalid tags", "expected an object 'tags'", at: file.document.root)
    }
    var rules: [Rule] = []
    for index in 0..<root.count {
      let tag = String(decoding: root.key(at: index), as: UTF8.self)
      var conditions: [Condition] = []
      for place in 0..<root[index].count {
        let value = String(decoding: root[index].key(at: place), as: UTF8.self)
        let bounds = root[index][place]
        guard bounds.kind == .object, bounds.count > 0 else {
          throw file.diagnostic("invalid tags", "'\(value)' needs a bound such as { at_least: 3 }", at: bounds)
        }
        for bound in 0..<bounds.count {
          let name = String(decoding: bounds.key(at: bound), as: UTF8.self)
          guard let test = Condition.Test(rawValue: name), let number = bounds[bound].double else {
            let names = Condition.Test.allCases.map(\.rawValue)
            throw file.diagnostic(
              "invalid tags", "'\(name)' must be one of \(names.joined(separator: ", ")), with a number",
              at: bounds[bound],
              help: nearestName(to: name, among: names).map { "did you mean '\($0)'?" })
          }
          conditions.append(.init(value, test, number))
        }
      }
      rules.append(Rule(tag: tag, conditions: conditions))
    }
    self.rules = rules
    withExtendedLifetime(file.document) {}
  }

  /// The tags of a person by the profile's numbers; a value that is not there holds no condition.
  func tags(_ numbers: [String: Double]) -> [String] {
    rules.filter { rule in
      !rule.conditions.isEmpty && rule.conditions.allSatisfy { $0.holds(numbers[$0.value] ?? .nan) }
    }.map(\.tag)
  }
}

extension TagRules.Condition {
  init(_ value: String, _ test: Test, _ bound: Double) {
    self.value = value
    self.test = test
    self.bound = bound
  }
}
