import Core
import Dispatch
import Glibc
import Foundation

/// Answers HTTP/1.1 requests of this machine's own browser, one a connection.
///
/// A library for servers brings a thread pool, TLS, HTTP/2 and minutes of build time for everyone who builds the
/// command; one person's page on loopback needs a socket that reads a request line and writes a file. What can go
/// wrong is bounded instead: 127.0.0.1 only, GET and HEAD only, 8 KB of request, 5 seconds to send it, 16 connections
/// at once, no bodies, and no other Host than its own, so that a page of another site cannot read it by a name that
/// it points here (DNS rebinding).
final class LoopbackServer: Sendable {
  /// What is answered.
  struct Response {
    var status = 200
    var mediaType = "text/html; charset=utf-8"
    var body: String
  }

  /// The address of the page.
  let address: String
  private let descriptor: Int32
  private let port: UInt16

  private static let preferredPort: UInt16 = 8017
  private static let maxRequestBytes = 8192

  /// Listens on a port of 127.0.0.1: on the one that is asked for, else on 8017 or any that is free.
  ///
  /// - Throws: `Diagnostic` of kind "cannot listen".
  init(port asked: UInt16?) throws(Diagnostic) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var one: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    let candidates = asked.map { [$0] } ?? [Self.preferredPort, UInt16(0)]
    guard descriptor >= 0, let bound = Self.bind(descriptor, candidates), listen(descriptor, 64) == 0 else {
      throw Diagnostic(
        "cannot listen", "port \(asked ?? 0) of 127.0.0.1: \(String(cString: strerror(errno)).lowercased())",
        help: "leave '--port' out, so that a free one is taken")
    }
    port = bound
    address = "http://127.0.0.1:\(bound)/"
  }

  deinit { close(descriptor) }

  private static func bind(_ descriptor: Int32, _ ports: [UInt16]) -> UInt16? {
    for port in ports {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isBound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
      }
      if isBound { return UInt16(bigEndian: address.sin_port) }
    }
    return nil
  }

  /// Serves until the process ends.
  ///
  /// - Parameter answer: gets the path of a request, without its query; called on several threads at once.
  func run(_ answer: @escaping @Sendable (String) -> Response) throws(Diagnostic) {
    let places = DispatchSemaphore(value: 16)
    while true {
      let connection = accept(descriptor, nil, nil)
      if connection < 0 {
        if [EINTR, ECONNABORTED, EMFILE, ENFILE].contains(errno) { continue }
        throw Diagnostic("cannot listen", String(cString: strerror(errno)).lowercased())
      }
      // A child that renders must not keep the connection open.
      _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
      places.wait()
      DispatchQueue.global().async { [self] in
        serve(connection, answer)
        close(connection)
        places.signal()
      }
    }
  }

  private func serve(_ connection: Int32, _ answer: (String) -> Response) {
    var patience = timeval(tv_sec: 5, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(connection, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    guard let request = read(connection) else { return }
    let lines = request.split(separator: "\r\n", omittingEmptySubsequences: true)
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3, words[1].hasPrefix("/"), words[2].hasPrefix("HTTP/1.") else {
      return send(Response(status: 400, mediaType: "text/plain", body: "not an HTTP request\n"), to: connection)
    }
    let isHead = words[0] == "HEAD"
    guard isHead || words[0] == "GET" else {
      return send(Response(status: 405, mediaType: "text/plain", body: "only GET and HEAD\n"), to: connection)
    }
    let host = lines.dropFirst().first { $0.lowercased().hasPrefix("host:") }?.dropFirst(5)
      .trimmingPrefix { $0 == " " }.lowercased()
    guard let host, ["127.0.0.1:\(port)", "localhost:\(port)"].contains(host) else {
      return send(
        Response(status: 403, mediaType: "text/plain", body: "this page is for this machine\n"), to: connection)
    }
    send(answer(String(words[1].prefix { $0 != "?" && $0 != "#" })), to: connection, bodyToo: !isHead)
  }

  /// The head of a request; nil where it does not come, or is too long.
  private func read(_ connection: Int32) -> String? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 2048)
    let deadline = DispatchTime.now().uptimeNanoseconds + 5_000_000_000
    while DispatchTime.now().uptimeNanoseconds < deadline {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") { return String(text[..<end.lowerBound]) }
      if bytes.count > Self.maxRequestBytes {
        send(Response(status: 431, mediaType: "text/plain", body: "the request is too long\n"), to: connection)
        return nil
      }
    }
    return nil
  }

  private func send(_ response: Response, to connection: Int32, bodyToo: Bool = true) {
    let reasons = [
      200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
      431: "Request Header Fields Too Large",
    ]
    let head = """
      HTTP/1.1 \(response.status) \(reasons[response.status] ?? "OK")\r
      Content-Type: \(response.mediaType)\r
      Content-Length: \(response.body.utf8.count)\r
      Cache-Control: no-store\r
      X-Content-Type-Options: nosniff\r
      Connection: close\r
      \r

      """
    var text = bodyToo ? head + response.body : head
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.send(connection, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
    shutdown(connection, Int32(SHUT_WR))
  }
}
