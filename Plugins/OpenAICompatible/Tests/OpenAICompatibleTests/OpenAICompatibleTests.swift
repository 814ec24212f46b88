import Foundation
import Glibc
import PluginAPI
import PluginTesting
import Testing

@testable import OpenAICompatible

/// The plugin against servers on loopback that answer well, badly, late or never.
struct OpenAICompatibleTests {
  private let host: TestHost

  init() throws { host = try TestHost() }

  private func plugin(_ server: FakeServer, _ options: String = "") throws -> TestInstance {
    try host.instance(
      of: OpenAICompatible.self,
      config: #"{"base_url":"\#(server.url)","model":"m","prompt":"{{ x }}"\#(options)}"#)
  }

  private func brief(_ prompt: String = "Say hello", seed: UInt64 = 1, cancelAfter: Int? = nil) -> TestRequest {
    TestRequest(#"{"params":{"prompt":"\#(prompt)","system":"Be brief"}}"#, seed: seed, cancelAfter: cancelAfter)
  }

  private static let models: [FakeServer.Piece] = .json(#"{"data":[{"id":"m"},{"id":"n"}]}"#)

  /// A server that lists its models and answers everything else so.
  private func server(
    _ answer: @escaping @Sendable (FakeServer.Request, Int) -> [FakeServer.Piece]
  ) throws -> FakeServer {
    try FakeServer { request, count in request.path == "/v1/models" ? Self.models : answer(request, count) }
  }

  private func member(_ key: String, of body: String) -> Any? {
    ((try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any])?[key]
  }

  // MARK: What is asked and answered

  @Test func aStreamedChatBecomesACandidateWithItsLogProbability() throws {
    let server = try server { _, _ in .chat([" Hel", "lo", "! "]) }
    let result = try plugin(server).process(brief())
    #expect(result[""] == #"[{"text":"Hello!","score":-1.5,"source":"m"}]"#)
    #expect(result.notes.contains { $0.key == "tokens" && $0.value == "7" })
  }

  @Test func theRequestSaysWhatTheOptionsSay() throws {
    let server = try server { _, _ in .chat(["x"]) }
    _ = try plugin(
      server, #","temperature":0.5,"top_p":0.9,"max_tokens":12,"stop":["\n"],"extra":{"repeat_penalty":1.1}"#
    ).process(brief("Say \\\"hi\\\""))
    let request = try #require(server.requests.first)
    #expect(request.path == "/v1/chat/completions")
    #expect(
      request.body.contains(
        #""messages":[{"content":"Be brief","role":"system"},{"content":"Say \"hi\"","role":"user"}]"#))
    #expect(member("temperature", of: request.body) as? Double == 0.5)
    #expect(member("max_tokens", of: request.body) as? Int == 12)
    #expect(member("stop", of: request.body) as? [String] == ["\n"])
    #expect(member("repeat_penalty", of: request.body) as? Double == 1.1)
    #expect(member("stream", of: request.body) as? Bool == true)
    #expect(!request.head.contains { $0.hasPrefix("Authorization") })
  }

  @Test func aBaseModelIsAskedToGoOnWithAText() throws {
    let server = try server { _, _ in
      .json(#"{"choices":[{"text":" tea","finish_reason":"stop","logprobs":{"token_logprobs":[-0.25,-0.5]}}]}"#)
    }
    let result = try plugin(server, #","interface":"completions","stream":false"#).process(brief("We sell"))
    #expect(result[""] == #"[{"text":"tea","score":-0.75,"source":"m"}]"#)
    let request = try #require(server.requests.first)
    #expect(request.path == "/v1/completions")
    #expect(member("prompt", of: request.body) as? String == "We sell")
    #expect(member("messages", of: request.body) == nil)
  }

  @Test func eachCandidateHasASeedOfItsOwnAndTwinsCountOnce() throws {
    let server = try server { _, count in .chat([count % 2 == 0 ? "tea" : "coffee"]) }
    let result = try plugin(server, #","candidates":4"#).process(brief())
    let texts = try #require(result[""])
    #expect(texts.contains("tea"))
    #expect(texts.contains("coffee"))
    #expect(texts.components(separatedBy: #""text""#).count == 3)
    #expect(Set(server.requests.compactMap { member("seed", of: $0.body) as? Int }).count == 4)
  }

  @Test func theSameSeedAsksTheSame() throws {
    let server = try server { _, _ in .chat(["x"]) }
    let plugin = try plugin(server)
    _ = try plugin.process(brief(seed: 5))
    _ = try plugin.process(brief(seed: 5))
    #expect(server.requests[0].body == server.requests[1].body)
  }

  @Test func aServerThatDoesNotStreamIsUnderstood() throws {
    let server = try server { _, _ in .json(#"{"choices":[{"message":{"content":"plain"},"finish_reason":"stop"}]}"#) }
    #expect(try plugin(server).process(brief())[""] == #"[{"text":"plain","source":"m"}]"#)
  }

  @Test(arguments: [
    ("openai", #""response_format":{"json_schema":{"name":"answer","schema":{"type":"object"},"strict":true}"#),
    ("llama-server", #""response_format":{"schema":{"type":"object"},"type":"json_object"}"#),
    ("vllm", #""structured_outputs":{"json":{"type":"object"}}"#), ("ollama", #""format":{"type":"object"}"#),
  ])
  func aSchemaIsToldInTheServersDialect(dialect: String, expected: String) throws {
    let server = try server { _, _ in .chat([#"{\"headline\":\"Fresh tea\"}"#]) }
    let result = try plugin(
      server, #","schema":{"type":"object"},"field":"headline","dialect":"\#(dialect)""#
    ).process(brief())
    #expect(result[""]?.contains(#""text":"Fresh tea""#) == true)
    #expect(server.requests.first?.body.contains(expected) == true)
  }

  @Test func anAnswerThatDoesNotFitIsRefused() throws {
    let server = try server { _, _ in .chat(["no object"]) }
    let result = try plugin(server, #","schema":{"type":"object"},"field":"headline""#).process(brief())
    #expect(result.failure?.code == .refused)
    #expect(result.failure?.message.contains("headline") == true)
  }

  @Test func noMoreRequestsAreUnderWayThanAllowed() throws {
    let open = Counter()
    let server = try server { _, _ in
      open.enter()
      Thread.sleep(forTimeInterval: 0.02)
      open.leave()
      return .chat(["x"])
    }
    let results = try plugin(server, #","concurrency":3,"candidates":2"#).process((0..<6).map { brief(seed: $0) })
    #expect(results.allSatisfy { $0.failure == nil })
    #expect(server.requests.count == 12)
    #expect((1...3).contains(open.most))
  }

  @Test func aBriefWithoutPromptFailsAlone() throws {
    let server = try server { _, _ in .chat(["x"]) }
    let results = try plugin(server).process([brief("  "), brief()])
    #expect(results[0].failure?.field == "params.prompt")
    #expect(results[1].failure == nil)
  }

  // MARK: Before the first brief

  @Test func anUnknownModelIsRefusedWithTheOnesThereAre() throws {
    let server = try FakeServer { _, _ in .json(#"{"data":[{"id":"small"},{"id":"large"}]}"#) }
    let error = try #require(throws: PluginError.self) { try plugin(server) }
    #expect(error.code == .config)
    #expect(error.message == "the server has no model 'm'; it has 'small', 'large'")
  }

  @Test func anAbsentServerIsNamed() throws {
    let url = try FakeServer { _, _ in [] }.url
    let error = try #require(throws: PluginError.self) {
      try host.instance(of: OpenAICompatible.self, config: #"{"base_url":"\#(url)","model":"m","prompt":"p"}"#)
    }
    #expect(error.code == .unavailable)
    #expect(error.message.contains(url))
  }

  @Test(arguments: ["ftp://x/v1", "127.0.0.1:80", "http://user:pass@h/v1", "http://h/v1?x=1", "http://"])
  func anAddressThatCannotBeUsedIsRefused(url: String) throws {
    let error = try #require(throws: PluginError.self) {
      try host.instance(of: OpenAICompatible.self, config: #"{"base_url":"\#(url)","model":"m","prompt":"p"}"#)
    }
    #expect(error.field == "base_url")
  }

  // MARK: Keys

  @Test func theKeyComesFromTheEnvironmentAndIsNeverShown() throws {
    setenv("BESPOKE_TEST_KEY_A", "sk-secret-123", 1)
    let server = try server { _, _ in
      .json(#"{"error":{"message":"bad key sk-secret-123"}}"#, status: "400 Bad Request")
    }
    let result = try plugin(server, #","api_key_env":"BESPOKE_TEST_KEY_A""#).process(brief())
    #expect(server.requests.first?.head.contains("Authorization: Bearer sk-secret-123") == true)
    #expect(result.failure?.message == "the server refuses the request (status 400): bad key ***")
    #expect(!"\(host.log)".contains("secret"))
  }

  @Test func aKeyThatIsNotSetIsNamed() throws {
    let server = try server { _, _ in [] }
    let error = try #require(throws: PluginError.self) { try plugin(server, #","api_key_env":"BESPOKE_TEST_ABSENT""#) }
    #expect(error.message == "the environment variable 'BESPOKE_TEST_ABSENT' is not set")
  }

  @Test func aKeyIsNotSentInTheClearToAnotherMachine() throws {
    setenv("BESPOKE_TEST_KEY_B", "sk", 1)
    let error = try #require(throws: PluginError.self) {
      try host.instance(
        of: OpenAICompatible.self,
        config: #"{"base_url":"http://example.invalid/v1","model":"m","prompt":"p","api_key_env":"BESPOKE_TEST_KEY_B"}"#
      )
    }
    #expect(error.field == "base_url")
  }

  // MARK: Servers that misbehave

  @Test func aBusyServerIsAskedAgainWhenItSays() throws {
    let server = try server { _, count in
      count == 0
        ? .json("{}", status: "429 Too Many Requests", headers: "Retry-After: 1\r\n")
        : count == 1 ? .json("{}", status: "503 Service Unavailable") : .chat(["at last"])
    }
    let start = monotonicNanoseconds()
    #expect(try plugin(server).process(brief())[""]?.contains("at last") == true)
    #expect(server.requests.count == 3)
    #expect(monotonicNanoseconds() - start >= 1_000_000_000)
  }

  @Test func aServerThatStaysBusyIsGivenUp() throws {
    let server = try server { _, _ in .json(#"{"error":"queue full"}"#, status: "429 Too Many Requests") }
    let failure = try plugin(server, #","retries":1"#).process(brief()).failure
    #expect(failure?.code == .unavailable)
    #expect(failure?.message == "the server is busy (status 429) after 2 attempts: queue full")
  }

  @Test(arguments: [
    ("500 Internal Server Error", PluginError.Code.unavailable), ("400 Bad Request", .input),
    ("404 Not Found", .config),
    ("401 Unauthorized", .config),
  ])
  func whatIsNotBusyIsNotTriedAgain(status: String, code: PluginError.Code) throws {
    let server = try server { _, _ in .json(#"{"error":{"message":"no"}}"#, status: status) }
    #expect(try plugin(server).process(brief()).failure?.code == code)
    #expect(server.requests.count == 1)
  }

  @Test func aRedirectIsNotFollowed() throws {
    let elsewhere = try server { _, _ in .chat(["stolen"]) }
    let target = elsewhere.url
    let server = try server { _, _ in .json("", status: "307 Temporary Redirect", headers: "Location: \(target)\r\n") }
    let failure = try plugin(server).process(brief()).failure
    #expect(failure?.code == .config)
    #expect(failure?.message.contains("not followed") == true)
    #expect(elsewhere.requests.isEmpty)
  }

  @Test(arguments: [
    (["{\"choices\":[{\"delta\":{\"content\":\"half\"}}]}"], "broke off"), (["{oops"], "not JSON"),
    (["{\"error\":{\"message\":\"out of memory\"}}"], "out of memory"), (["{\"other\":1}"], "no 'choices'"),
  ])
  func aStreamThatIsNotWholeFails(events: [String], words: String) throws {
    let server = try server { _, _ in .events(events) }
    let failure = try plugin(server).process(brief()).failure
    #expect(failure?.code == .unavailable)
    #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
  }

  @Test func aConnectionThatIsCutFails() throws {
    let server = try server { _, _ in
      [.init(bytes: "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"choi")]
    }
    #expect(try plugin(server).process(brief()).failure?.message == "the answer broke off")
  }

  @Test(arguments: [
    "\u{1}\u{2}no HTTP at all\r\n\r\n", "HTTP/1.1 999999 Odd\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
    "HTTP/1.1 200 OK\r\n" + String(repeating: "X-Long: \(String(repeating: "y", count: 1000))\r\n", count: 1000),
  ])
  func anAnswerThatIsNotHTTPFails(bytes: String) throws {
    let server = try server { _, _ in [.init(bytes: bytes)] }
    let failure = try plugin(server).process(brief()).failure
    #expect(failure?.code == .unavailable, "\(failure?.message ?? "")")
    #expect(server.requests.count == 1)
  }

  @Test func anEndlessAnswerIsCut() throws {
    let server = try server { _, _ in
      .events(
        Array(repeating: #"{"choices":[{"delta":{"content":"\#(String(repeating: "x", count: 900))"}}]}"#, count: 99))
    }
    let failure = try plugin(server, #","max_response_bytes":4096"#).process(brief()).failure
    #expect(failure?.code == .resource)
    #expect(failure?.message.contains("4096") == true)
  }

  @Test func anAnswerThatWasCutOffAtItsLimitIsRefused() throws {
    let server = try server { _, _ in .chat(["half a sen"], finish: "length") }
    let failure = try plugin(server).process(brief()).failure
    #expect(failure?.code == .refused)
    #expect(failure?.message.contains("max_tokens") == true)
  }

  @Test func aServerThatNeverBeginsIsGivenUp() throws {
    let server = try server { _, _ in [.init(bytes: "late", after: 1)] }
    let failure = try plugin(server, #","first_token_timeout_seconds":0.1"#).process(brief()).failure
    #expect(failure?.code == .unavailable)
    #expect(failure?.message.contains("first_token_timeout_seconds") == true)
  }

  @Test func aServerThatTakesNoConnectionIsGivenUp() throws {
    let server = try FullServer()
    let instance = try host.instance(
      of: OpenAICompatible.self,
      config: #"{"base_url":"\#(server.url)","model":"m","prompt":"p","probe":false,"connect_timeout_seconds":0.1}"#)
    let failure = try instance.process(brief()).failure
    #expect(failure?.code == .unavailable)
    #expect(failure?.message.contains("connect_timeout_seconds") == true, "\(failure?.message ?? "")")
    withExtendedLifetime(server) {}
  }

  @Test func aServerThatDripsIsGivenUp() throws {
    let server = try server { _, _ in
      .events(Array(repeating: #"{"choices":[{"delta":{"content":"."}}]}"#, count: 100), after: 0.05)
    }
    let failure = try plugin(server, #","timeout_seconds":0.3"#).process(brief()).failure
    #expect(failure?.message.contains("timeout_seconds") == true)
  }

  @Test func cancellingEndsTheRequest() throws {
    let server = try server { _, _ in [.init(bytes: "late", after: 1)] }
    let failure = try plugin(server).process(brief(cancelAfter: 2)).failure
    #expect(failure?.code == .cancelled)
  }

  @Test func theDeadlineEndsTheRequest() throws {
    let server = try server { _, _ in [.init(bytes: "late", after: 1)] }
    let request = TestRequest(
      #"{"params":{"prompt":"p"}}"#, seed: 1, deadline: monotonicNanoseconds() + 50_000_000)
    #expect(try plugin(server).process(request).failure?.code == .deadline)
  }

  @Test func oneLostCandidateLeavesTheOthers() throws {
    let server = try server { _, count in count == 0 ? .json("{}", status: "500 Oops") : .chat(["fine"]) }
    let result = try plugin(server, #","candidates":2"#).process(brief())
    #expect(result[""]?.contains("fine") == true)
    #expect(result.notes.contains { $0.key == "lost" })
  }

  @Test func optionsAndSchemaAgree() throws {
    #expect(
      try disagreements(
        between: Options.self, and: OpenAICompatible.info.config, unread: ["prompt", "system"]) == [])
  }
}

/// Counts how many are inside at once.
private final class Counter: @unchecked Sendable {
  // Guarded by the lock; hence the unchecked conformance.
  private let lock = NSLock()
  private var inside = 0
  private(set) var most = 0

  func enter() {
    lock.withLock {
      inside += 1
      most = max(most, inside)
    }
  }

  func leave() { lock.withLock { inside -= 1 } }
}
