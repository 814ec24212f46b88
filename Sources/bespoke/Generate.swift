import ArgumentParser
import Core
import Dispatch
import Glibc
import Host

struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a manifest: every profile takes its route, every asset is written.",
    discussion: """
      A run that was stopped or killed is gone on with when it is started again. Assets that did not change are left alone; \
      those that are made no more are named.

      Example:
        bespoke generate manifests/demo.yaml --output out/demo
        bespoke generate shop.yaml --input catalogue=products.csv --output site --json
        bespoke generate shop.yaml --output site --prune
        bespoke generate shop.yaml --output site.tar
        bespoke generate shop.yaml --output - --sink jsonl --quiet | gzip > assets.jsonl.gz
      """)

  @OptionGroup var manifest: ManifestArguments

  @OptionGroup var destination: Destination

  @Option(help: ArgumentHelp("Threads to work with; as many as there are processors where left out.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Discard an unfinished run in the output folder instead of going on with it.")
  var restart = false

  @Flag(help: "Remove assets of former runs that this one does not make; none where a brief failed.")
  var prune = false

  @Flag(help: "Stop at the first row that makes no record.")
  var strict = false

  @Option(help: ArgumentHelp("Write the rows that make no record to this file.", valueName: "file"))
  var rejects: String?

  @Flag(help: "Print the report as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("'--threads' must be in 1...1024, got \(threads)")
    }
  }

  func run() throws {
    try reportingErrors(json: json) {
      let plan = try manifest.plan()
      for warning in try plan.checkInputs() { writeError("warning: \(warning)") }
      var options = GenerateOptions(sink: destination.kind)
      if let threads { options.threads = threads }
      options.restarts = restart
      options.prunes = prune
      options.isStrict = strict
      options.rejectsPath = rejects
      options.log = { writeError($0) }
      let generation = Generation(plan, options: options)
      let signals = stopOnSignals { generation.interrupt() }
      let line = ProgressLine(isShown: !quiet && !json && isatty(2) == 1) { generation.progress.words(seconds: $0) }
      defer { signals.forEach { $0.cancel() } }
      let report: RunReport
      do {
        report = try generation.run()
        line.stop()
      } catch {
        line.stop()
        throw error
      }
      let words = json ? report.document.json : report.words(output: destination.name)
      // What streams through standard output must stay alone there.
      if destination.isStandardOutput { writeError(words) } else { print(Confidential.hidden(in: words)) }
      if report.isInterrupted {
        if case .folder = destination.kind, !json { writeError("give the same command again to go on from here") }
        throw ExitStatus.interrupted
      }
      if let nothing = report.inputs.lazy.compactMap({ $0.dirt.nothing(of: $0.name) }).first {
        if json { throw ExitStatus.badInput }
        throw nothing
      }
      if report.failed > 0 { throw ExitStatus.someFailed }
    }
  }
}

/// The manifest and what stands in for parts of it.
struct ManifestArguments: ParsableArguments {
  @Argument(help: "The manifest.", completion: .file(extensions: ["yaml", "yml"]))
  var manifest: String

  @Option(
    name: .customLong("input"),
    help: ArgumentHelp("Read an input from another file: 'catalogue=FILE' or 'profiles=FILE'.", valueName: "name=file"))
  var inputs: [String] = []

  @Flag(name: .customLong("no-cache"), help: "Read a large catalogue anew, even where it was read before.")
  var readsAnew = false

  func validate() throws {
    for input in inputs where !["catalogue", "profiles"].contains(Self.parts(of: input).name) || !input.contains("=") {
      throw ValidationError("'--input' must be 'catalogue=FILE' or 'profiles=FILE', got '\(input)'")
    }
  }

  private static func parts(of input: String) -> (name: String, path: String) {
    let name = input.prefix { $0 != "=" }
    return (String(name), String(input.dropFirst(name.count + 1)))
  }

  /// - Throws: `ManifestError` or `Diagnostic`.
  func plan() throws -> Plan {
    var manifest = try Manifest(path: manifest)
    Confidential.keep(manifest.environment)
    manifest.catalogueCache = readsAnew ? nil : .standard
    for input in inputs {
      let (name, path) = Self.parts(of: input)
      guard manifest.setInput(name, path: path) else {
        throw Diagnostic(
          "unknown input", "'\(manifest.file)' has no input '\(name)'", help: "declare '\(name)' under 'inputs'")
      }
    }
    return try Plan(manifest, registry: PluginRegistry(folder: programFolder))
  }
}
