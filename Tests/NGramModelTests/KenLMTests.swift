import Core
import Foundation
import NGramModel
import Testing

/// KenLM's own programs load what we write, and we load what they write; `KENLM_BIN` names their folder.
@Suite(.enabled(if: KenLM.folder != nil, "set KENLM_BIN to the folder with KenLM's lmplz, query and build_binary"))
struct KenLMTests {
  private static let tolerance: Float = 1e-4
  private static let text = manySentences(600)
  /// What is scored: sentences of the text, unknown words, an empty line.
  private static let questions =
    text.split(separator: "\n").prefix(60).joined(separator: "\n") + "\nw0 zebra w1\n\nzebra\n"

  /// KenLM's scores of the questions, and ours with the model that is given, must be equal word by word.
  private func compare(_ model: Model, _ file: URL) throws {
    let theirs = try KenLM.scores(Self.questions, model: file)
    let ours = Self.questions.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map {
      Scorer(model).words(String($0)).map(\.score.logProbability)
    }
    #expect(theirs.map(\.count) == ours.map(\.count))
    var largest: Float = 0
    for (their, our) in zip(theirs.joined(), ours.joined()) { largest = max(largest, abs(their - our)) }
    #expect(largest <= Self.tolerance)
  }

  @Test(arguments: 2...5) func kenLMLoadsOurARPA(order: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let trained = try Trainer(TrainingOptions(order: order)).train(Corpus(Self.text)).model
    let file = folder.appendingPathComponent("ours.arpa")
    try ARPAWriter.write(trained, to: file.path)
    let model = try Model(ModelWriter().bytes(of: trained))
    try compare(model, file)
    for kind in ["trie", "probing"] {
      let packed = folder.appendingPathComponent("ours.\(kind)")
      try KenLM.run("build_binary", [kind, file.path, packed.path])
      try compare(model, packed)
    }
  }

  @Test(arguments: 2...5) func weLoadKenLMsARPA(order: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (text, file) = (folder.appendingPathComponent("text"), folder.appendingPathComponent("theirs.arpa"))
    try Self.text.write(to: text, atomically: true, encoding: .utf8)
    try KenLM.run(
      "lmplz", ["-o", "\(order)", "-S", "50M", "--discount_fallback", "--text", text.path, "--arpa", file.path])
    let arpa = try MappedFile(path: file.path)
    let reader = try withExtendedLifetime(arpa) { try ARPAReader(arpa.bytes, name: "theirs.arpa") }
    #expect(reader.warnings.isEmpty)
    try compare(Model(ModelWriter().bytes(of: reader.model)), file)
    // And theirs is the model that we train.
    try compare(
      Model(ModelWriter().bytes(of: Trainer(TrainingOptions(order: order)).train(Corpus(Self.text)).model)), file)
  }
}

/// KenLM's programs.
enum KenLM {
  static let folder: String? = ProcessInfo.processInfo.environment["KENLM_BIN"].flatMap {
    FileManager.default.isExecutableFile(atPath: "\($0)/lmplz") ? $0 : nil
  }

  @discardableResult
  static func run(_ program: String, _ arguments: [String], input: String = "") throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(folder ?? "")/\(program)")
    process.arguments = arguments
    let (standardInput, output) = (Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // What is asked is smaller than a pipe holds.
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(program)")
    return text
  }

  /// The logarithms of each line's words, its end among them: `query` prints `word=number length logarithm`, tabs between.
  static func scores(_ text: String, model: URL) throws -> [[Float]] {
    try run("query", [model.path], input: text).split(separator: "\n").filter { $0.contains("Total: ") }.map { line in
      line.split(separator: "\t").dropLast().compactMap { $0.split(separator: " ").last.flatMap { Float($0) } }
    }
  }
}
