import PluginAPI

/// A text, what the model thinks of it, and who wrote it.
struct Judged {
  let text: String
  let score: Double
  let source: String
}

/// Texts that others wrote: what the model thinks of them.
extension NeuralDecoder {
  /// Writes given texts as candidates, by their likelihood after the prompt or their similarity to it.
  func judge(
    _ texts: Value, _ request: Request, after prompt: [Int32], _ output: Output
  ) throws(PluginError) {
    let given = (0..<texts.count).compactMap { texts[$0].string }.filter { !$0.isEmpty }
    let scores = try scores(given, request, after: prompt, output, each: false)
    write(zip(given, scores).map { Judged(text: $0, score: $1, source: options.model) }, output)
  }

  /// Ranks what the stage wrote before, and refuses texts that score too little.
  func check(_ request: Request, after prompt: [Int32], _ output: Output) throws(PluginError) {
    let written = request.slots[slot]
    guard written.exists else { throw PluginError(.skip, "the slot '\(slot)' is empty") }
    let isList = written.kind == .array
    let all = isList ? (0..<written.count).map { written[$0] } : [written]
    let texts = all.map { ($0.kind == .object ? $0["text"] : $0).string ?? "" }
    // What was written has lost the blank that stood before it.
    let blank = request.params["prompt"].utf8.last.map { $0 > 0x20 } == true && turns == nil ? " " : ""
    let scores = try scores(texts.map { blank + $0 }, request, after: prompt, output, each: true)
    let kept = all.indices.filter { scores[$0] >= options.min_score ?? -.infinity }.sorted { scores[$0] > scores[$1] }
    guard let best = kept.first else {
      throw PluginError(
        .refused, field: "slots.\(slot)",
        "no text scores \(options.min_score ?? 0) or more")
    }
    output.note("kept", "\(kept.count) of \(texts.count)")
    output.note("score", "\(scores[best])")
    if !isList { throw PluginError(.skip, "the text may stay as it is") }
    write(
      kept.map { Judged(text: texts[$0], score: scores[$0], source: all[$0]["source"].string ?? "") }, output)
  }

  /// - Parameter each: whether likelihoods are means of tokens, so that texts of any length compare.
  private func scores(
    _ texts: [String], _ request: Request, after prompt: [Int32], _ output: Output, each: Bool
  ) throws(PluginError) -> [Double] {
    let isOver = { output.isCancelled || (request.deadline != 0 && Clock.nanoseconds > request.deadline) }
    let tokens = texts.map { tokenizer.encode($0) }
    let longest = decoder.model.shape.contextLength - prompt.count
    if let long = tokens.first(where: { $0.count > longest }) {
      throw PluginError(.input, "a text has \(long.count) tokens, the model takes \(max(0, longest)) after the prompt")
    }
    let scores: [Double]
    switch options.score_by ?? .likelihood {
    case .likelihood:
      let found = decoder.score(prompt: prompt, continuations: tokens, isCancelled: isOver)
      scores = each ? zip(found, tokens).map { $0 / Double(max(1, $1.count)) } : found
    case .similarity:
      let vectors = decoder.embed([prompt] + tokens, isCancelled: isOver)
      scores = vectors.dropFirst().map { vector in
        Double(zip(vector, vectors[0]).reduce(0) { $0 + $1.0 * $1.1 })
      }
    }
    if output.isCancelled { throw PluginError(.cancelled, "the host asked to stop") }
    if isOver() { throw PluginError(.deadline, "the deadline passed") }
    return scores
  }
}
