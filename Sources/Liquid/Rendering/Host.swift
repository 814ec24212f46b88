internal import CPluginABI

/// The host's values, read through its table of accessors and nothing else.
struct Host {
  typealias Table = UnsafePointer<bespoke_access_v1>

  let table: Table

  init(_ table: Table) { self.table = table }

  /// A host value as a datum: scalars are read, containers stay where they are.
  @inline(__always)
  func datum(_ value: bespoke_value) -> Datum {
    switch table.pointee.type(value) {
    case 1: return .null
    case 2: return Datum(table.pointee.i64(value, 0) != 0)
    case 3: return Datum(table.pointee.i64(value, 0))
    case 4: return double(value)
    case 5: return Datum(bytes(table.pointee.str(value)))
    case 6: return Datum(host: .hostArray, value)
    case 7: return Datum(host: .hostObject, value)
    default: return .missing
    }
  }

  /// A number without point or exponent is an integer of any size, even if 64 bits do not hold it.
  private func double(_ value: bespoke_value) -> Datum {
    let text = bytes(table.pointee.str(value))
    for byte in text where !isDigit(byte) && byte != UInt8(ascii: "-") { return Datum(table.pointee.f64(value, 0)) }
    return text.isEmpty ? Datum(table.pointee.f64(value, 0)) : Datum(bigInteger: text)
  }

  func count(of container: Datum) -> Int { Int(table.pointee.count(container.host)) }

  @inline(__always)
  func element(_ container: Datum, _ index: Int) -> Datum {
    datum(table.pointee.at(container.host, UInt32(truncatingIfNeeded: index)))
  }

  func key(_ object: Datum, _ index: Int) -> Bytes {
    bytes(table.pointee.key_at(object.host, UInt32(truncatingIfNeeded: index)))
  }

  /// The member called `key`; nil where there is none.
  ///
  /// `hint` is where a member of that name was found last, in an object of probably the same shape.
  @inline(__always)
  func member(_ object: Datum, _ key: Bytes, hint: inout UInt16) -> Datum? {
    let value = object.host
    if hint > 0 {
      let found = table.pointee.key_at(value, UInt32(hint - 1))
      if found.len == key.count, bytes(found) == key { return datum(table.pointee.at(value, UInt32(hint - 1))) }
    }
    return search(value, key, &hint)
  }

  @inline(never)
  private func search(_ value: bespoke_value, _ key: Bytes, _ hint: inout UInt16) -> Datum? {
    // Of repeated keys the last one holds, so the search begins at the end.
    var index = table.pointee.count(value)
    while index > 0 {
      index -= 1
      if bytes(table.pointee.key_at(value, index)) == key {
        if index < UInt16.max { hint = UInt16(index + 1) }
        return datum(table.pointee.at(value, index))
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
