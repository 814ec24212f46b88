import FoundationEssentials
import PluginAPI

/// What a server answered to one request, put together from its pieces.
struct Reply {
  private(set) var text = ""
  /// Sum of the tokens' log-probabilities, natural; nil where the server sent none.
  private(set) var logProbability: Double?
  /// Why the server stopped; nil while it has not.
  private(set) var finish: String?
  /// Tokens as the server counts them; nil where it does not.
  private(set) var tokens: Int?
  private var isDone = false

  /// Takes the data of one server-sent event.
  mutating func take(event: [UInt8]) throws(PluginError) {
    if event.elementsEqual("[DONE]".utf8) {
      isDone = true
      return
    }
    try take(body: event)
  }

  /// Takes a JSON object: a piece of a stream, or a whole answer.
  mutating func take(body: [UInt8]) throws(PluginError) {
    let value: JSONValue
    do {
      value = try JSONDecoder().decode(JSONValue.self, from: Data(body))
    } catch {
      throw PluginError(.unavailable, "the server's answer is not JSON: '\(Self.excerpt(body))'")
    }
    if let error = value["error"], error != .null { throw PluginError(.unavailable, Self.words(error)) }
    if let count = value["usage"]?["completion_tokens"]?.double { tokens = Int(count) }
    guard let choice = value["choices"]?[0] else {
      // The last piece of a stream may carry the usage alone.
      if value["choices"]?.elements.isEmpty == true || value["usage"] != nil { return }
      throw PluginError(.unavailable, "the server's answer has no 'choices': '\(Self.excerpt(body))'")
    }
    text += (choice["delta"] ?? choice["message"])?["content"]?.string ?? choice["text"]?.string ?? ""
    if let reason = choice["finish_reason"]?.string { finish = reason }
    let chat = choice["logprobs"]?["content"]?.elements.compactMap { $0["logprob"]?.double } ?? []
    let completion = choice["logprobs"]?["token_logprobs"]?.elements.compactMap(\.double) ?? []
    if !(chat.isEmpty && completion.isEmpty) {
      logProbability = (logProbability ?? 0) + chat.reduce(0, +) + completion.reduce(0, +)
    }
  }

  /// Checks that the answer is whole.
  func check() throws(PluginError) {
    switch finish {
    case "length":
      throw PluginError(.refused, "the answer was cut off at 'max_tokens'; raise it, or ask for less")
    case "content_filter": throw PluginError(.refused, "the server's content filter stopped the answer")
    case nil where !isDone: throw PluginError(.unavailable, "the answer broke off")
    default: return
    }
  }

  /// The words of an error object, in either of the forms that servers use.
  static func words(_ error: JSONValue) -> String {
    error.string ?? error["message"]?.string ?? "the server reports an error"
  }

  static func excerpt(_ body: [UInt8]) -> String { String(decoding: body.prefix(200), as: UTF8.self) }
}
