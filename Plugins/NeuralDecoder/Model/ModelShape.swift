import Core

/// The families of models that can be run.
public enum Architecture: String, Sendable, CaseIterable {
  case gemma3, llama, qwen2, qwen3, gpt2
}

/// The sizes and constants of a model, as its file states them.
public struct ModelShape: Sendable {
  /// The family.
  public let architecture: Architecture
  /// How many layers there are.
  public let layers: Int
  /// The length of a token's vector.
  public let width: Int
  /// The length of the vector inside a feed-forward block.
  public let feedForward: Int
  /// How many query heads a layer has.
  public let heads: Int
  /// How many heads of keys and values they share.
  public let keyValueHeads: Int
  /// The length of a head's vector.
  public let headSize: Int
  /// How many elements of it are turned by position.
  let rotated: Int
  /// The base of the rotation, and that of local layers.
  let rotaryBase: (global: Double, local: Double)
  /// By what positions are divided in global layers.
  let rotaryFactor: Double
  /// How far back local layers see; 0 where there are none.
  let window: Int
  let epsilon: Float
  /// The longest text that the model was made for, in tokens.
  public let contextLength: Int
  /// How many tokens there are.
  public let vocabulary: Int

  init(_ file: GGUFFile, vocabulary: Int) throws(Diagnostic) {
    guard let name = file.text("general.architecture") else { throw .model("'general.architecture' is missing") }
    guard let architecture = Architecture(rawValue: name) else {
      let known = Architecture.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw .model("the architecture '\(name)' is not supported", help: "supported are \(known)")
    }
    func size(_ key: String, _ range: ClosedRange<Int>) throws(Diagnostic) -> Int? {
      try file.whole("\(name).\(key)", in: range)
    }
    func required(_ key: String, _ range: ClosedRange<Int>) throws(Diagnostic) -> Int {
      guard let found = try size(key, range) else { throw .model("'\(name).\(key)' is missing") }
      return found
    }
    self.architecture = architecture
    self.vocabulary = vocabulary
    layers = try required("block_count", 1...1024)
    width = try required("embedding_length", 16...65536)
    feedForward = try required("feed_forward_length", 16...1 << 20)
    heads = try required("attention.head_count", 1...1024)
    keyValueHeads = try size("attention.head_count_kv", 1...heads) ?? heads
    headSize = try size("attention.key_length", 2...1024) ?? width / heads
    guard headSize >= 2 else { throw .model("\(heads) heads cannot share a width of \(width)") }
    rotated = try size("rope.dimension_count", 2...headSize) ?? headSize
    contextLength = min(try required("context_length", 1...1 << 24), 1 << 20)
    window = architecture == .gemma3 ? try size("attention.sliding_window", 1...1 << 24) ?? 0 : 0
    let base = try file.number("\(name).rope.freq_base") ?? 10000
    let local = try file.number("\(name).rope.freq_base_swa") ?? 10000
    let scaling = file.text("\(name).rope.scaling.type") ?? "none"
    guard scaling == "none" || scaling == "linear" else {
      throw .model("the rope scaling '\(scaling)' is not supported", help: "supported are 'none' and 'linear'")
    }
    let factor = scaling == "linear" ? try file.number("\(name).rope.scaling.factor") ?? 1 : 1
    let layerNorm = architecture == .gpt2 ? "layer_norm_epsilon" : "layer_norm_rms_epsilon"
    let epsilon = try file.number("\(name).attention.\(layerNorm)") ?? 1e-5
    guard base > 0, local > 0, factor > 0, epsilon >= 0, epsilon < 1 else {
      throw .model("the constants of '\(name)' are not positive")
    }
    rotaryBase = (base, architecture == .gemma3 ? local : base)
    rotaryFactor = factor
    self.epsilon = Float(epsilon)
    for (what, size) in [("embedding", width), ("feed-forward", feedForward), ("head", headSize)] where size % 16 != 0 {
      throw .model("the \(what) length is \(size), expected a multiple of 16")
    }
    guard heads % keyValueHeads == 0 else {
      throw .model("\(heads) heads cannot share \(keyValueHeads) of keys and values")
    }
    guard rotated % 2 == 0 else {
      throw .model("'\(name).rope.dimension_count' is \(rotated), expected an even number")
    }
    if let valueSize = try size("attention.value_length", 1...65536), valueSize != headSize {
      throw .model("values are \(valueSize) long and keys \(headSize), expected the same")
    }
  }

  /// Whether a layer sees all positions, not only those within the window.
  func isGlobal(_ layer: Int) -> Bool { window == 0 || layer % 6 == 5 }

  /// The length of all query heads together.
  var queryWidth: Int { heads * headSize }
  /// The length of all keys, or values, of a position in one layer.
  var keyWidth: Int { keyValueHeads * headSize }
}
