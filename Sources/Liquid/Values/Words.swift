/// Work on bytes, eight or four at a time.
enum Words {
  /// Whether two runs of `count` bytes are equal.
  @inline(__always)
  static func areEqual(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int) -> Bool {
    if count >= 8 {
      var index = 0
      while index < count &- 8 {
        if load8(a, index) != load8(b, index) { return false }
        index &+= 8
      }
      // The last eight bytes, some of which may have been compared before.
      return load8(a, count &- 8) == load8(b, count &- 8)
    }
    if count >= 4 { return load4(a, 0) == load4(b, 0) && load4(a, count &- 4) == load4(b, count &- 4) }
    var index = 0
    while index < count {
      if a.load(fromByteOffset: index, as: UInt8.self) != b.load(fromByteOffset: index, as: UInt8.self) { return false }
      index &+= 1
    }
    return true
  }

  /// Copies `count` bytes; the runs must not overlap.
  @inline(__always)
  static func copy(_ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>, _ count: Int) {
    guard count <= 32 else { return target.update(from: source, count: count) }
    let from = UnsafeRawPointer(source)
    let to = UnsafeMutableRawPointer(target)
    if count >= 8 {
      if count > 16 {
        store8(to, 8, load8(from, 8))
        store8(to, count &- 16, load8(from, count &- 16))
      }
      store8(to, 0, load8(from, 0))
      store8(to, count &- 8, load8(from, count &- 8))
    } else if count >= 4 {
      let (first, last) = (load4(from, 0), load4(from, count &- 4))
      to.storeBytes(of: first, as: UInt32.self)
      to.storeBytes(of: last, toByteOffset: count &- 4, as: UInt32.self)
    } else if count > 0 {
      target[0] = source[0]
      if count > 1 {
        target[count &- 1] = source[count &- 1]
        target[count >> 1] = source[count >> 1]
      }
    }
  }

  /// How many of eight bytes of UTF-8 begin a code point.
  @inline(__always)
  static func leadingBytes(_ word: UInt64) -> Int {
    // A byte 10xxxxxx has its highest bit set and the next one clear.
    let continuing = word & ~(word << 1) & 0x8080_8080_8080_8080
    return 8 &- continuing.nonzeroBitCount
  }

  @inline(__always)
  private static func load8(_ start: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  @inline(__always)
  private static func load4(_ start: UnsafeRawPointer, _ offset: Int) -> UInt32 {
    start.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }

  @inline(__always)
  private static func store8(_ start: UnsafeMutableRawPointer, _ offset: Int, _ value: UInt64) {
    start.storeBytes(of: value, toByteOffset: offset, as: UInt64.self)
  }
}
