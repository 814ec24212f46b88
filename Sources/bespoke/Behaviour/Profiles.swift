import ArgumentParser
import Behaviour
import Core
import Glibc

struct Profiles: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make profiles of events, show what made them, keep and withdraw consent, erase people.",
    subcommands: [
      LoadAccounts.self, BuildProfiles.self, ShowProfile.self, ProfileDictionary.self, SetConsent.self,
      EraseProfile.self,
    ])
}

struct LoadAccounts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accounts",
    abstract: "Keep what people told of themselves, to be joined to their profiles.",
    discussion: """
      JSON lines with an 'id', the same as in the events, and what templates want: locale, first_name, email, consent. An id \
      that is there already is replaced; people who were erased are refused.

      Example:
        bespoke profiles accounts accounts.jsonl --database shop.db
      """)

  @Argument(help: "The file; '-' is standard input.", completion: .file())
  var file: String

  @OptionGroup var database: DatabaseArguments

  @Flag(help: "Print what was done as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let report = try database.open(mustExist: false).loadAccounts(file)
      if json {
        print(#"{"kept":\#(report.kept),"unreadable":\#(report.unreadable),"erased":\#(report.erased)}"#)
      } else {
        print(
          "\(report.kept) accounts kept, \(report.unreadable) lines unreadable, \(report.erased) of erased people refused"
        )
      }
    }
  }
}

struct BuildProfiles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Write a profile of each person, as pipelines read them.",
    discussion: """
      Only people with new events are made anew. People who do not agree to the purpose are left out; of those with an \
      account, id, locale and consent are written.

      Example:
        bespoke profiles build --database shop.db --output profiles.jsonl
        bespoke profiles build --database shop.db --key-file pseudonyms.key --output profiles.jsonl
      """)

  @OptionGroup var database: DatabaseArguments

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write; standard output where left out.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp("The date that counts as today; that of the newest event where left out.", valueName: "date"))
  var asOf: String?

  @Option(help: ArgumentHelp("A YAML file of tags and their bounds.", valueName: "file"))
  var tags: String?

  @Option(help: ArgumentHelp("Replace ids by HMAC-SHA256 with the key in this file.", valueName: "file"))
  var keyFile: String?

  @Option(help: ArgumentHelp("The purpose that people must agree to.", valueName: "name"))
  var purpose = "personalise"

  @Flag(help: "Leave out people who never said whether they agree.")
  var consentRequired = false

  @Flag(help: "Make everybody anew.")
  var again = false

  @Flag(help: "Print what was done as JSON, on standard error.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      var options = ProfileBuild.Options()
      options.now = try asOf.map { try moment($0, "--as-of") }
      options.purpose = purpose
      options.assumesConsent = !consentRequired
      options.pseudonyms = try keyFile.map { try Pseudonyms(keyFile: $0) }
      if let tags { options.tags = try TagRules(yaml: tags) }
      options.startsOver = again
      let file = try OutputText(path: output)
      let report = try ProfileBuild(database.open(), options: options).run { try file.write($0) }
      try file.finish()
      if json {
        writeError(#"{"written":\#(report.written),"rebuilt":\#(report.rebuilt),"withheld":\#(report.withheld)}"#)
      } else {
        writeError(
          "\(report.written) profiles\(output.map { " in '\($0)'" } ?? ""), \(report.rebuilt) made anew, "
            + "\(report.withheld) without consent")
      }
    }
  }
}

struct ShowProfile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a person's values; with '--explain' the events that made each.",
    discussion: """
      Example:
        bespoke profiles show 17850 --database shop.db --explain
      """)

  @Argument(help: "The person's id.")
  var id: String

  @OptionGroup var database: DatabaseArguments

  @Flag(help: "Say how many events made each value, and which were the first and the last.")
  var explain = false

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      let values = try database.open().explain(id)
      if json {
        print(document(values).json)
      } else {
        for value in values {
          print("\(value.value.padded(26))\(value.shown)")
          if explain {
            let last = value.events > 1 ? ", last \(value.last)" : ""
            print("  \(counted(value.events, "event")): first \(value.first)\(last)")
          }
        }
      }
    }
  }

  private func document(
    _ values: [(value: String, shown: String, events: Int, first: String, last: String)]
  ) -> Document {
    Document { builder in
      builder.beginArray()
      for value in values {
        builder.beginObject()
        for (key, text) in [
          ("value", value.value), ("shown", value.shown), ("first", value.first), ("last", value.last),
        ] {
          builder.key(key)
          builder.string(text)
        }
        builder.key("events")
        builder.int(Int64(value.events))
        builder.end()
      }
      builder.end()
    }
  }
}

struct ProfileDictionary: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dictionary", abstract: "Say what each value of a profile means.")

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() {
    guard json else {
      for (name, meaning) in ProfileValue.dictionary { print("\(name.padded(30))\(meaning)") }
      return
    }
    print(
      Document { builder in
        builder.beginArray()
        for (name, meaning) in ProfileValue.dictionary {
          builder.beginObject()
          builder.key("value")
          builder.string(name)
          builder.key("meaning")
          builder.string(meaning)
          builder.end()
        }
        builder.end()
      }.json)
  }
}

struct SetConsent: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "consent",
    abstract: "Note whether a person lets data be used for a purpose.",
    discussion: """
      Example:
        bespoke profiles consent 17850 --purpose personalise --withdraw --database shop.db
      """)

  @Argument(help: "The person's id.")
  var id: String

  @OptionGroup var database: DatabaseArguments

  @Option(help: ArgumentHelp("The purpose.", valueName: "name"))
  var purpose = "personalise"

  @Flag(help: "The person no longer agrees.")
  var withdraw = false

  @Flag(help: "Print what was noted as JSON.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      try database.open().setConsent(id, purpose: purpose, granted: !withdraw, time: Int64(time(nil)) * 1000)
      guard json else { return print("noted; it counts from the next build on") }
      print(
        Document { builder in
          builder.beginObject()
          builder.key("id")
          builder.string(id)
          builder.key("purpose")
          builder.string(purpose)
          builder.key("granted")
          builder.bool(!withdraw)
          builder.end()
        }.json)
    }
  }
}

struct EraseProfile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Remove a person's events, profile and consents for good, and print a receipt.",
    discussion: """
      The person's events are refused from then on. Profiles and models that were written before are to be made anew.

      Example:
        bespoke profiles erase 17850 --database shop.db > receipt.json
      """)

  @Argument(help: "The person's id.")
  var id: String

  @OptionGroup var database: DatabaseArguments

  @Flag(help: "Print what is wrong as JSON too; the receipt always is.")
  var json = false

  func run() throws {
    try reportingErrors(json: json) {
      print(try database.open().erase(id, at: Int64(time(nil)) * 1000).json)
    }
  }
}
