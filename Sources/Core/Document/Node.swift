/// One entry of a document's tape: 16 bytes, addressed by its 32-bit index.
///
/// | tag | count | payload |
/// |---|---|---|
/// | null | 0 | 0 |
/// | boolean | 0 | 0 or 1 |
/// | integer, double, string | bytes of text | offset of the text in the document's bytes |
/// | array | elements | index of the first element; the others follow |
/// | object | members | index of the first key; then value, key, value ... |
/// | link | node in the other document | address of the other document's header |
@usableFromInline
@frozen
struct Node: BitwiseCopyable {
  @usableFromInline var tag: Tag
  @usableFromInline var count: UInt32
  @usableFromInline var payload: UInt64

  @inlinable
  init(_ tag: Tag, count: Int = 0, payload: UInt64 = 0) {
    self.tag = tag
    self.count = UInt32(truncatingIfNeeded: count)
    self.payload = payload
  }

  /// The numbers of `bespoke_type`, and `link`, which no reader ever sees.
  @usableFromInline
  @frozen
  enum Tag: UInt32, BitwiseCopyable {
    case null = 1
    case boolean
    case integer
    case double
    case string
    case array
    case object
    case link
  }
}

/// What a `bespoke_doc` pointer points at.
///
/// The tape and the bytes are found by their distance from the header itself, so that a document can be written to
/// a file, mapped at any address and read in place.
@usableFromInline
@frozen
struct DocumentHeader: BitwiseCopyable {
  /// From the header to node 0 and to byte 0, in bytes.
  @usableFromInline var nodes: Int
  @usableFromInline var bytes: Int
}

extension UnsafePointer<DocumentHeader> {
  @inlinable @inline(__always)
  init(document: OpaquePointer) { self = UnsafeRawPointer(document).assumingMemoryBound(to: DocumentHeader.self) }

  @inlinable @inline(__always)
  func node(_ index: UInt32) -> UnsafePointer<Node> {
    (UnsafeRawPointer(self) + pointee.nodes).assumingMemoryBound(to: Node.self) + Int(index)
  }

  /// The text of a string or number node.
  @inlinable @inline(__always)
  func text(of node: UnsafePointer<Node>) -> UnsafeBufferPointer<UInt8> {
    let start = (UnsafeRawPointer(self) + pointee.bytes).assumingMemoryBound(to: UInt8.self)
    return UnsafeBufferPointer(start: start + Int(node.pointee.payload), count: Int(node.pointee.count))
  }
}
