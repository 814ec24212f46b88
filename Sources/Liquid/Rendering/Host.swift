internal import CPluginABI

/// The host's accessors, taken out of their table once.
struct Host {
  typealias Table = UnsafePointer<bespoke_access_v1>

  let table: Table
  private let type: @convention(c) (bespoke_value) -> Int32
  private let get: @convention(c) (bespoke_value, bespoke_str) -> bespoke_value
  private let at: @convention(c) (bespoke_value, UInt32) -> bespoke_value
  private let count: @convention(c) (bespoke_value) -> UInt32
  private let keyAt: @convention(c) (bespoke_value, UInt32) -> bespoke_str
  private let str: @convention(c) (bespoke_value) -> bespoke_str
  private let i64: @convention(c) (bespoke_value, Int64) -> Int64
  private let f64: @convention(c) (bespoke_value, Double) -> Double

  init(_ table: Table) {
    self.table = table
    type = table.pointee.type
    get = table.pointee.get
    at = table.pointee.at
    count = table.pointee.count
    keyAt = table.pointee.key_at
    str = table.pointee.str
    i64 = table.pointee.i64
    f64 = table.pointee.f64
  }

  /// A host value as a datum: scalars are read, containers stay where they are.
  @inline(__always)
  func datum(_ value: bespoke_value) -> Datum {
    switch type(value) {
    case 1: return .null
    case 2: return Datum(i64(value, 0) != 0)
    case 3: return Datum(i64(value, 0))
    case 4: return double(value)
    case 5: return Datum(bytes(str(value)))
    case 6: return Datum(host: .hostArray, value)
    case 7: return Datum(host: .hostObject, value)
    default: return .missing
    }
  }

  /// A number without point or exponent is an integer of any size, even if 64 bits do not hold it.
  private func double(_ value: bespoke_value) -> Datum {
    let text = bytes(str(value))
    for byte in text where !isDigit(byte) && byte != UInt8(ascii: "-") { return Datum(f64(value, 0)) }
    return text.isEmpty ? Datum(f64(value, 0)) : Datum(bigInteger: text)
  }

  func count(of container: Datum) -> Int { Int(count(container.host)) }

  @inline(__always)
  func element(_ container: Datum, _ index: Int) -> Datum {
    datum(at(container.host, UInt32(truncatingIfNeeded: index)))
  }

  func key(_ object: Datum, _ index: Int) -> Bytes {
    bytes(keyAt(object.host, UInt32(truncatingIfNeeded: index)))
  }

  /// The member called `key`; nil where there is none.
  ///
  /// `hint` is where a member of that name was found last, in an object of probably the same shape.
  @inline(__always)
  func member(_ object: Datum, _ key: Bytes, hint: inout UInt16) -> Datum? {
    let value = object.host
    if hint > 0 {
      let found = keyAt(value, UInt32(hint - 1))
      if found.len == key.count, bytes(found) == key { return datum(at(value, UInt32(hint - 1))) }
    }
    return search(value, key, &hint)
  }

  @inline(never)
  private func search(_ value: bespoke_value, _ key: Bytes, _ hint: inout UInt16) -> Datum? {
    // Of repeated keys the last one holds, so the search begins at the end.
    var index = count(value)
    while index > 0 {
      index -= 1
      if bytes(keyAt(value, index)) == key {
        if index < UInt16.max { hint = UInt16(index + 1) }
        return datum(at(value, index))
      }
    }
    return nil
  }

  func member(_ object: Datum, _ key: Bytes) -> Datum? {
    var hint: UInt16 = 0
    return member(object, key, hint: &hint)
  }

  @inline(__always)
  private func bytes(_ text: bespoke_str) -> Bytes {
    Bytes(
      start: UnsafeRawPointer(text.ptr)?.assumingMemoryBound(to: UInt8.self), count: text.ptr == nil ? 0 : text.len)
  }
}
