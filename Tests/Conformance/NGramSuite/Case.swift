import Core
import Foundation
import NGramModel

/// One row of `cases.tsv`.
struct Case {
  let folder: URL
  let kind: String
  let train: String
  let order: String
  let options: String
  let query: String
  let expected: String

  /// The value of an option `name=value`.
  func option(_ name: String) -> String? {
    options.split(separator: " ").first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
  }

  /// The numbers of an option `name=a,b`.
  func list(_ name: String) -> [Double] { (option(name) ?? "").split(separator: ",").compactMap { Double($0) } }

  func bytes(_ name: String) throws -> [UInt8] { try contents(of: folder.appendingPathComponent(name)) }

  func lines(_ name: String) throws -> [String] {
    var lines = String(decoding: try bytes(name), as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map(String.init)
  }

  /// The query text's lines; `FILE:N` names the first N.
  func queries() throws -> [String] {
    let parts = query.split(separator: ":")
    let all = try lines(String(parts[0]))
    return parts.count == 2 ? Array(all.prefix(Int(parts[1]) ?? 0)) : all
  }

  func training(order: Int) throws -> (result: Trainer.Result, corpus: Corpus) {
    var options = TrainingOptions(order: order)
    if let prune = option("prune") { options.prune = prune.split(separator: ",").compactMap { Int($0) } }
    if option("interpolate_unigrams") == "0" { options.interpolatesUnigrams = false }
    if let words = option("limit_vocab") {
      options.limitedVocabulary = Set(try lines(words).flatMap { $0.split(separator: " ").map(String.init) })
    }
    let corpus = try bytes(train).withUnsafeBufferPointer { Corpus($0) }
    return (try Trainer(options).train(corpus), corpus)
  }

  /// The model of the row's text, written as ARPA text and read again.
  func model() throws -> NGrams {
    let trained = try training(order: Int(order) ?? 0).result.model
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).arpa")
    defer { try? FileManager.default.removeItem(at: file) }
    try ARPAWriter.write(trained, to: file.path)
    return try contents(of: file).withUnsafeBufferPointer { try ARPAReader($0, name: train).model }
  }

  /// The model of the row's text, packed.
  func packed(order: Int) throws -> Model {
    try Model(ModelWriter().bytes(of: training(order: order).result.model))
  }

  func expectedModel() throws -> NGrams { try arpa(expected) }

  private func arpa(_ name: String) throws -> NGrams {
    try bytes(name).withUnsafeBufferPointer { try ARPAReader($0, name: name).model }
  }

  /// The models that the row names instead of a text, packed.
  func models() throws -> [Model] {
    try train.split(separator: " ").map { try Model(ModelWriter().bytes(of: arpa(String($0)))) }
  }
}
