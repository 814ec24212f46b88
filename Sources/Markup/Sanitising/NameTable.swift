/// A table of values by their names, with open addressing; asked with the names that libxml2 gives.
///
/// Its memory is its maker's to free.
struct NameTable<Value> {
  /// A power of two of places, at most a quarter taken; a free one has no name.
  private let names: UnsafeMutableBufferPointer<Bytes>
  /// As many as names, there only where the place is taken.
  private let values: UnsafeMutablePointer<Value>

  /// Makes the table; `value` is told a name and the bytes of it that live as long as the table.
  init(_ list: [String], value: (String, Bytes) -> Value) {
    var size = 8
    while size < list.count * 4 { size *= 2 }
    names = .allocate(capacity: size)
    names.initialize(repeating: .none)
    values = .allocate(capacity: size)
    for name in list {
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: name.utf8.count)
      _ = copy.initialize(from: name.utf8)
      let place = place(of: Bytes(copy))
      names[place] = Bytes(copy)
      (values + place).initialize(to: value(name, names[place]))
    }
  }

  /// Frees the table; nothing that was read from it may be used any more.
  func deallocate() {
    for place in names.indices where !names[place].isEmpty {
      (values + place).deinitialize(count: 1)
      names[place].deallocate()
    }
    values.deallocate()
    names.deallocate()
  }

  /// Where the value of a name lies, or nil.
  subscript(_ name: Bytes) -> UnsafePointer<Value>? {
    let place = place(of: name)
    return names[place].isEmpty ? nil : UnsafePointer(values + place)
  }

  /// Calls `body` with every value.
  func each(_ body: (Value) -> Void) {
    for place in names.indices where !names[place].isEmpty { body(values[place]) }
  }

  /// Where a name lies, or is to lie.
  private func place(of name: Bytes) -> Int {
    var hash: UInt = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt(byte)) &* 0x100_0000_01B3 }
    var place = Int(truncatingIfNeeded: hash ^ hash >> 32) & (names.count - 1)
    while !names[place].isEmpty, !names[place].elementsEqual(name) { place = (place + 1) & (names.count - 1) }
    return place
  }
}
