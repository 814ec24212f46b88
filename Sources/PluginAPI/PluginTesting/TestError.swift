/// Why a test could not be run, or what a plugin did against the contract.
public struct TestError: Error, CustomStringConvertible, Sendable {
  /// For people: lower case, no full stop.
  public let message: String

  init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
