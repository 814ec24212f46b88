import Core
import NeuralDecoder

/// One input of libFuzzer: the beginning of a model file, whose weights are zeros.
///
/// Reader, tokenizer, loading and a pass are tried. What is looked for is a trap, a bad access, or a run without end: whether
/// the file is well formed does not matter. libFuzzer's library brings the `main` that calls this by its name.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start else { return 0 }
  // Memory of its own each time, so that the address sanitizer sees a read behind the end.
  let file = UnsafeMutableRawBufferPointer.allocate(byteCount: count + Fuzzing.weightBytes, alignment: 64)
  defer { file.deallocate() }
  file.initializeMemory(as: UInt8.self, repeating: 0)
  file.copyMemory(from: UnsafeRawBufferPointer(start: start, count: count))
  do {
    let gguf = try GGUFFile(UnsafeRawBufferPointer(file))
    let tokenizer = try Tokenizer(gguf)
    var longest: [Int32] = []
    for text in Fuzzing.texts {
      let tokens = tokenizer.encode(text, beginning: true, parsingSpecials: true)
      _ = tokenizer.decode(tokens)
      if tokens.count > longest.count { longest = tokens }
    }
    let model = try Model(gguf, pool: Fuzzing.pool)
    let decoder = Decoder(model, pool: Fuzzing.pool)
    var request = GenerationRequest(prompt: Array(longest.prefix(4)))
    (request.maxTokens, request.candidates) = (2, 2)
    request.constraint = try Constraint(.slotted(["name"]), decoder)
    _ = decoder.generate([request])
  } catch {
    // A message is made for every failure, so that its making is tried too.
    precondition(!"\(error)".isEmpty, "a failure has a message")
  }
  return 0
}

private enum Fuzzing {
  static let pool = ThreadPool(count: 1)
  static let weightBytes = 1 << 19
  static let texts = [
    "", "The Fennrick 22 costs €79.90, doesn't it?\n\n  <br>", "ünïcödé 日本 👍 \u{301}",
    "<|im_start|>user\nhi<end_of_turn>",
    String(repeating: "aab", count: 40),
  ]
}
