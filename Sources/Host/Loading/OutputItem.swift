import CPluginABI
import Core

/// What one request has written: the target of a `bespoke_out` pointer.
///
/// Used by one thread at a time.
final class OutputItem {
  /// What lies in a port.
  enum Content {
    case none
    /// Place of the text in the shared builder.
    case text(Range<Int>)
    case structure(Value)
    case media(Range<Int>, type: String)
  }

  struct Note {
    let port: Int
    let key: String
    let value: String
  }

  struct Failure {
    let code: Status
    let field: String
    let message: String
  }

  /// What a plugin did against the contract of the sink.
  struct Misuse: OptionSet {
    let rawValue: UInt8
    /// A port or kind that `describe` does not list.
    static let port = Misuse(rawValue: 1)
    /// Structured calls out of order, or a structure left open.
    static let order = Misuse(rawValue: 2)
    /// More than a slot may hold.
    static let size = Misuse(rawValue: 4)
    /// Text that is not UTF-8.
    static let encoding = Misuse(rawValue: 8)
  }

  let ports: [PluginDescription.Port]
  private let names: [[UInt8]]
  private(set) var contents: [Content]
  private(set) var notes: [Note] = []
  private(set) var failure: Failure?
  private(set) var misuses: Misuse = []
  private let texts: DocumentBuilder
  private let limit: Int
  private let isCancelled: () -> Bool
  /// Structured slots are built apart, as items of a batch may be written in turns.
  private var structures: DocumentBuilder?
  private var openPort: Int?
  /// How much `structures` held when the slot was opened.
  private var sizeAtOpen = 0
  private var nesting: [Nesting] = []

  private struct Nesting {
    let isObject: Bool
    var hasKey = false
  }

  /// - Parameters:
  ///   - texts: where the text of all items of a batch goes; the caller resets it.
  ///   - limit: bytes that one slot may hold.
  init(
    ports: [PluginDescription.Port], texts: DocumentBuilder, limit: Int, isCancelled: @escaping () -> Bool
  ) {
    self.ports = ports
    names = ports.map { Array($0.name.utf8) }
    contents = Array(repeating: .none, count: ports.count)
    self.texts = texts
    self.limit = limit
    self.isCancelled = isCancelled
  }

  var pointer: OpaquePointer { OpaquePointer(Unmanaged.passUnretained(self).toOpaque()) }

  /// Forgets what was written.
  func reset() {
    for index in contents.indices { contents[index] = .none }
    if !notes.isEmpty { notes.removeAll(keepingCapacity: true) }
    failure = nil
    misuses = []
    if openPort != nil || !nesting.isEmpty {
      openPort = nil
      nesting.removeAll()
      structures?.abandonRoot()
    }
    structures?.reset()
  }

  /// Completes the item: a structure that was left open is a fault.
  func finish() {
    guard openPort != nil else { return }
    misuses.insert(.order)
    fail(.internal, "", "a structured slot was opened and never completed")
  }

  // MARK: What the sink calls

  func write(_ slot: bespoke_str, _ text: bespoke_str, append: Bool) -> bespoke_status {
    guard let port = port(slot), ports[port].kind.isText else { return wrongPort(slot, "wrote text to") }
    let text = text.buffer
    var range: Range<Int>
    if append, case .text(let before) = contents[port] {
      guard before.count + text.count <= limit else { return tooMuch(port) }
      range = appendValid(text, after: before)
    } else {
      guard text.count <= limit else { return tooMuch(port) }
      range = appendValid(text, after: nil)
    }
    if ports[port].kind == .url { range = trimmed(range) }
    contents[port] = .text(range)
    return Status.ok.rawValue
  }

  func bytes(_ slot: bespoke_str, _ type: bespoke_str, _ bytes: UnsafeBufferPointer<UInt8>) -> bespoke_status {
    guard let port = port(slot), ports[port].kind == .media else { return wrongPort(slot, "wrote bytes to") }
    guard bytes.count <= limit else { return tooMuch(port) }
    contents[port] = .media(texts.appendText(bytes), type: type.string)
    return Status.ok.rawValue
  }

  func open(_ slot: bespoke_str, _ kind: bespoke_str) -> bespoke_status {
    guard let port = port(slot), ports[port].kind.isStructured, ports[port].kind.rawValue == kind.string else {
      return wrongPort(slot, "opened '\(kind.string)' on")
    }
    guard openPort == nil else { return outOfOrder("a structured slot is still open") }
    if structures == nil { structures = DocumentBuilder() }
    openPort = port
    sizeAtOpen = structures?.size ?? 0
    return Status.ok.rawValue
  }

  /// Adds a value to the open structure, wherever one may stand.
  ///
  /// - Parameter bytes: how much text the value brings.
  func add(bytes: Int = 0, _ body: (DocumentBuilder) -> Void) -> bespoke_status {
    guard let builder = structures, let port = openPort else { return outOfOrder("no structured slot is open") }
    if let top = nesting.last, top.isObject, !top.hasKey { return outOfOrder("a member needs a key before its value") }
    if !nesting.isEmpty { nesting[nesting.count - 1].hasKey = false }
    guard builder.size - sizeAtOpen + bytes <= limit else { return tooMuch(port) }
    body(builder)
    completeIfWhole()
    return Status.ok.rawValue
  }

