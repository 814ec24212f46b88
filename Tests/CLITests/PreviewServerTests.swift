import Foundation
import Glibc
import Testing

/// The page that `preview --serve` offers, over a real socket.
struct PreviewServerTests {
  /// A running preview of a small shop; ended and removed with the test.
  private final class Running {
    let folder: String
    let port: UInt16
    private let process: Process

    init(_ arguments: [String]) throws {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-serve-\(UUID().uuidString)")
        .path
      self.folder = folder
      try FileManager.default.createDirectory(atPath: "\(folder)/templates", withIntermediateDirectories: true)
      func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      try write(
        "shop.yaml",
        """
        manifest: 1
        name: shop
        inputs: { profiles: { path: profiles.jsonl } }
        pipelines: { all: { stages: [ { id: page, use: template-filler, with: { template: t.liquid, kind: html } } ] } }
        assets: [ { slot: page, path: "{{ profile.id }}.html" } ]
        """)
      try write("profiles.jsonl", "{\"id\":\"ann\",\"town\":\"Ulm\"}\n{\"id\":\"bo\",\"town\":\"<Bonn>\"}\n")
      try write("templates/t.liquid", "<p>{{ profile.id }} of {{ profile.town }}</p>")
      process = Command.process(["preview", "shop.yaml", "--serve", "--port", "0"] + arguments, in: folder)
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      let match = try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)\//), "\(line)")
      port = try #require(UInt16(match.1))
    }

    deinit {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      try? FileManager.default.removeItem(atPath: folder)
    }

    func save(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    /// What comes back for bytes that are sent; nothing is sent at all for nil.
    func exchange(_ request: String, address: String = "127.0.0.1") throws -> String {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      defer { close(descriptor) }
      var patience = timeval(tv_sec: 30, tv_usec: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
      var place = sockaddr_in()
      place.sin_family = sa_family_t(AF_INET)
      place.sin_port = port.bigEndian
      place.sin_addr.s_addr = inet_addr(address)
      let status = withUnsafePointer(to: &place) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard status == 0 else { return "refused" }
      var request = request
      request.withUTF8 { _ = send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      var answer: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65536)
      while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count <= 0 { break }
        answer += buffer[..<count]
      }
      return String(decoding: answer, as: UTF8.self)
    }

    func get(_ path: String) throws -> String {
      try exchange("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n")
    }

    func body(_ path: String) throws -> String {
      let answer = try get(path)
      let end = try #require(answer.range(of: "\r\n\r\n"), "\(answer)")
      return String(answer[end.upperBound...])
    }
  }

  @Test func profilesStandSideBySide() throws {
    let running = try Running(["--profile", "ann", "--profile", "bo"])
    let page = try running.get("/")
    #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(page.contains("'ann', en-US: pipeline 'all'") && page.contains("'bo', en-US: pipeline 'all'"))
    #expect(page.contains("src=\"/page/0\"") && page.contains("src=\"/page/1\"") && !page.contains("/page/2"))
    #expect(try running.body("/page/0") == "<p>ann of Ulm</p>")
    #expect(try running.body("/page/1") == "<p>bo of &lt;Bonn&gt;</p>")
    #expect(try running.get("/page/2").hasPrefix("HTTP/1.1 404"))
  }

  @Test func aSaveGivesAnotherVersionAndAnotherPage() throws {
    let running = try Running([])
    let version = try running.body("/version")
    #expect(try running.body("/version") == version)
    try running.save("templates/t.liquid", "<h1>{{ profile.id }}</h1>")
    #expect(try running.body("/version") != version)
    #expect(try running.body("/page/0") == "<h1>ann</h1>")
    let second = try running.body("/version")
    try running.save("profiles.jsonl", "{\"id\":\"cy\"}\n")
    #expect(try running.body("/version") != second)
    #expect(try running.body("/page/0") == "<h1>cy</h1>")
  }

  @Test func errorsStandInThePageInPlainWordsAndGoWithTheNextSave() throws {
    let running = try Running(["--profile", "ann"])
    try running.save("templates/t.liquid", "{{ profile.id | upcse }}")
    let page = try running.body("/page/0")
    #expect(page.contains("This cannot be shown yet"))
    #expect(page.contains("upcse") && page.contains("did you mean 'upcase'?"), "\(page)")
    try running.save("shop.yaml", "manifest: 1\nnmae: x\n")
    let manifest = try running.body("/page/0")
    #expect(manifest.contains("'nmae' is not a key here (in shop.yaml:2:1)"), "\(manifest)")
    #expect(manifest.contains("  2 | nmae: x\n    | ^ help: did you mean 'name'?"), "\(manifest)")
    #expect(!manifest.contains("<nmae"))
    try running.save(
      "shop.yaml",
      """
      manifest: 1
      name: shop
      inputs: { profiles: { path: profiles.jsonl } }
      pipelines: { all: { stages: [ { id: text, use: template-filler, with: { template: t.liquid } } ] } }
      """)
    try running.save("templates/t.liquid", "a < b")
    #expect(try running.body("/page/0").contains("<h2>text</h2>\n<pre>a &lt; b</pre>"))
  }

  @Test func anUnknownProfileIsSaid() throws {
    let running = try Running(["--profile", "nobody"])
    #expect(try running.body("/page/0").contains("there is no profile 'nobody'"))
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "HTTP/1.1 403"), ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 403"),
    ("POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", "HTTP/1.1 405"), ("nonsense\r\n\r\n", "HTTP/1.1 400"),
    ("GET /../../etc/passwd HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "HTTP/1.1 404"),
    ("GET /page/-1 HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "HTTP/1.1 404"),
    ("GET /" + String(repeating: "x", count: 20_000), "HTTP/1.1 431"),
  ])
  func whatIsNotThisMachinesBrowserIsRefused(request: String, answer: String) throws {
    let running = try Running([])
    let got = try running.exchange(request.replacingOccurrences(of: "PORT", with: "\(running.port)"))
    #expect(got.hasPrefix(answer), "\(got.prefix(80))")
    #expect(try running.get("/version").hasPrefix("HTTP/1.1 200"))
  }

  @Test func itListensOnLoopbackOnly() throws {
    let running = try Running([])
    let table = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)
    let port = String(format: ":%04X", Int(running.port))
    let listening = table.split(separator: "\n").map { $0.split(separator: " ") }.filter {
      $0.count > 3 && $0[1].hasSuffix(port) && $0[3] == "0A"
    }
    #expect(listening.map { String($0[1]) } == ["0100007F\(port)"])
  }

  @Test func aClientThatSaysNothingHoldsUpNobody() throws {
    let running = try Running([])
    let silent = (0..<4).map { _ in socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0) }
    defer { silent.forEach { close($0) } }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = running.port.bigEndian
    place.sin_addr.s_addr = inet_addr("127.0.0.1")
    for descriptor in silent {
      _ = withUnsafePointer(to: &place) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
    #expect(try running.get("/version").hasPrefix("HTTP/1.1 200"))
  }
}
