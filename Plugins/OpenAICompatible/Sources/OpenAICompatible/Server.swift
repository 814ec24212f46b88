import Glibc
import PluginAPI

/// A server, and what every request to it carries.
struct Server: Sendable {
  /// Without a slash at its end.
  let baseURL: String
  private let key: String?
  /// Names the environment variable, for messages; nil where no key is sent.
  let keyVariable: String?

  /// - Throws: `PluginError` with code `config` for an address or key that cannot be used.
  init(_ options: Options) throws {
    var url = options.base_url
    while url.hasSuffix("/") { url.removeLast() }
    let lower = url.lowercased()
    guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else {
      throw PluginError(
        .config, field: "base_url", "must begin with 'http://' or 'https://', got '\(options.base_url)'")
    }
    let authority = url.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
    guard !authority.isEmpty, !authority.contains("@"), !url.contains("?"), !url.contains("#"),
      !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
    else {
      throw PluginError(.config, field: "base_url", "must be an address without user name, query, fragment and blanks")
    }
    baseURL = url
    keyVariable = options.api_key_env
    guard let variable = options.api_key_env else {
      key = nil
      return
    }
    guard let pointer = getenv(variable) else {
      throw PluginError(.config, field: "api_key_env", "the environment variable '\(variable)' is not set")
    }
    let key = String(cString: pointer)
    guard !key.isEmpty, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw PluginError(
        .config, field: "api_key_env", "the environment variable '\(variable)' must hold a key of visible ASCII")
    }
    guard lower.hasPrefix("https://") || Self.isLoopback(authority) else {
      throw PluginError(
        .config, field: "base_url", "a key is sent over 'https' alone, or to this machine; '\(url)' is neither")
    }
    self.key = key
  }

  var headers: [String] {
    ["Content-Type: application/json", "Accept: application/json, text/event-stream", "Expect:"]
      + (key.map { ["Authorization: Bearer \($0)"] } ?? [])
  }

  /// A server's words as they may be shown: the key is taken out, and they are cut short.
  func shown(_ words: String) -> String {
    let text = String((key.map { words.replacing($0, with: "***") } ?? words).map { $0.isNewline ? " " : $0 })
    return text.count > 300 ? "\(text.prefix(300))..." : text
  }

  private static func isLoopback(_ authority: Substring) -> Bool {
    var host = authority.lowercased()
    if host.hasPrefix("[") {
      host = String(host.dropFirst().prefix { $0 != "]" })
    } else {
      host = String(host.prefix { $0 != ":" })
    }
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
