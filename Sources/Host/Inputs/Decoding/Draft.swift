import Core

/// A record in the making: what will be written once nothing of the row is read any more.
///
/// Values of the row are only pointed at, so that the builder that holds them may grow while the record is written.
struct Draft: ~Copyable {
  private enum Piece {
    case beginObject, beginArray, end
    case key(start: Int, count: Int)
    case fieldKey(Int)
    case text(start: Int, count: Int)
    case number(start: Int, count: Int)
    case truth(Bool)
    case source(Value)
    case sourceKey(Value, Int)
  }

  private var pieces: [Piece] = []
  private var text = ByteBuffer(capacity: 4096)

  /// How many pieces there are; `drop(to:)` takes back what was added since.
  var mark: Int { pieces.count }

  mutating func removeAll() {
    pieces.removeAll(keepingCapacity: true)
    text.removeAll()
  }

  mutating func drop(to mark: Int) { pieces.removeSubrange(mark...) }

  mutating func beginObject() { pieces.append(.beginObject) }
  mutating func beginArray() { pieces.append(.beginArray) }
  mutating func end() { pieces.append(.end) }
  mutating func truth(_ truth: Bool) { pieces.append(.truth(truth)) }

  /// Adds the key of the field at an index of the map.
  mutating func key(ofField index: Int) { pieces.append(.fieldKey(index)) }

  mutating func key(_ key: [UInt8]) {
    let start = text.count
    key.withUnsafeBufferPointer { text.append($0) }
    pieces.append(.key(start: start, count: key.count))
  }

  mutating func key(_ key: UnsafeBufferPointer<UInt8>) {
    pieces.append(.key(start: text.count, count: key.count))
    text.append(key)
  }

  mutating func string(_ bytes: UnsafeBufferPointer<UInt8>) {
    pieces.append(.text(start: text.count, count: bytes.count))
    text.append(bytes)
  }

  mutating func string(_ string: String) {
    var string = string
    string.withUTF8 { self.string($0) }
  }

  mutating func number(_ decimal: Decimal) {
    let start = text.count
    decimal.write(to: &text)
    pieces.append(.number(start: start, count: text.count - start))
  }

  mutating func number(_ bytes: [UInt8]) {
    let start = text.count
    bytes.withUnsafeBufferPointer { text.append($0) }
    pieces.append(.number(start: start, count: bytes.count))
  }

  /// Adds a value that lies on the builder's tape already.
  mutating func source(_ value: Value) { pieces.append(.source(value)) }

  /// Adds the key of a member of an object on the builder's tape.
  mutating func sourceKey(of object: Value, at index: Int) { pieces.append(.sourceKey(object, index)) }

  func write(to builder: DocumentBuilder, fields: [PlannedField]) {
    for piece in pieces {
      switch piece {
      case .beginObject: builder.beginObject()
      case .beginArray: builder.beginArray()
      case .end: builder.end()
      case .key(let start, let count): builder.key(view(start, count))
      case .fieldKey(let index): fields[index].key.withUnsafeBufferPointer { builder.key($0) }
      case .text(let start, let count): builder.string(view(start, count))
      case .number(let start, let count): builder.number(view(start, count))
      case .truth(let truth): builder.bool(truth)
      case .source(let value): builder.reuse(value)
      case .sourceKey(let object, let index): builder.reuseKey(of: object, at: index)
      }
    }
  }

  private func view(_ start: Int, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: text.view[start..<start + count])
  }
}
