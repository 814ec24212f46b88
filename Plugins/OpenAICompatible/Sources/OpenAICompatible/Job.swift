import CCurl
import FoundationEssentials
import PluginAPI

/// One text asked of the server: its attempts, until there is an answer or a reason why not.
final class Job {
  enum State {
    /// To be begun at this monotonic time.
    case waiting(until: UInt64)
    case running(Transfer)
    case done(Result<Reply, PluginError>)
  }

  /// Index of the brief in its batch.
  let item: Int
  let body: [UInt8]
  private(set) var state = State.waiting(until: 0)
  private var attempts = 0
  private var events = EventStream()
  private var reply = Reply()
  private var whole: [UInt8] = []
  private let options: Options
  private let server: Server

  init(item: Int, body: [UInt8], options: Options, server: Server) {
    self.item = item
    self.body = body
    self.options = options
    self.server = server
  }

  var request: Transfer.Request {
    Transfer.Request(
      url: server.baseURL + (options.interface == .completions ? "/completions" : "/chat/completions"), body: body,
      headers: server.headers, connectTimeout: options.connect_timeout_seconds ?? 5,
      timeout: options.timeout_seconds ?? 120, limit: options.max_response_bytes ?? 4_194_304)
  }

  func begin(_ transfer: Transfer) {
    attempts += 1
    events = EventStream()
    reply = Reply()
    whole = []
    state = .running(transfer)
  }

  func fail(_ error: PluginError) { state = .done(.failure(error)) }

  /// Reads what has arrived; ends the job where it cannot come to anything.
  func read(_ transfer: Transfer, now: UInt64) {
    let limit = options.first_token_timeout_seconds ?? 30
    guard transfer.hasBytes else {
      if Double(now - transfer.started) / 1e9 > limit {
        fail(PluginError(.unavailable, "no answer began within \(limit) s ('first_token_timeout_seconds')"))
      }
      return
    }
    let bytes = transfer.takeReceived()
    guard transfer.status == 200, transfer.isEventStream else {
      whole += bytes
      return
    }
    do {
      try bytes.withUnsafeBufferPointer { try events.feed($0) { try reply.take(event: $0) } }
    } catch let error as PluginError {
      fail(shown(error))
    } catch {
      fail(PluginError(.internal, "\(error)"))
    }
  }

  /// The transfer is over; `random` in 0..<1 spreads what is tried again.
  func end(_ transfer: Transfer, _ result: CURLcode, now: UInt64, random: Double) {
    read(transfer, now: now)
    if case .done = state { return }
    if transfer.isTooLong {
      return fail(
        PluginError(
          .resource, "the answer is longer than \(options.max_response_bytes ?? 4_194_304) bytes ('max_response_bytes')"
        ))
    }
    let status = transfer.status
    if status == 429 || status == 503, result == CURLE_OK {
      guard attempts <= options.retries ?? 3 else {
        return fail(
          PluginError(.unavailable, "the server is busy (status \(status)) after \(attempts) attempts: \(serverWords)"))
      }
      let pause = min(transfer.retryAfter ?? 0.25 * Double(1 << min(attempts, 8)) * (0.5 + random), 60)
      state = .waiting(until: now + UInt64(pause * 1e9))
      return
    }
    guard result == CURLE_OK else { return fail(PluginError(.unavailable, words(result))) }
    guard status == 200 else { return fail(refusal(status)) }
    do {
      if transfer.isEventStream {
        try events.finish { try reply.take(event: $0) }
      } else {
        try reply.take(body: whole)
      }
      try reply.check()
      state = .done(.success(reply))
    } catch let error as PluginError {
      fail(shown(error))
    } catch {
      fail(PluginError(.internal, "\(error)"))
    }
  }

  private func shown(_ error: PluginError) -> PluginError {
    PluginError(error.code, field: error.field, server.shown(error.message))
  }

  private var serverWords: String {
    let value = try? JSONDecoder().decode(JSONValue.self, from: Data(whole))
    return server.shown(value?["error"].map(Reply.words) ?? "'\(Reply.excerpt(whole))'")
  }

  private func refusal(_ status: Int) -> PluginError {
    switch status {
    case 401, 403:
      let key = server.keyVariable.map { "the key in '\($0)'" } ?? "a request without a key ('api_key_env')"
      return PluginError(.config, "the server refuses \(key) (status \(status)): \(serverWords)")
    case 404:
      return PluginError(
        .config, "'\(request.url)' is not there (status 404): check 'base_url', 'interface' and 'model': \(serverWords)"
      )
    case 300..<400:
      return PluginError(
        .config,
        "the server sends requests elsewhere (status \(status)), which is not followed: name the final address in 'base_url'"
      )
    case 400..<500: return PluginError(.input, "the server refuses the request (status \(status)): \(serverWords)")
    default: return PluginError(.unavailable, "the server failed (status \(status)): \(serverWords)")
    }
  }

  private func words(_ result: CURLcode) -> String {
    switch result {
    case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST:
      "no server answers at '\(server.baseURL)': \(String(cString: curl_easy_strerror(result)))"
    case CURLE_OPERATION_TIMEDOUT:
      "no whole answer within the time given ('connect_timeout_seconds', 'timeout_seconds')"
    case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_GOT_NOTHING: "the answer broke off"
    default: String(cString: curl_easy_strerror(result))
    }
  }
}
