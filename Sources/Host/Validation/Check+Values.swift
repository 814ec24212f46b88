import CPluginABI
import Core

// What a plugin makes of options and briefs that nobody expects.
extension Check {
  static let create = Check(name: "create", needsInstance: false) { context in
    _ = try context.probe()
    let options = try context.trial().options.json
    return options == "{}" ? "without options" : "with \(options.prefix(60))"
  }

  static let options = Check(name: "options") { context in
    let trial = try context.trial()
    let misfits = trial.plugin.description.schema.misfits()
    let start = monotonicNanoseconds()
    for (index, (words, options)) in misfits.enumerated() {
      // A plugin whose instances take long is shown fewer, rather than killed.
      if Double(monotonicNanoseconds() - start) > context.seconds * 0.6e9 {
        return "\(index) of \(misfits.count) that do not fit the schema, in the time there was"
      }
      context.note("with \(words)")
      switch Probe.make(plugin: trial.plugin, options: options.root, keeping: options, resources: trial.resources) {
      case .success(let probe): _ = probe.process([Probe.Request(brief: trial.brief.root, seed: 1)])
      case .failure(let refusal):
        // What a file's name leads to, the host itself may have said first.
        guard [.config, .input, .resource, .unsupported].contains(Status(rawValue: refusal.status)) else {
          throw Fault("with \(words), \(refusal.words), expected config")
        }
        guard refusal.failure?.message.isEmpty == false else {
          throw Fault(
            "with \(words), create answered \(statusName(refusal.status)) without a message",
            help: "call fail on 'errors' first")
        }
      }
    }
    return "\(misfits.count) that do not fit the schema"
  }

  static let oddValues = Check(name: "odd-values") { context in
    let trial = try context.trial()
    let probe = try trial.probe()
    var count = 0
    func attempt(_ words: String, _ brief: Value) throws {
      context.note("with \(words)")
      count += 1
      let (whole, answers) = probe.process([Probe.Request(brief: brief, seed: UInt64(count))])
      let status = whole == Status.ok.rawValue ? answers.first?.status ?? whole : whole
      guard status != Status.internal.rawValue else {
        throw Fault(
          "with \(words), process answered internal: \(answers.first?.failure ?? "without a message")",
          help: "internal means a bug of the plugin; for a brief that it cannot use it answers input")
      }
    }
    try attempt("no brief at all", .missing)
    let paths = OddValue.paths(of: trial.brief.root)
    for path in paths {
      let name = path.isEmpty ? "the brief" : "'\(path.joined(separator: "."))'"
      for odd in OddValue.all {
        let brief = Document { OddValue.copy(trial.brief.root, to: $0, replacing: path[...], by: odd) }
        try attempt("\(name) being \(odd.words)", brief.root)
        withExtendedLifetime(brief) {}
      }
      let without = Document { OddValue.copy(trial.brief.root, to: $0, replacing: path[...], by: nil) }
      try attempt("\(name) missing", without.root)
      withExtendedLifetime(without) {}
    }
    // Several at once, by the seed.
    var random = context.random
    for round in 0..<100 {
      var brief = trial.brief
      var words: [String] = []
      for _ in 0..<3 {
        let paths = OddValue.paths(of: brief.root).dropFirst()
        guard !paths.isEmpty else { break }
        let path = paths[paths.startIndex + Int(random.next() % UInt64(paths.count))]
        let odd = OddValue.all[Int(random.next() % UInt64(OddValue.all.count))]
        brief = Document { [brief] in OddValue.copy(brief.root, to: $0, replacing: path[...], by: odd) }
        words.append("'\(path.joined(separator: "."))' being \(odd.words)")
      }
      try attempt("\(words.joined(separator: " and ")) (round \(round))", brief.root)
      withExtendedLifetime(brief) {}
    }
    return "\(count) briefs"
  }

  static let selfTest = Check(name: "self-test") { context in
    let trial = try context.trial()
    let tests = trial.plugin.selfTests
    guard !tests.isEmpty else { throw Skip(detail: "offers no 'bespoke.self-test/1'") }
    for test in tests {
      context.note("in the case '\(test.name)'")
      func document(_ text: String, _ what: String) throws -> Document {
        do { return try Document(json: text) } catch {
          throw Fault("case '\(test.name)': its \(what) is not JSON: \(error)")
        }
      }
      let options = try document(test.config, "config")
      let brief = try document(test.brief, "brief")
      let expected = try document(test.expect, "expectation")
      let made = Probe.make(plugin: trial.plugin, options: options.root, keeping: options, resources: trial.resources)
      guard case .success(let probe) = made else {
        if case .failure(let refusal) = made { throw Fault("case '\(test.name)': \(refusal.words)") }
        continue
      }
      let (_, answers) = probe.process([Probe.Request(brief: brief.root, seed: test.seed)])
      for index in 0..<expected.root.count {
        let name = String(decoding: expected.root.key(at: index), as: UTF8.self)
        let port = trial.plugin.description.writes.firstIndex { $0.name == name }
        let found = port.flatMap { answers.first?.contents[$0] }
        guard found != expected.root[index].string else { continue }
        throw Fault(
          "case '\(test.name)', port '\(name)': expected \(expected.root[index].json), "
            + "got \(found.map { "'\($0)'" } ?? answers.first?.failure ?? "nothing")")
      }
    }
    return "\(tests.count) cases"
  }
}
