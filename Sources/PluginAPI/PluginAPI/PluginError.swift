import CPluginABI

/// Why an item, or an instance, fails.
///
/// Throw it from `init` or `process`.
public struct PluginError: Error, Sendable {
  /// What sort of failure; the numbers are the ABI's.
  public enum Code: Int32, Sendable {
    /// Nothing to write for this brief; the slot stays empty.
    case skip = 1
    /// The stage's options are wrong.
    case config
    /// The brief lacks something, or has it in a form that cannot be used.
    case input
    /// A rule forbids it.
    case refused
    /// May work when tried again.
    case unavailable
    /// The host asked to stop.
    case cancelled
    /// The deadline passed.
    case deadline
    /// Out of memory, a file, a quota.
    case resource
    /// Not offered by this side.
    case unsupported
    /// A bug in the plugin.
    case `internal`

    var status: bespoke_status { rawValue }
  }

  /// What sort of failure.
  public var code: Code
  /// A path in the brief or the configuration ("product.price"), or empty.
  public var field: String
  /// For people: lower case, no full stop, the found and the expected named.
  public var message: String

  /// A failure.
  public init(_ code: Code, field: String = "", _ message: String) {
    self.code = code
    self.field = field
    self.message = message
  }
}
