import CCurl
import FoundationEssentials
import PluginAPI

/// Asks a server which models it has, before any brief is worked on.
struct Probe {
  let server: Server
  let options: Options

  /// - Throws: `PluginError`: `unavailable` where there is no server, `config` for a refused key or an unknown model.
  ///   A server that does not list its models passes.
  func run(host: HostServices) throws(PluginError) {
    let transfer = try Transfer(
      Transfer.Request(
        url: server.baseURL + "/models", body: nil, headers: server.headers,
        connectTimeout: options.connect_timeout_seconds ?? 5,
        timeout: min(options.timeout_seconds ?? 120, options.first_token_timeout_seconds ?? 30), limit: 16 << 20),
      now: monotonicNanoseconds())
    let result = curl_easy_perform(transfer.handle)
    guard result == CURLE_OK else {
      throw PluginError(
        .unavailable, field: "base_url",
        "no server answers at '\(server.baseURL)': \(String(cString: curl_easy_strerror(result)))")
    }
    switch transfer.status {
    case 401, 403:
      let key = server.keyVariable.map { "the key in '\($0)'" } ?? "requests without a key"
      throw PluginError(.config, field: "api_key_env", "'\(server.baseURL)' refuses \(key)")
    case 200: try checkModel(transfer.takeReceived())
    default: host.log(.info, "'\(server.baseURL)' does not list its models (status \(transfer.status))")
    }
  }

  private func checkModel(_ body: [UInt8]) throws(PluginError) {
    guard let list = (try? JSONDecoder().decode(JSONValue.self, from: Data(body)))?["data"] else { return }
    let names = list.elements.compactMap { $0["id"]?.string }
    if names.isEmpty || names.contains(options.model) { return }
    let shown = names.prefix(8).map { "'\(server.shown($0))'" }.joined(separator: ", ")
    throw PluginError(
      .config, field: "model",
      "the server has no model '\(options.model)'; it has \(shown)\(names.count > 8 ? ", ..." : "")")
  }
}
