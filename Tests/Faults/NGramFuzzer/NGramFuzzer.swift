import Core

/// One input of libFuzzer: the first byte chooses what the rest is.
///
/// An ARPA file, a text to train on, or changes to a sound binary model: four bytes each, a place, a mask, and whether it flips
/// bits or sets them. The model's checksum is made right again, so that what lies behind it is reached. Every model that
/// opens is asked all that a plugin asks. This file is compiled into one module with the plugin's own.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 1 else { return 0 }
  let rest = UnsafeBufferPointer(start: start + 1, count: count - 1)
  do {
    switch start[0] % 4 {
    case 0, 1: try Fuzzing.ask(Model(ModelWriter().bytes(of: ARPAReader(rest, name: "input").model)))
    case 2: try Fuzzing.train(rest, order: 1 + Int(start[0] >> 2) % 6)
    default: try Fuzzing.ask(Model(Fuzzing.changed(by: rest)))
    }
  } catch {
    // A message is made for every failure, so that its making is tried too.
    precondition(!"\(error)".isEmpty, "a failure has a message")
  }
  return 0
}

private enum Fuzzing {
  static let text = """
    new arrivals for the summer
    new shoes for the summer
    save 20 % on all shoes
    save 30 % on summer dresses
    shop the new summer collection now
    discover {brand} for every day
    the sale on running shoes ends now

    """

  /// The bytes of sound models, exact and quantised.
  static let models: [[UInt8]] = [false, true].map { isQuantised in
    let corpus = Corpus(text)
    var writer = ModelWriter()
    writer.text = corpus
    writer.isQuantised = isQuantised
    guard let trained = try? Trainer(TrainingOptions(order: 3)).train(corpus) else { return [] }
    return writer.bytes(of: trained.model)
  }

  static func changed(by changes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var bytes = models[Int(changes[0] & 1)]
    for change in stride(from: 1, to: changes.count - 3, by: 4) {
      let place = (Int(changes[change]) << 8 | Int(changes[change + 1])) % bytes.count
      if changes[change + 3] & 1 == 0 {
        bytes[place] ^= changes[change + 2]
      } else {
        bytes[place] = changes[change + 2]
      }
    }
    let count = UInt64(bytes.count)
    bytes.withUnsafeMutableBytes { buffer in
      buffer.storeBytes(of: ModelFormat.magic, as: UInt64.self)
      buffer.storeBytes(of: ModelFormat.version, toByteOffset: 8, as: UInt64.self)
      buffer.storeBytes(of: count, toByteOffset: 24, as: UInt64.self)
      let checked = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[ModelFormat.checkedFrom...])
      buffer.storeBytes(of: ModelFormat.checksum(checked), toByteOffset: 16, as: UInt64.self)
    }
    return bytes
  }

  static func train(_ text: UnsafeBufferPointer<UInt8>, order: Int) throws {
    let corpus = Corpus(text)
    var options = TrainingOptions(order: order)
    options.prune = order > 2 ? [0, 0, 1] : [0]
    var writer = ModelWriter()
    writer.text = corpus
    try ask(Model(writer.bytes(of: Trainer(options).train(corpus).model)))
  }

  static func ask(_ model: Model) throws {
    _ = Scorer(model).words("new shoes zebra for the summer")
    var text = Self.text
    text.withUTF8 { _ = Scorer(model).summary($0) }
    var rules = WritingRules()
    rules.maxTokens = 12
    rules.knownContext = 2
    if model.wordCount > 4 { rules.mustInclude = [[4]] }
    let writer = Writer(Writer.Shared(model, longestCopiedRun: 3), rules: rules)
    _ = writer.write(2, seed: 1, attempts: 3)
    _ = writer.beam(width: 2, count: 1)
    _ = Attribution(model).sources(of: [3, 4].filter { $0 < model.wordCount })
    _ = Lexicon(model).words("New shoes")
    _ = TruncatedSampler(model, Truncation()).likeliest(model.beginState, atMost: 5)
  }
}
