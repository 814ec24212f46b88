import Host
import Synchronization

/// What this process must not print: the values of the environment variables that its manifest declares.
enum Confidential {
  private static let environment = Mutex(Environment())

  /// From now on no text shows the values of these variables.
  static func keep(_ declared: Environment) { environment.withLock { $0 = declared } }

  /// A text without them.
  static func hidden(in text: String) -> String { environment.withLock { $0.hidden(in: text) } }
}
