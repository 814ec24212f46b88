import Foundation
import Glibc
import Synchronization

/// An HTTP server on loopback that answers as a test says, byte for byte, and stops with the last reference.
final class FakeServer: Sendable {
  /// What arrived.
  struct Request: Sendable {
    let path: String
    /// The head's lines, the first one too.
    let head: [String]
    let body: String
  }

  /// What is sent: bytes, with pauses before them.
  struct Piece: Sendable {
    var bytes: String
    var after: Double = 0
  }

  let port: UInt16
  private let descriptor: Int32
  private let seen = Mutex<[Request]>([])

  /// - Parameter answer: is given each request and how many came before it; called on several threads.
  init(_ answer: @escaping @Sendable (Request, Int) -> [Piece]) throws {
    let (descriptor, address) = try listening(backlog: 64)
    port = UInt16(bigEndian: address.sin_port)
    self.descriptor = descriptor
    let thread = Thread { [weak self] in
      // Closed here alone: once closed, its number may be that of another server.
      defer { close(descriptor) }
      while true {
        let connection = accept(descriptor, nil, nil)
        if connection < 0, errno == EINTR || errno == ECONNABORTED { continue }
        guard connection >= 0 else { return }
        Thread.detachNewThread { [weak self] in
          defer { close(connection) }
          guard let request = Self.read(connection) else { return }
          let before = self?.note(request) ?? 0
          for piece in answer(request, before) {
            if piece.after > 0 { Thread.sleep(forTimeInterval: piece.after) }
            var rest = Array(piece.bytes.utf8)[...]
            while !rest.isEmpty {
              let sent = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
              }
              guard sent > 0 else { return }
              rest = rest.dropFirst(sent)
            }
          }
        }
      }
    }
    thread.start()
  }

  /// Accepts nothing more, which ends the thread that does.
  deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

  var url: String { "http://127.0.0.1:\(port)/v1" }
  /// What arrived, in order, without the probe.
  var requests: [Request] { seen.withLock { $0.filter { $0.path != "/v1/models" } } }

  private func note(_ request: Request) -> Int {
    seen.withLock { seen in
      if request.path != "/v1/models" { seen.append(request) }
      return seen.count - 1
    }
  }

  private static func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let head = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let length = head.first { $0.lowercased().hasPrefix("content-length:") }.flatMap {
          Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces))
        }
        let body = text[end.upperBound...]
        if body.utf8.count >= length ?? 0 {
          let path = head[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
          return Request(path: path, head: head, body: String(body))
        }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer.prefix(count)
    }
  }
}

/// A server whose queue is full: it takes no connection more.
final class FullServer {
  let url: String
  private var descriptors: [Int32]

  init() throws {
    var (descriptor, address) = try listening(backlog: 0)
    descriptors = [descriptor]
    url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/v1"
    for _ in 0..<4 {
      let waiting = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          _ = connect(waiting, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      descriptors.append(waiting)
    }
  }

  deinit { for descriptor in descriptors { close(descriptor) } }
}

/// A socket that listens on loopback, at a port that was free.
private func listening(backlog: Int32) throws -> (descriptor: Int32, address: sockaddr_in) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
      bind(descriptor, address, length) == 0 && listen(descriptor, backlog) == 0
        && getsockname(descriptor, address, &length) == 0
    }
  }
  guard isBound else { throw CocoaError(.fileWriteUnknown) }
  return (descriptor, address)
}

extension [FakeServer.Piece] {
  /// A whole JSON answer.
  static func json(_ body: String, status: String = "200 OK", headers: String = "") -> Self {
    [
      .init(
        bytes: "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
          + "\(headers)Connection: close\r\n\r\n\(body)")
    ]
  }

  /// Server-sent events, each as a piece; the connection's end is theirs.
  static func events(_ events: [String], after: Double = 0) -> Self {
    [.init(bytes: "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")]
      + events.map { .init(bytes: "data: \($0)\n\n", after: after) }
  }

  /// A streamed chat that says these words.
  static func chat(_ words: [String], finish: String = "stop") -> Self {
    events(
      words.map { #"{"choices":[{"delta":{"content":"\#($0)"},"logprobs":{"content":[{"logprob":-0.5}]}}]}"# }
        + [
          #"{"choices":[{"delta":{},"finish_reason":"\#(finish)"}]}"#,
          #"{"choices":[],"usage":{"completion_tokens":7}}"#, "[DONE]",
        ])
  }
}
