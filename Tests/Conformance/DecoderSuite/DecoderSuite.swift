import Core
public import Foundation
import NeuralDecoder

/// The conformance suite for the decoder: reference outputs of real models and of tiny ones.
public struct DecoderSuite {
  /// What became of the cases.
  public struct Result {
    /// Cases whose outcome was right.
    public var passed = 0
    /// The others: name and what happened.
    public var failures: [(name: String, reason: String)] = []
    /// Models that are not at hand.
    public var absent: [String] = []

    mutating func check(_ name: String, _ reason: () throws -> String?) {
      do {
        guard let reason = try reason() else { return passed += 1 }
        failures.append((name, reason))
      } catch {
        failures.append((name, "\(error)"))
      }
    }
  }

  private let folder: URL
  private let models: ModelFolder

  /// The suite in a folder; nil where the folder holds none.
  ///
  /// - Parameter models: where models may lie, found by their digest whatever their name.
  public init?(folder: URL, models: URL?) {
    guard FileManager.default.fileExists(atPath: folder.appendingPathComponent("tiny").path) else { return nil }
    self.folder = folder
    self.models = ModelFolder(models)
  }

  /// Runs every case whose model is at hand: the tiny models at every level of the CPU, the big ones at that which is chosen.
  public func run() throws -> Result {
    var result = Result()
    let pool = ThreadPool(count: min(2, ProcessInfo.processInfo.activeProcessorCount))
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let cases = folder.appendingPathComponent(name)
      let tokenizer = cases.appendingPathComponent("tokenizer.json")
      guard FileManager.default.fileExists(atPath: tokenizer.path) else { continue }
      let texts = try Self.document(tokenizer)
      let prompts = try Self.document(cases.appendingPathComponent("logits.json"))
      try withExtendedLifetime((texts, prompts)) {
        guard let path = try models.path(sha256: texts.root["model"]["sha256"].string ?? "") else {
          return result.absent.append(name)
        }
        let mapped = try MappedFile(path: path)
        try withExtendedLifetime(mapped) {
          let file = try GGUFFile(mapped.bytes)
          Self.tokenize(texts.root["cases"], name, try Tokenizer(file), into: &result)
          for exact in [false, true] {
            let mode = Mode(kernels: try Kernels.chosen(), exact: exact)
            try Self.big(prompts.root["cases"], name, file, mode, pool, into: &result)
          }
        }
      }
    }
    let tiny = folder.appendingPathComponent("tiny")
    for name in try FileManager.default.contentsOfDirectory(atPath: tiny.path).sorted() where name.hasSuffix(".json") {
      let reference = try Self.document(tiny.appendingPathComponent(name))
      let mapped = try MappedFile(path: tiny.appendingPathComponent(reference.root["file"].string ?? "").path)
      try withExtendedLifetime((reference, mapped)) {
        try Self.tiny(reference.root, name, GGUFFile(mapped.bytes), pool, into: &result)
      }
    }
    return result
  }

  static func document(_ file: URL) throws -> Document {
    try Document(json: String(decoding: Data(contentsOf: file), as: UTF8.self))
  }

  static func tokens(_ value: Value) -> [Int32] { (0..<value.count).map { Int32(value[$0].int ?? -1) } }
}
