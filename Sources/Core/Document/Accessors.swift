public import CPluginABI

/// The accessor table through which plugins, and Liquid, read documents of this module.
public enum Accessors {
  /// The table.
  ///
  /// Lives as long as the process; nothing writes to it after it is made.
  nonisolated(unsafe) public static let table: UnsafePointer<bespoke_access_v1> = {
    let table = UnsafeMutablePointer<bespoke_access_v1>.allocate(capacity: 1)
    table.initialize(
      to: bespoke_access_v1(
        type: { Value($0).kind.rawValue },
        get: { Value($0).member($1.buffer).raw },
        at: { Value($0)[Int($1)].raw },
        count: { UInt32(Value($0).count) },
        key_at: { bespoke_str(Value($0).key(at: Int($1))) },
        str: { bespoke_str(Value($0).text) },
        i64: { value, fallback in
          Value(value).int ?? Value(value).bool.map { $0 ? 1 : 0 } ?? fallback
        },
        f64: { value, fallback in
          Value(value).double ?? Value(value).bool.map { $0 ? 1 : 0 } ?? fallback
        }))
    return UnsafePointer(table)
  }()
}

extension bespoke_str {
  /// A view of bytes that stay with their owner.
  @inlinable
  public init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.init(
      ptr: UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), len: bytes.count)
  }

  /// The bytes, borrowed.
  @inlinable
  public var buffer: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: UnsafeRawPointer(ptr)?.assumingMemoryBound(to: UInt8.self), count: ptr == nil ? 0 : len)
  }

  /// A copy as a String, invalid UTF-8 replaced.
  public var string: String { String(decoding: buffer, as: UTF8.self) }
}
