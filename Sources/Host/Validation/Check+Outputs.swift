import CPluginABI
import Core
import Markup

// What a plugin writes.
extension Check {
  static let statuses = Check(name: "statuses") { context in
    let probe = try context.probe()
    let (plain, documents) = try context.requests(16)
    let empty = Document { OddValue.emptyObject($0) }
    let requests = plain + [Probe.Request(brief: empty.root, seed: 1)]
    let (whole, answers) = probe.process(requests)
    withExtendedLifetime((documents, empty)) {}
    guard Status(rawValue: whole) != nil else { throw Fault("process answered \(statusName(whole))") }
    if whole != Status.ok.rawValue { throw Fault("a batch of \(answers.count) failed whole: \(statusName(whole))") }
    for (index, answer) in answers.enumerated() {
      if answer.status == Status.unset {
        throw Fault("process did not set the status of item \(index) of \(answers.count)")
      }
      guard let status = Status(rawValue: answer.status) else {
        throw Fault("process set the status of item \(index) to \(statusName(answer.status))")
      }
      if status == .ok, answer.misuses == 0, let failure = answer.failure {
        throw Fault(
          "item \(index) answered ok after it had called fail: \(failure)",
          help: "answer the status that fail was given, or do not call fail")
      }
      if status != .ok, status != .skip, answer.failure?.isEmpty != false {
        throw Fault("item \(index) failed with \(status) and without a message", help: "call fail before that status")
      }
    }
    return "one for each item"
  }

  static let ports = Check(name: "ports") { context in
    try eachAnswer(context) { answer in
      if answer.misuse(.port) {
        throw Fault(
          answer.failure ?? "wrote to a port that is not declared", help: "list it under 'writes', with its kind")
      }
    }
    return "only what 'describe' lists"
  }

  static let outputs = Check(name: "outputs") { context in
    let ports = try context.plugin().description.writes
    try eachAnswer(context) { answer in
      if answer.misuse(.encoding) { throw Fault("wrote text that is not UTF-8") }
      if answer.misuse(.order) || answer.misuse(.size) { throw Fault(answer.failure ?? "misused the sink") }
      for (port, content) in zip(ports, answer.contents) {
        guard let content, let fault = fault(in: content, kind: port.kind) else { continue }
        throw Fault("\(port.name.isEmpty ? "its own slot" : "the port '\(port.name)'") holds \(fault)")
      }
    }
    return "well-formed"
  }

  /// Calls a body with the answers to plain briefs and to briefs that lack everything.
  private static func eachAnswer(_ context: CheckContext, _ body: (Probe.Answer) throws -> Void) throws {
    let probe = try context.probe()
    let (requests, documents) = try context.requests(32)
    let empty = Document { OddValue.emptyObject($0) }
    let trial = try context.trial()
    let plain = Probe.Request(brief: trial.brief.root, seed: 1)
    for answer in probe.process([plain] + requests + [Probe.Request(brief: empty.root, seed: 1)]).answers {
      try body(answer)
    }
    withExtendedLifetime((documents, empty)) {}
  }

  private static func fault(in content: String, kind: SlotKind) -> String? {
    switch kind {
    case .text, .html, .media: return nil
    case .url:
      return content.utf8.contains { $0 <= 0x20 || $0 == 0x7F } ? "a url with blanks: '\(content.prefix(60))'" : nil
    case .xml:
      do { try XMLCheck.text(content, named: "xml") } catch { return "xml that is not well-formed: \(error.detail)" }
      return nil
    case .json, .number, .products, .candidates:
      guard let document = try? Document(json: content) else { return "text that is not JSON" }
      return withExtendedLifetime(document) { fault(in: document.root, kind: kind) }
    }
  }

  private static func fault(in value: Value, kind: SlotKind) -> String? {
    switch kind {
    case .number: return value.double == nil ? "\(value.kind), expected a number" : nil
    case .products, .candidates:
      guard value.kind == .array else { return "\(value.kind), expected an array" }
      let key = kind == .products ? "id" : "text"
      let odd = value.elements.firstIndex { $0[key].kind != .string }
      return odd.map { "an element without '\(key)' at index \($0)" }
    default: return nil
    }
  }
}

extension Probe.Answer {
  func misuse(_ misuse: OutputItem.Misuse) -> Bool { OutputItem.Misuse(rawValue: misuses).contains(misuse) }
}