  func string(_ text: bespoke_str) -> bespoke_status {
    add(bytes: text.len) { builder in lendValid(text.buffer) { builder.string($0) } }
  }

  func begin(isObject: Bool) -> bespoke_status {
    guard nesting.count < 256 else { return overLimit("nested a structured slot deeper than 256 levels") }
    let status = add { isObject ? $0.beginObject() : $0.beginArray() }
    // `add` cannot complete the slot here: the container is open.
    if status == Status.ok.rawValue { nesting.append(Nesting(isObject: isObject)) }
    return status
  }

  func key(_ key: bespoke_str) -> bespoke_status {
    guard let builder = structures, let port = openPort, let top = nesting.last, top.isObject, !top.hasKey else {
      return outOfOrder("a key stands only before a member of an object")
    }
    guard builder.size - sizeAtOpen + key.len <= limit else { return tooMuch(port) }
    lendValid(key.buffer) { builder.key($0) }
    nesting[nesting.count - 1].hasKey = true
    return Status.ok.rawValue
  }

  func end() -> bespoke_status {
    guard let builder = structures, let top = nesting.last, !top.hasKey else {
      return outOfOrder("nothing is open that could end here")
    }
    nesting.removeLast()
    builder.end()
    completeIfWhole()
    return Status.ok.rawValue
  }

  func note(_ slot: bespoke_str, _ key: bespoke_str, _ value: bespoke_str) -> bespoke_status {
    guard let port = port(slot) else { return wrongPort(slot, "noted '\(key.string)' of") }
    guard notes.count < 64 else { return overLimit("made more than 64 notes") }
    guard value.len <= 65536 else {
      return overLimit("made a note '\(key.string)' of \(value.len) bytes, at most 65536 are taken")
    }
    notes.append(Note(port: port, key: key.string, value: value.string))
    return Status.ok.rawValue
  }

  /// Keeps the first failure; what follows from it says less.
  func fail(_ code: Status, _ field: String, _ message: String) {
    if failure == nil { failure = Failure(code: code, field: field, message: message) }
  }

  var cancelled: Bool { isCancelled() }

  // MARK: Inside

  private func completeIfWhole() {
    guard nesting.isEmpty, let port = openPort, let builder = structures, builder.isRootWhole else { return }
    contents[port] = .structure(builder.finishRoot())
    openPort = nil
  }

  private func port(_ slot: bespoke_str) -> Int? {
    let name = slot.buffer
    return names.firstIndex { $0.count == name.count && $0.elementsEqual(name) }
  }

  private func appendValid(_ text: UnsafeBufferPointer<UInt8>, after before: Range<Int>?) -> Range<Int> {
    let start: Int
    if let before, before.upperBound == texts.byteCount {
      start = before.lowerBound
    } else if let before {
      start = texts.appendCopy(of: before).lowerBound
    } else {
      start = texts.byteCount
    }
    lendValid(text) { _ = texts.appendText($0) }
    return start..<texts.byteCount
  }

  private func lendValid(_ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    if UTF8Check.isValid(text) { return body(text) }
    misuses.insert(.encoding)
    withValidUTF8(text, body)
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    let text = texts.text(at: range)
    var lower = 0
    var upper = text.count
    while lower < upper, text[lower] <= 0x20 { lower += 1 }
    while upper > lower, text[upper - 1] <= 0x20 { upper -= 1 }
    return range.lowerBound + lower..<range.lowerBound + upper
  }

  private func shown(_ port: String) -> String { port.isEmpty ? "its own slot" : "the port '\(port)'" }

  private func wrongPort(_ slot: bespoke_str, _ did: String) -> bespoke_status {
    misuses.insert(.port)
    let why: String
    if let port = port(slot) {
      why = "is declared as '\(ports[port].kind.rawValue)' and written with \(ports[port].kind.calls)"
    } else {
      let declared = ports.map { "\(shown($0.name)) ('\($0.kind.rawValue)')" }
      why = "'describe' does not declare; it declares \(declared.joined(separator: ", "))"
    }
    fail(.internal, "", "\(did) \(shown(slot.string)), which \(why)")
    return Status.unsupported.rawValue
  }

  private func tooMuch(_ port: Int) -> bespoke_status {
    overLimit("wrote more than \(limit) bytes to \(shown(ports[port].name))")
  }

  private func overLimit(_ detail: String) -> bespoke_status {
    misuses.insert(.size)
    fail(.resource, "", detail)
    return Status.resource.rawValue
  }

  private func outOfOrder(_ detail: String) -> bespoke_status {
    misuses.insert(.order)
    fail(.internal, "", "structured output out of order: \(detail)")
    return Status.input.rawValue
  }
}

/// Lends the text, with invalid UTF-8 replaced by U+FFFD.
func withValidUTF8(_ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
  if UTF8Check.isValid(text) { return body(text) }
  var repaired = String(decoding: text, as: UTF8.self)
  repaired.withUTF8(body)
}
