import ArgumentParser
import Behaviour
import Core
import Glibc
import Host

struct Events: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read what customers did into a database, write it out, throw old events away.",
    subcommands: [ImportEvents.self, ExportEvents.self, ExportProducts.self, PruneEvents.self])
}

/// Where the events lie.
struct DatabaseArguments: ParsableArguments {
  @Option(name: .shortAndLong, help: ArgumentHelp("The database of events.", valueName: "file"))
  var database = "events.db"

  func open(mustExist: Bool = true) throws -> EventStore { try EventStore(path: database, mustExist: mustExist) }
}

struct ImportEvents: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import files of events: CSV, JSON lines or a web server's log, plain or gzip.",
    discussion: """
      Columns are found by their usual names; '--map' and a mapping file name others. Events that are there already are \
      recognised by their ids, so files may overlap. An import that was stopped goes on where it stopped.

      Example:
        bespoke events import orders.csv.gz --database shop.db --time-zone Europe/London --refund-prefix C
        bespoke events import access.log --log --database shop.db
      """)

  @Argument(help: "The files; '-' is standard input.", completion: .file())
  var files: [String]

  @OptionGroup var database: DatabaseArguments

  @Option(help: ArgumentHelp("A YAML file with the options below and more.", valueName: "file"))
  var mapping: String?

  @Option(
    name: .customLong("map"),
    help: ArgumentHelp("Which column holds a field: 'user=CustomerID'.", valueName: "field=column"))
  var columns: [String] = []

  @Option(help: ArgumentHelp("The kind of events in rows that state none.", valueName: "kind"))
  var kind: String?

  @Option(help: ArgumentHelp("The zone of times that name none, as 'Europe/London'.", valueName: "zone"))
  var timeZone: String?

  @Option(help: ArgumentHelp("How orders begin that cancel another one.", valueName: "text"))
  var refundPrefix: String?

  @Option(
    help: ArgumentHelp("What product codes look like: '#' a digit, '?' anything, '*' any rest.", valueName: "pattern"))
  var productPattern: String?

  @Flag(help: "Take product codes that differ in case for one.")
  var foldProductCase = false

  @Option(help: "What becomes of outlying numbers: \(treatments).")
  var outliers: String?

  @Option(help: "What becomes of missing numbers: \(treatments).")
  var missing: String?

  @Flag(help: "The files are logs of a web server in the combined format.")
  var log = false

  @Flag(help: "Read files from their first row although they were imported before.")
  var again = false

  @Flag(help: "Print the cleaning reports as JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  private static let treatments = ImportOptions.Treatment.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")

  func run() throws {
    try reportingErrors(json: json) {
      let options = try options()
      let store = try database.open(mustExist: false)
      let importer = EventImport(into: store, options: options, now: Int64(time(nil)) * 1000)
      let line = StatusLine(isShown: !quiet && !json && isatty(STDERR_FILENO) == 1)
      var results: [EventImport.Result] = []
      for file in files {
        let result = try importer.run(file) { progress in
          line.show("\(file): \(progress.rows) rows", position: progress.position, size: progress.size)
          return true
        }
        line.clear()
        results.append(result)
        if !json { print(words(result)) }
      }
      if json { print(document(results).json) }
    }
  }

  /// The mapping file, with the flags on top.
  private func options() throws -> ImportOptions {
    var options = try mapping.map { try ImportOptions(yaml: $0) } ?? ImportOptions()
    for column in columns {
      let sides = column.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2, let field = EventField(name: sides[0]) else {
        let names = EventField.allCases.map(\.name).joined(separator: ", ")
        throw ValidationError("'--map' must be FIELD=COLUMN with one of the fields \(names), got '\(column)'")
      }
      options.columns[field] = sides[1]
    }
    if let kind {
      guard let known = EventKind(word: kind) else {
        let names = EventKind.allCases.map(\.name).joined(separator: ", ")
        throw ValidationError("'--kind' must be one of \(names), got '\(kind)'")
      }
      options.kind = known
    }
    if let timeZone { options.timeZone = timeZone }
    if let refundPrefix { options.refundPrefix = refundPrefix }
    if let productPattern { options.productPattern = productPattern }
    if foldProductCase { options.foldsProductCase = true }
    if let outliers { options.outliers = try treatment(outliers, of: "--outliers") }
    if let missing { options.missing = try treatment(missing, of: "--missing") }
    if log, options.log == nil { options.log = .usual }
    options.startsOver = again
    return options
  }

  private func treatment(_ word: String, of option: String) throws -> ImportOptions.Treatment {
    guard let treatment = ImportOptions.Treatment(rawValue: word) else {
      throw ValidationError("'\(option)' must be one of \(Self.treatments), got '\(word)'")
    }
    return treatment
  }

  private func words(_ result: EventImport.Result) -> String {
    if result.wasDone {
      return "'\(result.name)' was imported before: \(result.report.events) events; '--again' reads it anew"
    }
    let resumed = result.resumedAt > 0 ? ", gone on behind row \(result.resumedAt)" : ""
    return "'\(result.name)'\(resumed): \(result.report)"
  }

  private func document(_ results: [EventImport.Result]) -> Document {
    Document { builder in
      builder.beginObject()
      builder.key("files")
      builder.beginArray()
      for result in results {
        builder.beginObject()
        builder.key("name")
        builder.string(result.name)
        builder.key("resumed_at")
        builder.int(Int64(result.resumedAt))
        builder.key("was_done")
        builder.bool(result.wasDone)
        result.report.write(to: builder)
        builder.end()
      }
      builder.end()
      builder.end()
    }
  }
}

