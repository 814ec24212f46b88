/// The values of a field, numbered: each number stands for a value in a table.
struct FloatTable {
  /// The values that numbers stand for.
  let values: [Float]
  /// For each value given, its number.
  let codes: Buffer<UInt32>

  /// Numbers the different values, without loss.
  init(exactly input: UnsafeBufferPointer<Float>) {
    var values: [Float] = []
    var slots = [UInt32](repeating: 0, count: 1 << 12)
    let codes = Buffer<UInt32>(uninitialized: input.count)
    for (index, value) in input.enumerated() {
      var slot = Self.slot(value, slots.count)
      while slots[slot] != 0, values[Int(slots[slot]) - 1].bitPattern != value.bitPattern {
        slot = (slot + 1) & (slots.count - 1)
      }
      if slots[slot] == 0 {
        values.append(value)
        slots[slot] = UInt32(values.count)
        if values.count * 2 > slots.count {
          slots = Self.slots(values, slots.count * 2)
          codes.base[index] = UInt32(values.count - 1)
          continue
        }
      }
      codes.base[index] = slots[slot] - 1
    }
    self.values = values.isEmpty ? [0] : values
    self.codes = codes
  }

  /// Numbers the values by 2^bits bins that hold equally many; a bin stands for the mean of its values, and 0 for itself.
  ///
  /// Source: Federico and Bertoldi, "How many bits are needed to store probabilities for phrase-based translation?", 2006.
  init(quantising input: UnsafeBufferPointer<Float>, bits: Int) {
    // Bit patterns of negative numbers grow as the numbers fall.
    let patterns = Buffer<UInt32>(uninitialized: input.count)
    var used = 0
    for value in input where value != 0 {
      patterns.base[used] = value.bitPattern
      used += 1
    }
    let filled = Buffer<UInt32>(uninitialized: used)
    filled.base.update(from: patterns.base, count: used)
    let sorted = radixSort(filled, scratch: Buffer(uninitialized: used), bits: 32)
    var values: [Float] = [0]
    var limits: [UInt32] = []
    let bins = (1 << bits) - 1
    var start = 0
    for bin in 0..<bins where start < used {
      let end = max(start + 1, used * (bin + 1) / bins)
      var sum = 0.0
      for index in start..<end { sum += Double(Float(bitPattern: sorted.base[index])) }
      values.append(Float(sum / Double(end - start)))
      limits.append(sorted.base[end - 1])
      start = end
    }
    self.values = values
    codes = Buffer(uninitialized: input.count)
    for (index, value) in input.enumerated() {
      codes.base[index] = value == 0 ? 0 : UInt32(1 + Self.bin(value.bitPattern, limits))
    }
  }

  /// The first bin whose limit is not below a value.
  private static func bin(_ pattern: UInt32, _ limits: [UInt32]) -> Int {
    var (low, high) = (0, limits.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if limits[middle] < pattern { low = middle + 1 } else { high = middle }
    }
    return low
  }

  @inline(__always)
  private static func slot(_ value: Float, _ count: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(value.bitPattern) &* 0x9E37_79B9_7F4A_7C15) &>> 24) & (count - 1)
  }

  private static func slots(_ values: [Float], _ count: Int) -> [UInt32] {
    var slots = [UInt32](repeating: 0, count: count)
    for (index, value) in values.enumerated() {
      var slot = slot(value, count)
      while slots[slot] != 0 { slot = (slot + 1) & (count - 1) }
      slots[slot] = UInt32(index + 1)
    }
    return slots
  }
}
