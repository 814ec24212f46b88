public import CPluginABI

/// A value inside a document: 16 bytes, borrowed.
///
/// It is valid as long as its document is; it does not keep the document alive. Missing is a value, and every
/// question has an answer for it. Reading is thread-safe.
@frozen
public struct Value {
  /// The handle as it crosses the plugin ABI.
  public let raw: bespoke_value

  /// Wraps a handle that the ABI lent.
  @inlinable
  public init(_ raw: bespoke_value) { self.raw = raw }

  /// The value that is not there.
  @inlinable
  public static var missing: Value { Value(bespoke_value(doc: nil, node: 0, reserved: 0)) }

  /// The types of JSON, and missing.
  public enum Kind: Int32, Sendable {
    case missing, null, boolean, integer, double, string, array, object
  }

  /// The type of the value.
  @inlinable
  public var kind: Kind {
    guard let node else { return .missing }
    return Kind(rawValue: Int32(node.pointee.tag.rawValue)) ?? .missing
  }

  /// Whether there is a value here other than null.
  @inlinable
  public var exists: Bool { kind != .missing && kind != .null }

  // MARK: Containers

  /// How many elements or members a container has; 0 for everything else.
  @inlinable
  public var count: Int {
    guard let node, node.pointee.tag == .array || node.pointee.tag == .object else { return 0 }
    return Int(node.pointee.count)
  }

  /// The element, or member value, at an index; missing outside the container.
  @inlinable
  public subscript(index: Int) -> Value {
    guard let node, index >= 0, index < Int(node.pointee.count) else { return .missing }
    switch node.pointee.tag {
    case .array: return child(UInt32(node.pointee.payload) + UInt32(index))
    case .object: return child(UInt32(node.pointee.payload) + UInt32(index) * 2 + 1)
    default: return .missing
    }
  }

  /// The key of the member at an index; empty outside an object.
  ///
  /// Lives as long as the document.
  @inlinable
  public func key(at index: Int) -> UnsafeBufferPointer<UInt8> {
    guard let header, let node, node.pointee.tag == .object, index >= 0,
      index < Int(node.pointee.count)
    else { return UnsafeBufferPointer(start: nil, count: 0) }
    return header.text(of: header.node(UInt32(node.pointee.payload) + UInt32(index) * 2))
  }

  /// The member with this key; of repeated keys the last; missing where there is none.
  ///
  /// - Complexity: O(members).
  @inlinable
  public func member(_ key: UnsafeBufferPointer<UInt8>) -> Value {
    guard let header, let node, node.pointee.tag == .object else { return .missing }
    var index = Int(node.pointee.count)
    let first = header.node(UInt32(node.pointee.payload))
    while index > 0 {
      index -= 1
      let candidate = first + index * 2
      if Int(candidate.pointee.count) == key.count, equalBytes(header.text(of: candidate), key) {
        return child(UInt32(node.pointee.payload) + UInt32(index) * 2 + 1)
      }
    }
    return .missing
  }

  /// The member with this key.
  @inlinable
  public subscript(key: StaticString) -> Value {
    member(UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
  }

  /// The member with this key.
  public subscript(key: String) -> Value {
    var key = key
    return key.withUTF8 { member($0) }
  }

  // MARK: Scalars

  /// The text of a string, or the source text of a number; empty for everything else.
  ///
  /// Lives as long as the document.
  @inlinable
  public var text: UnsafeBufferPointer<UInt8> {
    guard let header, let node else { return UnsafeBufferPointer(start: nil, count: 0) }
    switch node.pointee.tag {
    case .string, .integer, .double: return header.text(of: node)
    default: return UnsafeBufferPointer(start: nil, count: 0)
    }
  }

  /// The string, or nil for every other type.
  public var string: String? {
    kind == .string ? String(decoding: text, as: UTF8.self) : nil
  }

  /// The string, or the source text of a number, or nil.
  public var scalarText: String? {
    switch kind {
    case .string, .integer, .double: String(decoding: text, as: UTF8.self)
    case .boolean: bool == true ? "true" : "false"
    default: nil
    }
  }

  /// The truth value, or nil for every other type.
  public var bool: Bool? {
    guard let node, node.pointee.tag == .boolean else { return nil }
    return node.pointee.payload == 1
  }

  /// The integer, or the whole part of a double that fits, or nil.
  public var int: Int64? {
    guard let header, let node else { return nil }
    switch node.pointee.tag {
    case .integer: return NumberText.integer(header.text(of: node))
    case .double: return NumberText.double(header.text(of: node)).flatMap { Int64(exactly: $0.rounded(.towardZero)) }
    default: return nil
    }
  }

  /// The number, or nil for every other type.
  public var double: Double? {
    guard let header, let node else { return nil }
    switch node.pointee.tag {
    case .integer, .double: return NumberText.double(header.text(of: node))
    default: return nil
    }
  }

  // MARK: Inside

  @inlinable @inline(__always)
  var header: UnsafePointer<DocumentHeader>? { raw.doc.map { UnsafePointer(document: $0) } }

  @inlinable @inline(__always)
  var node: UnsafePointer<Node>? { header?.node(raw.node) }

  @inlinable @inline(__always)
  func child(_ index: UInt32) -> Value {
    Value(bespoke_value(doc: raw.doc, node: index, reserved: 0)).resolved
  }

  /// The value that a link stands for, or the value itself.
  @inlinable @inline(__always)
  var resolved: Value {
    guard let node, node.pointee.tag == .link else { return self }
    let document = OpaquePointer(bitPattern: UInt(node.pointee.payload))
    return Value(bespoke_value(doc: document, node: node.pointee.count, reserved: 0))
  }
}

/// Whether two runs of bytes of the same length are equal.
@inlinable @inline(__always)
func equalBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
  var index = 0
  while index < left.count {
    if left[index] != right[index] { return false }
    index += 1
  }
  return true
}
