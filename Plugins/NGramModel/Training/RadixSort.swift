/// Sorts keys by their lowest `bits` bits, least significant digit first, and skips digits that all keys share.
///
/// - Returns: The sorted keys, in one of the two buffers.
/// - Complexity: O(bits * keys).
func radixSort<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
  _ keys: Buffer<Key>, scratch: Buffer<Key>, bits: Int
) -> Buffer<Key> {
  let digitBits = 11
  let digits = 1 << digitBits
  let passes = (bits + digitBits - 1) / digitBits
  let histogram = Buffer<Int>(count: passes * digits, repeating: 0)
  for index in 0..<keys.count {
    var rest = keys.base[index]
    for pass in 0..<passes {
      histogram.base[pass &* digits &+ Int(truncatingIfNeeded: rest) & (digits &- 1)] &+= 1
      rest = rest &>> Key(truncatingIfNeeded: digitBits)
    }
  }
  var (source, target) = (keys, scratch)
  for pass in 0..<passes {
    let places = histogram.base + pass * digits
    var next = 0
    var largest = 0
    for digit in 0..<digits {
      let count = places[digit]
      largest = max(largest, count)
      places[digit] = next
      next += count
    }
    if largest == keys.count { continue }
    let shift = Key(truncatingIfNeeded: pass * digitBits)
    let from = source.base
    let to = target.base
    for index in 0..<keys.count {
      let key = from[index]
      let digit = Int(truncatingIfNeeded: key &>> shift) & (digits &- 1)
      let place = places[digit]
      places[digit] = place &+ 1
      to[place] = key
    }
    swap(&source, &target)
  }
  return source
}
