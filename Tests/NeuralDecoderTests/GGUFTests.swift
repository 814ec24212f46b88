import Core
import NeuralDecoder
import Testing

struct GGUFTests {
  /// The message with which a file is refused; nil where it is read.
  static func refusal(_ bytes: [UInt8]) -> String? {
    bytes.withUnsafeBytes { bytes in
      do throws(Diagnostic) {
        _ = try GGUFFile(bytes)
        return nil
      } catch {
        return error.description
      }
    }
  }

  static var writer: GGUFWriter {
    var writer = GGUFWriter()
    writer.add("general.architecture", "llama")
    writer.add("tokens", [Array("a".utf8), Array("bc".utf8)])
    writer.add("scores", [1.5, -2] as [Float])
    writer.add(tensor: "first", [2, 3], [1, 2, 3, 4, 5, 6])
    writer.add(tensor: "second", [32], type: TensorType.q8_0.rawValue, [UInt8](repeating: 7, count: 34))
    return writer
  }

  @Test func readsMetadataAndTensors() throws {
    let bytes = Self.writer.bytes
    try bytes.withUnsafeBytes { bytes in
      let file = try GGUFFile(bytes)
      #expect(file.text("general.architecture") == "llama")
      #expect(try file.array("tokens", of: [.string])?.count == 2)
      let first = try file.tensor("first", [2, 3])
      #expect((first.columns, first.rows, first.rowBytes) == (2, 3, 8))
      #expect(file.bytes(of: first).loadUnaligned(fromByteOffset: 20, as: Float.self) == 6)
      #expect(file.bytes(of: try file.tensor("second", [32])).allSatisfy { $0 == 7 })
    }
  }

  @Test func namesAMissingTensorsNeighbour() throws {
    let bytes = Self.writer.bytes
    try bytes.withUnsafeBytes { bytes in
      let file = try GGUFFile(bytes)
      let missing = #expect(throws: Diagnostic.self) { try file.tensor("frist", [2, 3]) }
      #expect(missing?.description.contains("did you mean 'first'?") == true)
      let misshapen = #expect(throws: Diagnostic.self) { try file.tensor("first", [3, 2]) }
      #expect(misshapen?.description.contains("the shape [2, 3], expected [3, 2]") == true)
    }
  }

  @Test func everyPrefixIsRefused() {
    let bytes = Self.writer.bytes
    for length in 0..<bytes.count { #expect(Self.refusal(Array(bytes[..<length])) != nil, "\(length) bytes") }
    #expect(Self.refusal(bytes) == nil)
  }

  /// What makes a file wrong, and a part of the message.
  static let faults: [(change: @Sendable (inout GGUFWriter) -> Void, message: String)] = [
    ({ $0.version = 2 }, "GGUF version 2, expected 3"),
    ({ $0.add("scores", UInt32(1)) }, "'scores' occurs twice"),
    ({ $0.add("", true) }, "a metadata key must be UTF-8 of 1 to 65535 bytes"),
    ({ $0.add("flag", .bool, [2]) }, "is 2, expected 0 or 1"),
    ({ $0.add("nested", array: .array, []) }, "array of arrays"),
    ({ $0.add("huge", .array, GGUFWriter.bytes(UInt32(4)) + GGUFWriter.bytes(UInt64.max)) }, "more than the rest"),
    ({ $0.add("general.alignment", UInt32(24)) }, "must be a power of two"),
    ({ $0.add(tensor: "first", [1], [1]) }, "the tensor 'first' occurs twice"),
    ({ $0.add(tensor: "odd", [31], type: 8, []) }, "rows of 31, expected a multiple of 32"),
    ({ $0.add(tensor: "none", [0], type: 0, []) }, "a dimension of 0"),
    ({ $0.add(tensor: "flat", [], type: 0, []) }, "has 0 dimensions"),
    ({ $0.add(tensor: "vast", [1 << 40, 1 << 40], type: 0, []) }, "is too large"),
    ({ $0.add(tensor: "far", [1], type: 0, [], offset: 1 << 40) }, "reaches behind the file's end"),
    ({ $0.add(tensor: "atop", [1], type: 0, [], offset: 0) }, "overlaps"),
    ({ $0.add(tensor: "askew", [1], type: 0, [0, 0, 0, 0], offset: 97) }, "expected a multiple of 32"),
    ({ $0.add(tensor: "new", [256], type: 39, []) }, "the type 39, which is not supported"),
  ]

  @Test(arguments: faults.indices)
  func refusesAFaultyFile(_ index: Int) throws {
    var writer = Self.writer
    Self.faults[index].change(&writer)
    let refusal = try #require(Self.refusal(writer.bytes))
    #expect(refusal.contains(Self.faults[index].message), "\(refusal)")
  }

  @Test func damagedFilesNeverCrash() {
    let bytes = Self.writer.bytes
    var random = SeededRandom(seed: 7)
    var refused = 0
    for _ in 0..<20_000 {
      var damaged = bytes
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let place = Int.random(in: 0..<damaged.count, using: &random)
        damaged[place] = [0, 0xFF, 0x7F, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
      }
      if Self.refusal(damaged) != nil { refused += 1 }
    }
    #expect(refused > 5000)
  }
}
