import CCurl
import PluginAPI

/// One HTTP exchange.
///
/// For one thread at a time.
final class Transfer {
  /// What is asked for.
  struct Request {
    let url: String
    /// nil for GET.
    let body: [UInt8]?
    let headers: [String]
    let connectTimeout: Double
    let timeout: Double
    let limit: Int
  }

  let handle: UnsafeMutableRawPointer
  /// Monotonic nanoseconds at which it began.
  let started: UInt64
  private(set) var received: [UInt8] = []
  private(set) var hasBytes = false
  private(set) var isTooLong = false
  private let limit: Int
  private var headers: UnsafeMutablePointer<curl_slist>?

  /// - Throws: `PluginError` with code `resource` where libcurl has no memory.
  init(_ request: Request, now: UInt64) throws(PluginError) {
    _ = Self.isReady
    guard let handle = curl_easy_init() else { throw PluginError(.resource, "libcurl gave no handle") }
    self.handle = handle
    started = now
    limit = request.limit
    for header in request.headers { headers = curl_slist_append(headers, header) }
    ccurl_set_text(handle, CURLOPT_URL, request.url)
    ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
    if let body = request.body {
      body.withUnsafeBytes { bytes in
        ccurl_set_long(handle, CURLOPT_POSTFIELDSIZE, bytes.count)
        // The name promises a copy.
        ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
      }
    }
    ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
    ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    ccurl_set_text(handle, CURLOPT_USERAGENT, "bespoke-openai-compatible/\(OpenAICompatible.info.version)")
    ccurl_set_text(handle, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1")
    ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Int(request.connectTimeout * 1000))
    ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, Int(request.timeout * 1000))
    ccurl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque())
    ccurl_set_receive(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let context, let bytes else { return 0 }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      return bytes.withMemoryRebound(to: UInt8.self, capacity: size * count) {
        transfer.receive(UnsafeBufferPointer(start: $0, count: size * count))
      }
    }
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headers)
  }

  /// Makes the process-wide state once.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// Takes the bytes that arrived since the last time.
  func takeReceived() -> [UInt8] {
    defer { received.removeAll(keepingCapacity: true) }
    return received
  }

  private var total = 0

  /// Answers less than it was given to end the transfer.
  private func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    hasBytes = true
    total += bytes.count
    guard total <= limit else {
      isTooLong = true
      return 0
    }
    received += bytes
    return bytes.count
  }

  var status: Int { ccurl_get_long(handle, CURLINFO_RESPONSE_CODE) }

  var isEventStream: Bool {
    ccurl_get_text(handle, CURLINFO_CONTENT_TYPE).map {
      String(cString: $0).lowercased().hasPrefix("text/event-stream")
    }
      == true
  }

  /// Seconds that the server asks to wait; nil where it does not.
  var retryAfter: Double? {
    let seconds = ccurl_get_offset(handle, CURLINFO_RETRY_AFTER)
    return seconds > 0 ? Double(seconds) : nil
  }
}
