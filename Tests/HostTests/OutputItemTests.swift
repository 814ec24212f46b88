import CPluginABI
import Core
import Testing

@testable import Host

/// What a plugin may write, and what the host makes of it; driven through the sink functions that plugins call.
struct OutputItemTests {
  private let sink = SinkTable.table.pointee
  private let texts = DocumentBuilder()

  private func item(limit: Int = 1000) throws -> OutputItem {
    let description = try PluginDescription(
      json: #"{"config":{},"writes":[{"kind":"text"},{"name":"more","kind":"json"},{"name":"pic","kind":"media"}]}"#,
      file: "test")
    return OutputItem(ports: description.writes, texts: texts, limit: limit, isCancelled: { false })
  }

  private func str(_ text: StaticString) -> bespoke_str { bespoke_str(text) }

  private func text(_ item: OutputItem, _ port: Int) -> String? {
    switch item.contents[port] {
    case .text(let range), .media(let range, _): String(decoding: texts.text(at: range), as: UTF8.self)
    case .structure(let value): value.json
    case .none: nil
    }
  }

  @Test func textIsReplacedOrAppended() throws {
    let item = try item()
    #expect(sink.write(item.pointer, str(""), str("one")) == 0)
    #expect(sink.append(item.pointer, str(""), str(" two")) == 0)
    #expect(text(item, 0) == "one two")
    #expect(sink.write(item.pointer, str(""), str("three")) == 0)
    #expect(text(item, 0) == "three")
  }

  @Test func appendingToTwoItemsInTurnsKeepsThemApart() throws {
    let one = try item()
    let two = try item()
    for part in ["a", "b", "c"] as [StaticString] {
      _ = sink.append(one.pointer, str(""), str(part))
      _ = sink.append(two.pointer, str(""), str("-"))
    }
    #expect(text(one, 0) == "abc")
    #expect(text(two, 0) == "---")
  }

  @Test func invalidUTF8IsReplaced() throws {
    let item = try item()
    let bytes: [UInt8] = [0x61, 0xFF, 0x62]
    _ = bytes.withUnsafeBufferPointer { sink.write(item.pointer, str(""), bespoke_str($0)) }
    #expect(text(item, 0) == "a\u{FFFD}b")
  }

  @Test func structuresAreBuiltInReadingOrder() throws {
    let item = try item()
    let out = item.pointer
    #expect(sink.open(out, str("more"), str("json")) == 0)
    #expect(sink.object(out) == 0)
    #expect(sink.key(out, str("list")) == 0)
    #expect(sink.array(out) == 0)
    #expect(sink.i64(out, 7) == 0)
    #expect(sink.f64(out, 0.5) == 0)
    #expect(sink.boolean(out, 1) == 0)
    #expect(sink.null(out) == 0)
    #expect(sink.str(out, str("x")) == 0)
    #expect(sink.end(out) == 0)
    #expect(sink.end(out) == 0)
    item.finish()
    #expect(text(item, 1) == #"{"list":[7,0.5,true,null,"x"]}"#)
    #expect(item.failure == nil)
  }

  @Test func valuesAreCopiedWhole() throws {
    let item = try item()
    let document = try Document(json: #"{"price":12.50,"tags":["a"]}"#)
    _ = sink.open(item.pointer, str("more"), str("json"))
    _ = withExtendedLifetime(document) { sink.value(item.pointer, document.root.raw) }
    #expect(text(item, 1) == #"{"price":12.50,"tags":["a"]}"#)
  }

  @Test func whatIsOutOfOrderIsRefusedAndRemembered() throws {
    for misuse in 0..<6 {
      let item = try item()
      let out = item.pointer
      switch misuse {
      case 0: _ = sink.end(out)
      case 1: _ = sink.key(out, str("k"))
      case 2: _ = sink.i64(out, 1)
      case 3:
        _ = sink.open(out, str("more"), str("json"))
        _ = sink.object(out)
        _ = sink.i64(out, 1)
      case 4:
        _ = sink.open(out, str("more"), str("json"))
        _ = sink.open(out, str("more"), str("json"))
      default:
        _ = sink.open(out, str("more"), str("json"))
        _ = sink.array(out)
      }
      item.finish()
      #expect(item.failure?.code == .internal, "misuse \(misuse)")
    }
  }

  @Test func undeclaredPortsAndKindsAreRefused() throws {
    let item = try item()
    #expect(sink.write(item.pointer, str("other"), str("x")) == Status.unsupported.rawValue)
    #expect(sink.write(item.pointer, str("more"), str("x")) == Status.unsupported.rawValue)
    #expect(sink.open(item.pointer, str("more"), str("number")) == Status.unsupported.rawValue)
    #expect(
      item.failure?.message
        == "wrote text to the port 'other', which 'describe' does not declare; it declares its own slot ('text'), "
        + "the port 'more' ('json'), the port 'pic' ('media')")
  }

