public import CPluginABI

/// A borrowed value of a brief or of the configuration.
///
/// Valid until the call that lent it returns; the configuration's values until the instance ends. Missing is a value:
/// every question has an answer for it, so `brief["profile"]["first_name"].string` never fails.
@frozen
public struct Value {
  /// The handle as it crosses the ABI.
  public let raw: bespoke_value
  /// The host's accessors.
  public let access: UnsafePointer<bespoke_access_v1>

  /// Wraps a handle that the host lent.
  @inlinable
  public init(_ raw: bespoke_value, _ access: UnsafePointer<bespoke_access_v1>) {
    self.raw = raw
    self.access = access
  }

  /// The types of JSON, and missing.
  public enum Kind: Int32, Sendable {
    case missing, null, boolean, integer, double, string, array, object
  }

  /// The type; one that this SDK does not know counts as missing.
  @inlinable
  public var kind: Kind { Kind(rawValue: access.pointee.type(raw)) ?? .missing }

  /// Whether there is a value here other than null.
  @inlinable
  public var exists: Bool { access.pointee.type(raw) > Kind.null.rawValue }

  /// How many elements or members a container has; 0 for everything else.
  @inlinable
  public var count: Int { Int(access.pointee.count(raw)) }

  /// The element, or member value, at an index; missing outside the container.
  @inlinable
  public subscript(index: Int) -> Value {
    guard let index = UInt32(exactly: index) else { return Value(bespoke_value(), access) }
    return Value(access.pointee.at(raw, index), access)
  }

  /// The member with this key.
  @inlinable
  public subscript(key: StaticString) -> Value { Value(access.pointee.get(raw, bespoke_str(key)), access) }

  /// The member with this key.
  @inlinable
  public subscript(key: UnsafeBufferPointer<UInt8>) -> Value {
    Value(access.pointee.get(raw, bespoke_str(key)), access)
  }

  /// The member with this key.
  public subscript(key: String) -> Value {
    var key = key
    return key.withUTF8 { Value(access.pointee.get(raw, bespoke_str($0)), access) }
  }

  /// The key of the member at an index; empty outside an object.
  @inlinable
  public func key(at index: Int) -> UnsafeBufferPointer<UInt8> {
    guard let index = UInt32(exactly: index) else { return UnsafeBufferPointer(start: nil, count: 0) }
    return access.pointee.key_at(raw, index).buffer
  }

  /// The text of a string, or the source text of a number, without a copy; empty for everything else.
  ///
  /// Reading bytes instead of `string` makes no allocation.
  @inlinable
  public var utf8: UnsafeBufferPointer<UInt8> { access.pointee.str(raw).buffer }

  /// The string, or the source text of a number, or nil.
  public var string: String? {
    switch kind {
    case .string, .integer, .double: String(decoding: utf8, as: UTF8.self)
    default: nil
    }
  }

  /// The integer, or the whole part of a double, or nil.
  public var int: Int? {
    switch kind {
    case .integer, .double: Int(access.pointee.i64(raw, 0))
    default: nil
    }
  }

  /// The number, or nil.
  public var double: Double? {
    switch kind {
    case .integer, .double: access.pointee.f64(raw, 0)
    default: nil
    }
  }

  /// The truth value, or nil.
  public var bool: Bool? { kind == .boolean ? access.pointee.i64(raw, 0) != 0 : nil }
}

extension bespoke_str {
  /// A view of bytes that stay with their owner.
  @inlinable
  public init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.init(ptr: UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), len: bytes.count)
  }

  /// A view of a literal.
  @inlinable
  public init(_ text: StaticString) {
    self.init(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// The bytes, borrowed.
  @inlinable
  public var buffer: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafeRawPointer(ptr)?.assumingMemoryBound(to: UInt8.self), count: ptr == nil ? 0 : len)
  }
}

/// Lends the bytes of a string as the ABI wants them.
func withText<R>(_ text: String, _ body: (bespoke_str) -> R) -> R {
  var text = text
  return text.withUTF8 { body(bespoke_str($0)) }
}
