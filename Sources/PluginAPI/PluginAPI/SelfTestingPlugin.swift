/// A plugin that ships cases with itself, which `bespoke plugins validate` and `PluginTesting` run.
public protocol SelfTestingPlugin: Plugin {
  /// The cases; always the same.
  static var selfTests: [SelfTest] { get }
}

/// A brief and what a plugin makes of it.
public struct SelfTest: Sendable {
  /// What the case shows.
  public var name: String
  /// The stage's options as JSON text.
  public var config: String
  /// The brief as JSON text.
  public var brief: String
  /// The exact text of ports by name, the empty one being the stage's own slot; of structured ones, their compact JSON.
  public var expect: [String: String]
  /// The only source of chance.
  public var seed: UInt64

  /// A case.
  public init(
    _ name: String, config: String = "{}", brief: String, expect: [String: String], seed: UInt64 = 0
  ) {
    self.name = name
    self.config = config
    self.brief = brief
    self.expect = expect
    self.seed = seed
  }

  /// `expect` as JSON text, ports sorted.
  var expectation: String {
    let members = expect.sorted { $0.key < $1.key }.map { "\(json($0.key)):\(json($0.value))" }
    return "{\(members.joined(separator: ","))}"
  }
}
