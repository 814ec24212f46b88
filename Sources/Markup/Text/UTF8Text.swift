/// Borrowed bytes of UTF-8 text, which need not be valid; empty stands for absent.
public typealias Bytes = UnsafeBufferPointer<UInt8>

/// Anything that can lend its text as bytes.
public protocol UTF8Text {
  /// Lends the bytes for the length of the call.
  func withBytes<Result>(_ body: (Bytes) throws -> Result) rethrows -> Result
}

extension UnsafeBufferPointer: UTF8Text where Element == UInt8 {
  /// Lends the bytes.
  @inlinable
  public func withBytes<Result>(_ body: (Bytes) throws -> Result) rethrows -> Result { try body(self) }

  /// Bytes that stand for an absent text.
  public static var none: Bytes { Bytes(start: nil, count: 0) }

  /// A copy as a String, invalid UTF-8 replaced.
  public var string: String { String(decoding: self, as: UTF8.self) }

  /// The bytes without blanks and control characters of ASCII at both ends.
  public var trimmed: Bytes {
    var (start, end) = (0, count)
    while start < end, self[start] <= 0x20 { start += 1 }
    while end > start, self[end - 1] <= 0x20 { end -= 1 }
    return Bytes(rebasing: self[start..<end])
  }
}

extension Array: UTF8Text where Element == UInt8 {
  /// Lends the bytes.
  @inlinable
  public func withBytes<Result>(_ body: (Bytes) throws -> Result) rethrows -> Result {
    try withUnsafeBufferPointer(body)
  }

  /// Appends text as it is, which the caller knows to be safe where it lands.
  @inlinable
  public mutating func append(raw text: some UTF8Text) { text.withBytes { append(contentsOf: $0) } }
}

extension String: UTF8Text {
  /// Lends the bytes.
  @inlinable
  public func withBytes<Result>(_ body: (Bytes) throws -> Result) rethrows -> Result {
    var copy = self
    return try copy.withUTF8(body)
  }
}

extension StaticString: UTF8Text {
  /// Lends the bytes.
  @inlinable
  public func withBytes<Result>(_ body: (Bytes) throws -> Result) rethrows -> Result {
    try body(Bytes(start: utf8Start, count: utf8CodeUnitCount))
  }
}
