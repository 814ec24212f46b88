/// A request over HTTP.
public struct HTTPRequest: Sendable {
  /// `GET`, `POST`.
  public var method: String
  /// Absolute.
  public var url: String
  /// Names and values.
  public var headers: [(name: String, value: String)]
  /// Empty where there is none.
  public var body: [UInt8]

  /// A request.
  public init(method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

/// What a server answered.
public struct HTTPResponse: Sendable {
  /// The status code.
  public var status: Int
  /// Names in lower case.
  public var headers: [String: String]
  /// The content.
  public var body: [UInt8]

  /// An answer.
  public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Sends requests and waits for their answers.
public protocol HTTPTransport {
  /// Sends one request.
  ///
  /// - Throws: a diagnostic of kind `no connection` where there is no answer.
  func send(_ request: HTTPRequest) throws -> HTTPResponse
  /// Waits before a request is sent again.
  func wait(seconds: Double)
}
