public import Core
import Markup

/// The REST API of one WordPress site, as far as publishing needs it.
///
/// A request that the server is too busy for, or that finds no connection, is sent again after a pause that doubles.
/// The password is in no message.
public final class WordPressAPI {
  private static let attempts = 5

  private let root: String
  private let authorization: String
  private let transport: any HTTPTransport

  /// The API of a site.
  ///
  /// - Parameters:
  ///   - site: the site's absolute URL; http only on this machine, as the password travels with each request.
  ///   - user: a login name.
  ///   - password: an application password of that user.
  /// - Throws: a diagnostic where the URL cannot be used.
  public init(site: String, user: String, password: String, transport: any HTTPTransport) throws(Diagnostic) {
    var root = site
    while root.hasSuffix("/") { root.removeLast() }
    let host = root.split(separator: "/").dropFirst().first?.split(separator: ":").first.map(String.init) ?? ""
    let isLocal = ["localhost", "127.0.0.1"].contains(host)
    guard root.withBytes({ WebAddress.isAbsolute($0) }), root.hasPrefix("https://") || isLocal else {
      throw Diagnostic(
        "invalid site", "expected an https URL, found '\(site)'",
        help: "a password must not travel in the clear; http is for 'localhost' alone")
    }
    self.root = root + "/wp-json/wp/v2"
    var encoded: [UInt8] = []
    Base64Text.append(Array("\(user):\(password)".utf8), to: &encoded)
    authorization = "Basic " + String(decoding: encoded, as: UTF8.self)
    self.transport = transport
  }

  /// Reads something; nil where it does not exist.
  func get(_ path: String) throws -> Document? {
    let response = try send(HTTPRequest(method: "GET", url: root + path))
    if response.status == 404 { return nil }
    return try document(response, "GET \(path)")
  }

  /// Creates or changes something, told as JSON.
  func post(_ path: String, _ body: [UInt8]) throws -> Document {
    let request = HTTPRequest(
      method: "POST", url: root + path, headers: [("Content-Type", "application/json")], body: body)
    return try document(try send(request), "POST \(path)")
  }

  /// Uploads a file.
  func upload(_ bytes: [UInt8], name: String, type: String) throws -> Document {
    let headers = [("Content-Type", type), ("Content-Disposition", "attachment; filename=\"\(name)\"")]
    return try document(
      try send(HTTPRequest(method: "POST", url: root + "/media", headers: headers, body: bytes)), "POST /media")
  }

  private func send(_ request: HTTPRequest) throws -> HTTPResponse {
    var request = request
    request.headers.append(("Authorization", authorization))
    var pause = 1.0
    for attempt in 1...Self.attempts {
      do {
        let response = try transport.send(request)
        // A server that answers one of the last two may have done what it was asked.
        let mayRepeat = request.method == "GET" ? [429, 503, 502, 504] : [429, 503]
        guard mayRepeat.contains(response.status), attempt < Self.attempts else { return response }
        pause = max(pause, response.headers["retry-after"].flatMap(Double.init) ?? 0)
      } catch {
        // A creation that found no answer may have happened: whoever asked must look first.
        if attempt == Self.attempts || request.method != "GET" { throw error }
      }
      transport.wait(seconds: min(pause, 60))
      pause *= 2
    }
    preconditionFailure("the last attempt returns or throws")
  }

  private func document(_ response: HTTPResponse, _ action: String) throws(Diagnostic) -> Document {
    let text = String(decoding: response.body, as: UTF8.self)
    let parsed: Document?
    do { parsed = try Document(json: text) } catch { parsed = nil }
    if let parsed, 200..<300 ~= response.status { return parsed }
    let reason = parsed.flatMap { document in
      withExtendedLifetime(document) { document.root["message"].string }
    }
    switch response.status {
    case 401: throw Diagnostic("not allowed", "WordPress knows no such user and application password")
    case 403: throw Diagnostic("not allowed", "\(action): \(reason ?? "the user may not do this")")
    case 429, 502, 503, 504: throw Diagnostic("no connection", "\(action): the server answered \(response.status)")
    default:
      let detail = (reason ?? "no JSON: is this a WordPress site?").withBytes { PlainText.of(html: $0) }
      throw Diagnostic("refused by wordpress", "\(action): \(detail) (status \(response.status))")
    }
  }
}
