/// The layout of a binary model: little-endian words of 8 bytes, then the blocks they point to.
///
/// Words 0 to 15: magic, version, checksum of all bytes from word 3 on, length of the file, order, number of words, and
/// start and length of each block that belongs to no order. Then eight words an order: number of n-grams, widths of the
/// fields (8 bits each), start and length of the records, of the table of probabilities, and of the table of back-offs.
/// Every block starts at a multiple of 8 bytes and is followed by at least 8 bytes that can be read.
enum ModelFormat {
  /// "NGRAMBSP", read as a little-endian number.
  static let magic: UInt64 = 0x5053_424D_4152_474E
  static let version: UInt64 = 1
  static let headerWords = 16
  static let levelWords = 8
  static let checkedFrom = 24

  /// The words of the header.
  enum Field: Int {
    case magic, version, checksum, length, order, words
    case wordOffsets, wordBytes = 8, wordSlots = 10, lines = 12, metadata = 14
  }

  /// A sum of bytes that notices any flipped bit and any cut: four sums side by side, mixed at the end.
  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let prime: UInt64 = 0x9E37_79B9_7F4A_7C15
    var a: UInt64 = 1
    var b: UInt64 = 2
    var c: UInt64 = 3
    var d: UInt64 = 4
    @inline(__always)
    func step(_ sum: UInt64, _ value: UInt64) -> UInt64 {
      let mixed = (sum ^ value) &* prime
      return mixed ^ mixed &>> 29
    }
    var place = 0
    while place &+ 32 <= bytes.count {
      a = step(a, bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      b = step(b, bytes.loadUnaligned(fromByteOffset: place &+ 8, as: UInt64.self))
      c = step(c, bytes.loadUnaligned(fromByteOffset: place &+ 16, as: UInt64.self))
      d = step(d, bytes.loadUnaligned(fromByteOffset: place &+ 24, as: UInt64.self))
      place &+= 32
    }
    while place < bytes.count {
      a = step(a, UInt64(bytes[place]))
      place += 1
    }
    return step(step(step(step(UInt64(bytes.count), a), b), c), d)
  }
}
