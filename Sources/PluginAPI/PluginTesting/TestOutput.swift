import CPluginABI
import PluginAPI
import Synchronization

/// What one request writes: the target of a `bespoke_out` pointer.
final class TestOutput: @unchecked Sendable {
  // The contract lets only the thread of the call write; `isOver` is atomic. Hence the unchecked conformance.
  private(set) var slots: [String: TestResult.Slot] = [:]
  private(set) var notes: [TestResult.Note] = []
  private(set) var failure: PluginError?
  private let ports: [String: PluginInfo.Kind]
  private let misuses: Misuses
  private let cancelAfter: Int?
  private var polls = 0
  private let isOver = Atomic<Bool>(false)
  private var openPort: String?
  private var json = ""
  private var nesting: [Nesting] = []

  private struct Nesting {
    let isObject: Bool
    var isEmpty = true
    var hasKey = false
  }

  /// - Parameters:
  ///   - ports: kind of each port by its name.
  ///   - cancelAfter: how often `cancelled` answers no before it answers yes; nil for always no.
  init(ports: [String: PluginInfo.Kind], misuses: Misuses, cancelAfter: Int? = nil) {
    self.ports = ports
    self.misuses = misuses
    self.cancelAfter = cancelAfter
  }

  var pointer: OpaquePointer { OpaquePointer(Unmanaged.passUnretained(self).toOpaque()) }

  /// The output behind a pointer, or nil once its call has returned.
  static func find(_ out: OpaquePointer?) -> TestOutput? {
    guard let out else { return nil }
    let output = Unmanaged<TestOutput>.fromOpaque(UnsafeRawPointer(out)).takeUnretainedValue()
    guard !output.isOver.load(ordering: .acquiring) else {
      output.misuses.add("an output was used after the call that lent it had returned")
      return nil
    }
    return output
  }

  /// Ends the loan; a structure that was left open is a fault.
  func finish() {
    if openPort != nil { _ = refuse(.internal, "a structured slot was opened and never completed") }
    isOver.store(true, ordering: .releasing)
  }

  // MARK: What the sink calls

  func write(_ port: String, _ text: String, appending: Bool) -> bespoke_status {
    guard let kind = ports[port], Self.texts.contains(kind) else { return wrongPort(port, "wrote text to") }
    if appending, case .text(let before) = slots[port] {
      slots[port] = .text(before + text)
    } else {
      slots[port] = .text(text)
    }
    return statusOK
  }

  func bytes(_ port: String, _ mediaType: String, _ content: [UInt8]) -> bespoke_status {
    guard ports[port] == .media else { return wrongPort(port, "wrote bytes to") }
    slots[port] = .media(type: mediaType, bytes: content)
    return statusOK
  }

  func open(_ port: String, _ kind: String) -> bespoke_status {
    guard let declared = ports[port], declared.rawValue == kind, declared != .media,
      !Self.texts.contains(declared)
    else { return wrongPort(port, "opened '\(kind)' on") }
    guard openPort == nil else { return outOfOrder("a structured slot is still open") }
    openPort = port
    json = ""
    return statusOK
  }

  func add(_ text: String) -> bespoke_status {
    let status = beginValue()
    guard status == statusOK else { return status }
    json += text
    completeIfWhole()
    return statusOK
  }

  func begin(isObject: Bool) -> bespoke_status {
    let status = beginValue()
    guard status == statusOK else { return status }
    json += isObject ? "{" : "["
    nesting.append(Nesting(isObject: isObject))
    return statusOK
  }

  func key(_ key: String) -> bespoke_status {
    guard openPort != nil, let top = nesting.last, top.isObject, !top.hasKey else {
      return outOfOrder("a key stands only before a member of an object")
    }
    json += (top.isEmpty ? "" : ",") + JSONWriter.string(key) + ":"
    nesting[nesting.count - 1].hasKey = true
    nesting[nesting.count - 1].isEmpty = false
    return statusOK
  }

  func end() -> bespoke_status {
    guard openPort != nil, let top = nesting.last, !top.hasKey else {
      return outOfOrder("nothing is open that could end here")
    }
    nesting.removeLast()
    json += top.isObject ? "}" : "]"
    completeIfWhole()
    return statusOK
  }

  func note(_ port: String, _ key: String, _ value: String) -> bespoke_status {
    guard ports[port] != nil else { return wrongPort(port, "noted '\(key)' of") }
    notes.append(TestResult.Note(port: port, key: key, value: value))
    return statusOK
  }

  /// Keeps the first failure, as the real host does.
  func fail(_ code: bespoke_status, _ field: String, _ message: String) {
    if failure == nil {
      failure = PluginError(PluginError.Code(rawValue: code) ?? .internal, field: field, message)
    }
  }

  func isCancelled() -> Bool {
    polls += 1
    return cancelAfter.map { polls > $0 } ?? false
  }

  // MARK: Inside

  private func beginValue() -> bespoke_status {
    guard openPort != nil else { return outOfOrder("no structured slot is open") }
    guard let top = nesting.last else { return statusOK }
    if top.isObject {
      guard top.hasKey else { return outOfOrder("a member needs a key before its value") }
      nesting[nesting.count - 1].hasKey = false
    } else {
      if !top.isEmpty { json += "," }
      nesting[nesting.count - 1].isEmpty = false
    }
    return statusOK
  }

  private func completeIfWhole() {
    guard nesting.isEmpty, let port = openPort else { return }
    slots[port] = .json(json)
    openPort = nil
  }

  private static let texts: Set<PluginInfo.Kind> = [.text, .html, .url, .xml]

  private func wrongPort(_ port: String, _ did: String) -> bespoke_status {
    func shown(_ port: String) -> String { port.isEmpty ? "its own slot" : "the port '\(port)'" }
    let why: String
    if let kind = ports[port] {
      let calls = Self.texts.contains(kind) ? "'write' and 'append'" : kind == .media ? "'bytes'" : "'open'"
      why = "is declared as '\(kind.rawValue)' and written with \(calls)"
    } else {
      let declared = ports.sorted { $0.key < $1.key }.map { "\(shown($0.key)) ('\($0.value.rawValue)')" }
      why = "'describe' does not declare; it declares \(declared.joined(separator: ", "))"
    }
    return refuse(.unsupported, "\(did) \(shown(port)), which \(why)")
  }

  private func outOfOrder(_ detail: String) -> bespoke_status {
    refuse(.input, "structured output out of order: \(detail)")
  }

  private func refuse(_ code: PluginError.Code, _ message: String) -> bespoke_status {
    fail(PluginError.Code.internal.rawValue, "", message)
    return code.rawValue
  }
}

let statusOK = bespoke_status(BESPOKE_OK.rawValue)
