import Core
import Dispatch
import Foundation
import FoundationNetworking
import Host
import Synchronization

/// HTTP through Foundation: TLS with the system's certificates; redirects are not followed, as they would carry the
/// password elsewhere.
final class URLSessionTransport: NSObject, HTTPTransport, URLSessionTaskDelegate {
  func send(_ request: HTTPRequest) throws -> HTTPResponse {
    guard let url = URL(string: request.url) else { throw Diagnostic("invalid site", "'\(request.url)' is no URL") }
    var sent = URLRequest(url: url, timeoutInterval: 60)
    sent.httpMethod = request.method
    for header in request.headers { sent.setValue(header.value, forHTTPHeaderField: header.name) }
    if !request.body.isEmpty { sent.httpBody = Data(request.body) }
    let answer = Mutex<Result<HTTPResponse, Diagnostic>?>(nil)
    let isDone = DispatchSemaphore(value: 0)
    let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: nil)
    defer { session.finishTasksAndInvalidate() }
    session.dataTask(with: sent) { data, response, error in
      answer.withLock { $0 = Self.result(data, response, error) }
      isDone.signal()
    }.resume()
    isDone.wait()
    guard let result = answer.withLock({ $0 }) else { throw Diagnostic("no connection", "there was no answer") }
    return try result.get()
  }

  func wait(seconds: Double) { Thread.sleep(forTimeInterval: seconds) }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) { completionHandler(nil) }

  private static func result(
    _ data: Data?, _ response: URLResponse?, _ error: (any Error)?
  ) -> Result<HTTPResponse, Diagnostic> {
    guard let response = response as? HTTPURLResponse else {
      return .failure(Diagnostic("no connection", error?.localizedDescription ?? "there was no answer"))
    }
    var headers: [String: String] = [:]
    for (name, value) in response.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
    return .success(HTTPResponse(status: response.statusCode, headers: headers, body: Array(data ?? Data())))
  }
}
