/// How a locale writes numbers of one sort: read from Foundation once, then followed without it.
struct NumberPattern: Sendable {
  var prefix: [UInt8] = []
  var suffix: [UInt8] = []
  var negativePrefix: [UInt8] = [UInt8(ascii: "-")]
  var negativeSuffix: [UInt8] = []
  var decimalSeparator: [UInt8] = [UInt8(ascii: ".")]
  var groupSeparator: [UInt8] = [UInt8(ascii: ",")]
  /// Digits in the group before the point; 0 for no groups.
  var primaryGroup = 3
  /// Digits in the other groups.
  var secondaryGroup = 3
  /// Digits that must stand before the first separator.
  var minimumGrouping = 1
  /// Digits after the point where nothing else is asked for.
  var fractionDigits = 2
  /// The digit zero; the others follow it.
  var zero: Unicode.Scalar = "0"

}

/// A pattern laid out for writing: its texts are plain memory, so that no reference is counted.
final class NumberFormat: @unchecked Sendable {
  // Nothing is written after init; hence the unchecked conformance.
  let fractionDigits: Int
  private let prefix: Bytes
  private let suffix: Bytes
  private let negativePrefix: Bytes
  private let negativeSuffix: Bytes
  private let decimalSeparator: Bytes
  private let groupSeparator: Bytes
  private let primaryGroup: Int
  private let secondaryGroup: Int
  private let minimumGrouping: Int
  private let zero: Unicode.Scalar
  private var storage: ProgramStorage

  init(_ pattern: NumberPattern) {
    var storage = ProgramStorage()
    func keep(_ text: [UInt8]) -> Bytes { Bytes(start: storage.keep(text), count: text.count) }
    prefix = keep(pattern.prefix)
    suffix = keep(pattern.suffix)
    negativePrefix = keep(pattern.negativePrefix)
    negativeSuffix = keep(pattern.negativeSuffix)
    decimalSeparator = keep(pattern.decimalSeparator)
    groupSeparator = keep(pattern.groupSeparator)
    primaryGroup = pattern.primaryGroup
    secondaryGroup = pattern.secondaryGroup
    minimumGrouping = pattern.minimumGrouping
    zero = pattern.zero
    fractionDigits = pattern.fractionDigits
    self.storage = storage
  }

  deinit { storage.free() }

  /// Writes a decimal, rounded to `digits` after the point (halves to even, as Foundation does).
  func write(_ number: ExactNumber, digits: Int? = nil, trimsZeros: Bool = false, into out: inout ByteBuffer) {
    var number = number
    if let approximate = number.approximate {
      guard approximate.isFinite else { return Numeral.write(approximate, into: &out) }
      number = ExactNumber(Int128(exactly: approximate.rounded()) ?? Int128.max)
    }
    let wanted = digits ?? fractionDigits
    number = number.rounded(to: wanted, .halfEven)
    let isNegative = number.mantissa < 0
    var magnitude = number.mantissa.magnitude
    // Digits from the last to the first; 64 hold any mantissa and the zeros around it.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128) { reversed in
      var count = 0
      var small = UInt64(truncatingIfNeeded: magnitude)
      if magnitude > UInt64.max {
        while magnitude > UInt64.max {
          reversed[count] = UInt8(truncatingIfNeeded: magnitude % 10)
          magnitude /= 10
          count += 1
        }
        small = UInt64(truncatingIfNeeded: magnitude)
      }
      while small > 0 {
        reversed[count] = UInt8(truncatingIfNeeded: small % 10)
        small /= 10
        count += 1
      }
      while count <= number.scale, count < 120 {
        reversed[count] = 0
        count += 1
      }
      out.append(isNegative ? negativePrefix : prefix)
      writeInteger(reversed, from: number.scale, to: count, &out)
      var last = 0
      if trimsZeros { while last < number.scale, reversed[last] == 0 { last += 1 } }
      let missing = trimsZeros ? 0 : max(0, wanted - number.scale)
      if number.scale > last || missing > 0 {
        out.append(decimalSeparator)
        var index = number.scale - 1
        while index >= last {
          digit(reversed[index], &out)
          index -= 1
        }
        for _ in 0..<missing { digit(0, &out) }
      }
      out.append(isNegative ? negativeSuffix : suffix)
    }
  }

  private func writeInteger(
    _ reversed: UnsafeMutableBufferPointer<UInt8>, from: Int, to: Int, _ out: inout ByteBuffer
  ) {
    let count = to - from
    let isGrouped = primaryGroup > 0 && count >= primaryGroup + minimumGrouping
    var left = count
    while left > 0 {
      left -= 1
      digit(reversed[from + left], &out)
      if isGrouped, left > 0,
        left == primaryGroup || (left > primaryGroup && (left - primaryGroup) % secondaryGroup == 0)
      {
        out.append(groupSeparator)
      }
    }
  }

  @inline(__always)
  private func digit(_ value: UInt8, _ out: inout ByteBuffer) {
    if zero == "0" { return out.append(48 + value) }
    if let scalar = Unicode.Scalar(zero.value + UInt32(value)) { out.append(scalar) }
  }
}

extension ByteBuffer {
  mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { append($0) }
  }
}
