import ArgumentParser
import Core
import Glibc
import Host

@main
struct Bespoke: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bespoke",
    abstract: "Turns a catalogue and customer profiles into personalised marketing content.",
    discussion: """
      A manifest (YAML) says which profiles take which pipeline, which plugins fill its slots, and what is written.

      Exit status: 0 done, 1 some briefs failed, 64 wrong usage, 65 bad input, 66 missing file, 70 internal error, \
      75 try again, 77 not allowed, 78 bad manifest, 130 interrupted.
      """,
    version: "0.1.0",
    subcommands: [
      Init.self, Generate.self, Check.self, PreviewCommand.self, Explain.self, Templates.self, Plugins.self, Train.self,
      InspectFile.self, Publish.self, Events.self, Profiles.self, Segments.self, Recommend.self, Privacy.self,
    ])

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let unknown = unknownCommand(in: arguments) {
      writeError("\(unknown)")
      Glibc.exit(64)
    }
    main(arguments)
  }

  /// What is wrong with the first words of a command line, which must name commands.
  private static func unknownCommand(in arguments: [String]) -> Diagnostic? {
    var command: any ParsableCommand.Type = Bespoke.self
    var path = "bespoke"
    for word in arguments {
      let subcommands = command.configuration.subcommands
      if subcommands.isEmpty || word.hasPrefix("-") || path == "bespoke" && word == "help" { return nil }
      guard let next = subcommands.first(where: { $0._commandName == word }) else {
        let names = subcommands.map { $0._commandName }
        return Diagnostic(
          "unknown command", "'\(path)' has no command '\(word)'",
          help: nearestName(to: word, among: names).map { "did you mean '\(path) \($0)'?" }
            ?? "commands are \(names.map { "'\($0)'" }.joined(separator: ", ")); see '\(path) --help'")
      }
      command = next
      path += " \(word)"
    }
    return nil
  }
}

/// Exit statuses, as in sysexits.
enum ExitStatus {
  static let someFailed = ExitCode(1)
  static let badInput = ExitCode(65)
  static let missingFile = ExitCode(66)
  static let internalError = ExitCode(70)
  static let tryAgain = ExitCode(75)
  static let notAllowed = ExitCode(77)
  static let badManifest = ExitCode(78)
  static let interrupted = ExitCode(130)

  /// The status of an error.
  static func of(_ error: any Error) -> ExitCode {
    switch error {
    case is ManifestError: badManifest
    case let diagnostic as Diagnostic:
      switch diagnostic.kind {
      case "missing file", "missing input", "missing sdk", "plugin not found": missingFile
      case "invalid manifest", "unknown plugin", "invalid yaml": badManifest
      case "cannot write", "folder in use", "unfinished run", "damaged checkpoint", "no connection", "locked database",
        "out of resources":
        tryAgain
      case "not allowed": notAllowed
      case "cancelled": interrupted
      case "training failed", "inspection failed": internalError
      default: badInput
      }
    default: internalError
    }
  }
}

/// Runs a command's body; what it throws is told to people, or to machines where they asked for JSON.
func reportingErrors(json: Bool, _ body: () throws -> Void) throws {
  do {
    try body()
  } catch let exit as ExitCode {
    throw exit
  } catch let error as ValidationError {
    throw error
  } catch {
    let status = ExitStatus.of(error)
    if json {
      print(Confidential.hidden(in: errorDocument(error, status: status).json))
    } else {
      writeError("\(error)")
    }
    throw status
  }
}

private func errorDocument(_ error: any Error, status: ExitCode) -> Document {
  let diagnostics: [Diagnostic] =
    switch error {
    case let error as ManifestError: error.diagnostics
    case let diagnostic as Diagnostic: [diagnostic]
    default: [Diagnostic("internal error", "\(error)")]
    }
  return Document { builder in
    builder.beginObject()
    builder.key("status")
    builder.int(Int64(status.rawValue))
    builder.key("errors")
    builder.beginArray()
    for diagnostic in diagnostics { builder.add(diagnostic) }
    builder.end()
    builder.end()
  }
}

extension DocumentBuilder {
  /// Adds a diagnostic as an object.
  func add(_ diagnostic: Diagnostic) {
    beginObject()
    key("severity")
    string(diagnostic.severity.rawValue)
    key("kind")
    string(diagnostic.kind)
    key("detail")
    string(diagnostic.detail)
    if let location = diagnostic.location {
      key("file")
      string(location.file)
      key("line")
      int(Int64(location.line))
      key("column")
      int(Int64(location.column))
    }
    if let excerpt = diagnostic.excerpt {
      key("excerpt")
      string(excerpt)
    }
    if let help = diagnostic.help {
      key("help")
      string(help)
    }
    end()
  }
}

/// "1 route", "2 routes".
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// Writes a line to standard error.
func writeError(_ text: String) { writeToTerminal("\(Confidential.hidden(in: text))\n") }

/// Writes text to standard error as it is.
func writeToTerminal(_ text: String) {
  var text = text
  _ = text.withUTF8 { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// The folder of this program, where its plugins lie.
let programFolder: String = {
  var buffer = [CChar](repeating: 0, count: 4096)
  let count = readlink("/proc/self/exe", &buffer, buffer.count)
  let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
}()
