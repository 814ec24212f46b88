public import Core

/// When a route is taken: data, not a language.
public indirect enum Condition: Sendable {
  /// Every part holds.
  case all([Condition])
  /// At least one part holds.
  case any([Condition])
  /// The part does not hold.
  case not(Condition)
  /// The value at a path of the brief passes a test.
  case value(path: [String], test: Test)

  /// What is asked of a value.
  public enum Test: Sendable {
    /// The same scalar.
    case equals(Scalar)
    /// One of the scalars.
    case oneOf([Scalar])
    /// An array with this element, or a string with this part.
    case contains(Scalar)
    /// Whether there is a value other than null.
    case exists(Bool)
    /// A number, or a text such as an ISO 8601 date, on one side of a bound.
    case bound(Bound, Scalar)
    /// A string that begins so.
    case startsWith(String)
  }

  /// The sides of a bound.
  public enum Bound: String, Sendable, CaseIterable {
    case atLeast = "at_least"
    case atMost = "at_most"
    case above, below
  }

  /// A constant in a condition.
  public enum Scalar: Sendable, Equatable {
    case bool(Bool)
    case number(Double)
    case string(String)
  }

  /// Names of the operators.
  public static let operators =
    ["equals", "in", "contains", "exists", "starts_with"] + Bound.allCases.map(\.rawValue)

  /// Whether it holds for a brief.
  public func holds(for brief: Value) -> Bool {
    switch self {
    case .all(let parts): parts.allSatisfy { $0.holds(for: brief) }
    case .any(let parts): parts.contains { $0.holds(for: brief) }
    case .not(let part): !part.holds(for: brief)
    case .value(let path, let test): test.passes(brief.value(at: path))
    }
  }
}

extension Condition.Test {
  func passes(_ value: Value) -> Bool {
    switch self {
    case .equals(let scalar): scalar.equals(value)
    case .oneOf(let scalars): scalars.contains { $0.equals(value) }
    case .exists(let wanted): value.exists == wanted
    case .startsWith(let text): value.string?.hasPrefix(text) ?? false
    case .contains(let scalar):
      if value.kind == .array {
        (0..<value.count).contains { scalar.equals(value[$0]) }
      } else if case .string(let part) = scalar, let text = value.string {
        text.contains(part)
      } else {
        false
      }
    case .bound(let bound, let scalar):
      switch (scalar, value.double, value.string) {
      case (.number(let limit), let number?, _): bound.holds(number, limit)
      case (.string(let limit), _, let text?): bound.holds(text, limit)
      default: false
      }
    }
  }
}

extension Condition.Bound {
  fileprivate func holds<T: Comparable>(_ value: T, _ limit: T) -> Bool {
    switch self {
    case .atLeast: value >= limit
    case .atMost: value <= limit
    case .above: value > limit
    case .below: value < limit
    }
  }
}

extension Condition.Scalar {
  fileprivate func equals(_ value: Value) -> Bool {
    switch self {
    case .bool(let truth): value.bool == truth
    case .number(let number): value.double == number
    case .string(let text): value.string == text
    }
  }
}

extension Value {
  /// The value at a path of keys.
  func value(at path: [String]) -> Value {
    path.reduce(self) { $0[$1] }
  }
}
