/// Reads a field of at most 57 bits that starts at any bit.
///
/// Invariant: eight bytes from the field's first byte on can be read; the writer of a packed block pads it so.
@inline(__always)
func readBits(_ base: UnsafeRawPointer, at bit: Int, mask: UInt64) -> UInt64 {
  base.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self) &>> UInt64(truncatingIfNeeded: bit & 7) & mask
}

/// Appends fields of any width to a block of zeros.
struct BitWriter {
  private let base: UnsafeMutableRawPointer
  private var bit = 0

  /// A writer of a block that is all zeros and long enough.
  init(_ base: UnsafeMutableRawPointer) { self.base = base }

  @inline(__always)
  mutating func write(_ value: UInt64, width: Int) {
    let place = base + bit >> 3
    let old = place.loadUnaligned(as: UInt64.self)
    place.storeBytes(of: old | value &<< UInt64(bit & 7), as: UInt64.self)
    bit &+= width
  }
}

/// How many bits numbers below `count` take; at least one.
func bitWidth(below count: Int) -> Int { max(1, Int.bitWidth - (max(1, count) - 1).leadingZeroBitCount) }
