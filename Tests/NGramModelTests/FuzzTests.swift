import Core
import Foundation
import Testing

@testable import NGramModel

/// Damaged input ends in a `Diagnostic` or in a model that can be asked, never in a crash.
struct FuzzTests {
  /// Changes a few bytes: flips, copies, cuts, and what often stands in such files.
  private static func mutated(_ bytes: [UInt8], _ random: inout SeededRandom, pieces: [String]) -> [UInt8] {
    var bytes = bytes
    func place() -> Int { bytes.isEmpty ? 0 : Int(random.next() % UInt64(bytes.count)) }
    for _ in 0...(random.next() % 4) where !bytes.isEmpty {
      switch random.next() % 5 {
      case 0: bytes[place()] ^= 1 << UInt8(random.next() % 8)
      case 1: bytes[place()] = UInt8(truncatingIfNeeded: random.next())
      case 2: bytes.removeSubrange(min(place(), bytes.count - 1)..<bytes.count)
      case 3:
        let start = place()
        let end = min(bytes.count, start + Int(random.next() % 40))
        bytes.insert(contentsOf: bytes[start..<end], at: place())
      default:
        let piece = Array(pieces[Int(random.next() % UInt64(pieces.count))].utf8)
        let start = place()
        bytes.replaceSubrange(start..<min(bytes.count, start + piece.count), with: piece)
      }
    }
    return bytes
  }

  /// Asks a model everything that a plugin asks.
  private func exercise(_ model: Model) {
    _ = Scorer(model).words("new shoes zebra for the summer")
    var text = shopCopy
    text.withUTF8 { _ = Scorer(model).summary($0) }
    var rules = WritingRules()
    rules.maxTokens = 12
    if model.wordCount > 4 { rules.mustInclude = [[4]] }
    _ = Writer(Writer.Shared(model, longestCopiedRun: 3), rules: rules).write(2, seed: 1, attempts: 3)
    _ = Attribution(model).sources(of: [3, 4].filter { $0 < model.wordCount })
    _ = Lexicon(model).words("New shoes")
  }

  @Test(arguments: 0..<8) func damagedARPANeverCrashes(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let text = Array(ARPATests.sound.utf8)
    let pieces = ["\\end\\", "-inf", "nan", "1e999", "ngram 1=", "\u{0}", "\r\n", "\t", "<s>", "\\2-grams:", "-99"]
    var opened = 0
    for _ in 0..<400 {
      let bytes = Self.mutated(text, &random, pieces: pieces)
      guard let reader = bytes.withUnsafeBufferPointer({ try? ARPAReader($0, name: "m") }) else { continue }
      opened += 1
      exercise(try Model(ModelWriter().bytes(of: reader.model)))
    }
    #expect(opened > 0)
  }

  /// The checksum is made right again, so that what lies behind it is reached.
  @Test(arguments: 0..<8) func damagedModelsNeverCrash(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let corpus = Corpus(shopCopy)
    var writer = ModelWriter()
    writer.text = corpus
    writer.isQuantised = seed % 2 == 1
    let sound = writer.bytes(of: try Trainer(TrainingOptions(order: 3)).train(corpus).model)
    var opened = 0
    for _ in 0..<400 {
      var bytes = Self.mutated(sound, &random, pieces: ["\u{0}\u{0}\u{0}\u{0}", "\u{7F}\u{7F}\u{7F}\u{7F}"])
      guard bytes.count > ModelFormat.headerWords * 8 else { continue }
      let count = UInt64(bytes.count)
      bytes.withUnsafeMutableBytes { buffer in
        buffer.storeBytes(of: ModelFormat.magic, as: UInt64.self)
        buffer.storeBytes(of: ModelFormat.version, toByteOffset: 8, as: UInt64.self)
        buffer.storeBytes(of: count, toByteOffset: 24, as: UInt64.self)
        let checked = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[ModelFormat.checkedFrom...])
        buffer.storeBytes(of: ModelFormat.checksum(checked), toByteOffset: 16, as: UInt64.self)
      }
      guard let model = try? Model(bytes) else { continue }
      opened += 1
      exercise(model)
    }
    #expect(opened > 0)
  }
}