struct ExportEvents: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write events as JSON lines, person by person in the order of time.",
    discussion: """
      Example:
        bespoke events export --database shop.db --kind purchase --purpose personalise --output purchases.jsonl
      """)

  @OptionGroup var database: DatabaseArguments

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write; standard output where left out.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Only events of this kind; may be given again.", valueName: "kind"))
  var kind: [String] = []

  @Option(help: ArgumentHelp("Only of people who let their data be used for this.", valueName: "name"))
  var purpose: String?

  @Option(help: ArgumentHelp("Only events at or after this date.", valueName: "date"))
  var from: String?

  @Option(help: ArgumentHelp("Only events before this date.", valueName: "date"))
  var until: String?

  func run() throws {
    try reportingErrors(json: false) {
      var selection = EventStore.Selection()
      selection.purpose = purpose
      selection.from = try from.map { try moment($0, "--from") } ?? .min
      selection.until = try until.map { try moment($0, "--until") } ?? .max
      for word in kind {
        guard let known = EventKind(word: word) else {
          let names = EventKind.allCases.map(\.name).joined(separator: ", ")
          throw ValidationError("'--kind' must be one of \(names), got '\(word)'")
        }
        selection.kinds.insert(known)
      }
      let store = try database.open()
      let file = try OutputText(path: output)
      let count = try store.export(selection) { try file.write($0) }
      try file.finish()
      writeError("\(count) events\(output.map { " in '\($0)'" } ?? "")")
    }
  }
}

struct ExportProducts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "products",
    abstract: "Write a catalogue of the products in the events, as JSON lines: for shops that have no other.",
    discussion: """
      Name, category and brand are the most frequent ones, the price is the mean one.

      Example:
        bespoke events products --database shop.db --output catalogue.jsonl
      """)

  @OptionGroup var database: DatabaseArguments

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write; standard output where left out.", valueName: "file"))
  var output: String?

  func run() throws {
    try reportingErrors(json: false) {
      let file = try OutputText(path: output)
      let count = try database.open().exportProducts { try file.write($0) }
      try file.finish()
      writeError("\(count) products\(output.map { " in '\($0)'" } ?? "")")
    }
  }
}

struct PruneEvents: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Remove events before a date; their people's profiles are rebuilt at the next build.",
    discussion: """
      Example:
        bespoke events prune --database shop.db --before 2024-01-01
      """)

  @OptionGroup var database: DatabaseArguments

  @Option(help: ArgumentHelp("Remove what happened before this date.", valueName: "date"))
  var before: String

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let count = try database.open().prune(before: moment(before, "--before"))
      print(json ? #"{"removed":\#(count)}"# : "\(count) events removed")
    }
  }
}

/// A date or time on the command line, in milliseconds since 1970.
func moment(_ text: String, _ option: String) throws -> Int64 {
  guard let moment = Moment(text) else {
    throw ValidationError("'\(option)' must be a date as 2024-01-31, got '\(text)'")
  }
  return moment.milliseconds
}