  @Test func aPortOfAnotherKindIsNamedWithTheCallsThatWriteIt() throws {
    let item = try item()
    _ = sink.write(item.pointer, str("pic"), str("x"))
    #expect(
      item.failure?.message
        == "wrote text to the port 'pic', which is declared as 'media' and written with 'bytes'")
    let media = try self.item()
    #expect(sink.open(media.pointer, str("pic"), str("media")) == Status.unsupported.rawValue)
  }

  @Test func notesAndLevelsHaveLimitsThatFailTheItem() throws {
    let notes = try item()
    for _ in 0..<64 { #expect(sink.note(notes.pointer, str(""), str("k"), str("v")) == 0) }
    #expect(notes.failure == nil)
    #expect(sink.note(notes.pointer, str(""), str("k"), str("v")) == Status.resource.rawValue)
    #expect(notes.failure?.code == .resource)
    let levels = try item(limit: 1 << 20)
    _ = sink.open(levels.pointer, str("more"), str("json"))
    for _ in 0..<256 { #expect(sink.array(levels.pointer) == 0) }
    #expect(sink.array(levels.pointer) == Status.resource.rawValue)
    #expect(levels.failure?.message == "nested a structured slot deeper than 256 levels")
  }

  @Test func aStructureThatWasTooMuchLeavesRoomForTheNextItem() throws {
    let item = try item(limit: 1 << 21)
    let text = String(repeating: "a", count: 1 << 20)
    func add() -> bespoke_status {
      var text = text
      return text.withUTF8 { sink.str(item.pointer, bespoke_str($0)) }
    }
    for _ in 0..<2 {
      #expect(sink.open(item.pointer, str("more"), str("json")) == 0)
      #expect(sink.array(item.pointer) == 0)
      #expect(add() == 0)
      #expect(add() == Status.resource.rawValue)
      #expect(item.failure?.message == "wrote more than 2097152 bytes to the port 'more'")
      item.reset()
    }
  }

  @Test func tooMuchOutputIsRefused() throws {
    let item = try item(limit: 4)
    #expect(sink.write(item.pointer, str(""), str("12345")) == Status.resource.rawValue)
    #expect(sink.write(item.pointer, str(""), str("1234")) == 0)
    #expect(sink.append(item.pointer, str(""), str("5")) == Status.resource.rawValue)
  }

  @Test func mediaKeepsItsBytes() throws {
    let item = try item()
    let bytes: [UInt8] = [0, 255, 1]
    _ = bytes.withUnsafeBufferPointer { sink.bytes(item.pointer, str("pic"), str("image/png"), $0.baseAddress, 3) }
    guard case .media(let range, let type) = item.contents[2] else {
      Issue.record("no media")
      return
    }
    #expect(Array(texts.text(at: range)) == bytes)
    #expect(type == "image/png")
  }

  @Test func theFirstFailureIsKept() throws {
    let item = try item()
    sink.fail(item.pointer, Status.input.rawValue, str("product.price"), str("is missing"))
    sink.fail(item.pointer, Status.internal.rawValue, str(""), str("and then"))
    #expect(item.failure?.field == "product.price")
    #expect(item.failure?.code == .input)
  }

  @Test func anUnknownStatusIsInternal() {
    #expect(Status(abi: 99) == .internal)
    #expect(Status(abi: -1) == .internal)
  }
}
