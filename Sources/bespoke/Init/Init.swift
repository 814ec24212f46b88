import ArgumentParser
import Core
import Foundation
import Host

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Begin with a catalogue: work out what its columns mean, write a manifest, a template and a test.",
    discussion: """
      What is written works at once: look at the doubts that are printed, then check, preview, generate.

      Example:
        bespoke init --catalogue products.csv
        bespoke init --catalogue feed.jsonl.gz --currency EUR shop
      """)

  @Option(help: ArgumentHelp("The catalogue: CSV, TSV, JSON or JSONL, .gz too.", valueName: "file"))
  var catalogue: String

  @Option(help: ArgumentHelp("Currency of the prices (ISO 4217), where the file does not name it.", valueName: "code"))
  var currency: String?

  @Argument(help: "Folder to write to; made where it is missing.")
  var folder: String = "."

  @Flag(help: "Print what was found as JSON.")
  var json = false

  func validate() throws {
    if catalogue == "-" { throw ValidationError("'--catalogue' must be a file, as it is read more than once") }
    if let currency, currency.wholeMatch(of: /[A-Z]{3}/) == nil {
      throw ValidationError("'--currency' must be three capital letters (ISO 4217), as in EUR, got '\(currency)'")
    }
  }

  func run() throws {
    try reportingErrors(json: json) {
      let sample = try CatalogueSample(path: catalogue)
      guard sample.rows > 0 else {
        throw Diagnostic(
          "empty input", "'\(catalogue)' holds no product", help: "expected a row of names and rows below it")
      }
      let guess = CatalogueGuess(sample, currency: currency)
      if !guess.fields.contains(where: { $0.field == "name" }), let cells = sample.firstRowWithoutNames {
        throw Diagnostic(
          "no column names",
          "the first line of '\(catalogue)' looks like a product: "
            + cells.prefix(4).map { "'\($0)'" }.joined(separator: ", "),
          help: "put a line of names above it, such as 'id,name,price', and give the command again")
      }
      let files = [
        ("manifest.yaml", FirstManifest(guess, catalogue: catalogue, folder: folder).text),
        ("templates/product.liquid", FirstTemplate.page), ("templates/content.liquid", FirstTemplate.content),
      ]
      try write(files)
      let path = target("manifest.yaml")
      let manifest = try Manifest(path: path)
      guard let input = manifest.catalogue else { return }
      let trial = try input.trial(rows: sample.rows, currency: manifest.site.currency)
      let report = InitReport(
        catalogue: catalogue, sample: sample, guess: guess, trial: trial, manifest: path, files: files.map(\.0))
      print(json ? report.document.json : report.words)
    }
  }

  /// A file of the folder, as a message names it.
  private func target(_ name: String) -> String { folder == "." ? name : "\(folder)/\(name)" }

  private func write(_ files: [(name: String, text: String)]) throws {
    let manager = FileManager.default
    if let taken = files.first(where: { manager.fileExists(atPath: target($0.name)) }) {
      throw Diagnostic(
        "cannot write", "'\(target(taken.name))' is there already, and nothing is overwritten",
        help: "name another folder: 'bespoke init --catalogue \(catalogue) shop'")
    }
    do {
      for file in files {
        let target = URL(fileURLWithPath: target(file.name))
        try manager.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: target)
      }
    } catch {
      throw Diagnostic("cannot write", "'\(folder)': \(error.localizedDescription)")
    }
  }
}
