import CDecoderKernels
import Core
import Glibc
import NeuralDecoder
import Testing

/// The kernels against plain arithmetic, and the levels against each other, bit by bit.
struct KernelTests {
  /// Numbers in -1...1.
  static func numbers(_ count: Int, seed: UInt64) -> [Float] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in Float(random.unit() * 2 - 1) }
  }

  static var tables: [decoder_kernels] {
    var tables: [decoder_kernels] = []
    var next = decoder_levels()
    while let table = next?.pointee {
      tables.append(table.pointee)
      next = next?.successor()
    }
    return tables
  }

  /// Floats as Q8_0, and what these stand for.
  static func quantised(_ values: [Float]) -> (bytes: [UInt8], values: [Float]) {
    var bytes: [UInt8] = []
    var back: [Float] = []
    for start in stride(from: 0, to: values.count, by: 32) {
      // A power of two is exact in half precision: 2^-7 is 0x2000.
      bytes += GGUFWriter.bytes(UInt16(0x2000))
      for value in values[start..<start + 32] {
        let level = Int8(max(-127, min(127, (value * 128).rounded())))
        bytes.append(UInt8(bitPattern: level))
        back.append(Float(level) / 128)
      }
    }
    return (bytes, back)
  }

  /// Multiplies `rows` x `columns` with `count` rows at one level.
  static func product(
    _ kernels: decoder_kernels, _ layout: decoder_layout, _ stored: [UInt8], rows: Int, columns: Int, _ x: [Float],
    only groups: [UInt32]? = nil
  ) -> [Float] {
    let count = x.count / columns
    let groupCount = (rows + 15) / 16
    let size = groupCount * decoder_group_bytes(layout, columns)
    let packed = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64).bindMemory(
      to: UInt8.self, capacity: size)
    defer { packed.deallocate() }
    let type = layout == DECODER_INT8 ? TensorType.q8_0 : .f32
    kernels.pack(
      layout, type.rawValue, stored, columns / type.blockCount * type.blockBytes, rows, columns, 0, groupCount, packed)
    var matrix = decoder_matrix(groups: packed, rows: rows, columns: columns, layout: layout)
    var levels = [Int8](repeating: 0, count: x.count)
    var scales = [Float](repeating: 0, count: x.count / 32)
    var biases = [Int32](repeating: 0, count: x.count / 32)
    x.withUnsafeBufferPointer { x in
      for row in 0..<count {
        levels.withUnsafeMutableBufferPointer { levels in
          scales.withUnsafeMutableBufferPointer { scales in
            biases.withUnsafeMutableBufferPointer { biases in
              guard let x = x.baseAddress, let levels = levels.baseAddress, let scales = scales.baseAddress,
                let biases = biases.baseAddress
              else { return }
              let block = row * columns / 32
              kernels.quantise(x + row * columns, columns, levels + row * columns, scales + block, biases + block)
            }
          }
        }
      }
    }
    var out = [Float](repeating: 0, count: count * rows)
    var input = decoder_rows()
    x.withUnsafeBufferPointer { x in
      levels.withUnsafeBufferPointer { levels in
        scales.withUnsafeBufferPointer { scales in
          biases.withUnsafeBufferPointer { biases in
            input = decoder_rows(
              count: count, columns: columns, values: x.baseAddress, levels: levels.baseAddress,
              scales: scales.baseAddress, biases: biases.baseAddress)
            kernels.multiply(&matrix, groups, 0, groups?.count ?? groupCount, &input, &out, rows)
          }
        }
      }
    }
    return out
  }

  static let sizes: [(rows: Int, columns: Int, count: Int)] = [
    (16, 32, 1), (48, 64, 3), (40, 96, 8), (5, 320, 13), (33, 2048, 2),
  ]

  @Test(arguments: sizes.indices)
  func multiplyIsTheProductAtEveryLevelAndInAnyCompany(_ index: Int) throws {
    let (rows, columns, count) = Self.sizes[index]
    let x = Self.numbers(count * columns, seed: 2)
    let (stored, weights) = Self.quantised(Self.numbers(rows * columns, seed: 1))
    let floats = weights.flatMap { GGUFWriter.bytes($0.bitPattern) }
    let plain = try #require(Self.tables.last)
    for (layout, stored, tolerance) in [(DECODER_INT8, stored, 0.012), (DECODER_FLOAT, floats, 1e-5)] {
      let reference = Self.product(plain, layout, stored, rows: rows, columns: columns, x)
      for m in 0..<count {
        for row in 0..<rows {
          let exact = (0..<columns).reduce(0.0) {
            $0 + Double(weights[row * columns + $1]) * Double(x[m * columns + $1])
          }
          let error = abs(Double(reference[m * rows + row]) - exact) / Double(columns).squareRoot()
          #expect(error < tolerance, "row \(row) of \(m)")
        }
      }
      for kernels in Self.tables {
        let together = Self.product(kernels, layout, stored, rows: rows, columns: columns, x)
        #expect(together == reference)
        for m in 0..<count {
          let alone = Self.product(
            kernels, layout, stored, rows: rows, columns: columns, Array(x[m * columns..<(m + 1) * columns]))
          #expect(alone == Array(reference[m * rows..<(m + 1) * rows]))
        }
        let some = Self.product(
          kernels, layout, stored, rows: rows, columns: columns, x, only: [UInt32((rows - 1) / 16)])
        #expect(some.last == reference.last)
      }
    }
  }

  @Test func extremeWeightsAndInputsDoNotSaturate() throws {
    let stored = Self.quantised([Float](repeating: -1, count: 32 * 16)).bytes.enumerated().map { index, byte in
      index % 34 < 2 ? byte : UInt8(0x80)
    }
    for kernels in Self.tables {
      for sign: Float in [1, -1] {
        let x = [Float](repeating: sign, count: 32)
        let out = Self.product(kernels, DECODER_INT8, stored, rows: 16, columns: 32, x)
        #expect(out.allSatisfy { abs($0 + sign * 32) < 1e-4 }, "\(out)")
      }
    }
  }

  @Test func activationsAndNormsFollowTheirFormulas() throws {
    let x = Self.numbers(64, seed: 3).map { $0 * 6 }
    let weight = Self.numbers(64, seed: 4)
    let mean = x.reduce(0.0) { $0 + Double($1) } / 64
    let square = x.reduce(0.0) { $0 + Double($1) * Double($1) } / 64
    let variance = square - mean * mean
    let expected: [(name: String, values: [Double])] = [
      ("silu", x.map { Double($0) / (1 + exp(-Double($0))) }),
      (
        "gelu",
        x.map { x in
          let x = Double(x)
          return 0.5 * x * (1 + tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
        }
      ),
      ("rms", zip(x, weight).map { Double($0) / (square + 1e-5).squareRoot() * Double($1) }),
      ("layer", zip(x, weight).map { (Double($0) - mean) / (variance + 1e-5).squareRoot() * Double($1) + Double($1) }),
    ]
    var first: [[Float]] = []
    for kernels in Self.tables {
      var found = [[Float]](repeating: [Float](repeating: 0, count: 64), count: 4)
      kernels.silu(x, nil, 64, &found[0])
      kernels.gelu(x, nil, 64, &found[1])
      kernels.rms_norm(x, weight, 64, 1e-5, &found[2])
      kernels.layer_norm(x, weight, weight, 64, 1e-5, &found[3])
      for (values, expected) in zip(found, expected) {
        for (value, wanted) in zip(values, expected.values) {
          #expect(abs(Double(value) - wanted) < 1e-5 * max(1, abs(wanted)), "\(expected.name)")
        }
      }
      if first.isEmpty { first = found }
      #expect(found == first, "\(String(cString: kernels.name))")
    }
  }

  @Test func largestAndSumsTakeAnyLength() {
    for count in [1, 15, 16, 17, 1000, 5003] {
      var x = Self.numbers(count, seed: UInt64(count))
      x[count * 2 / 3] = 2
      let sum = x.reduce(0.0) { $0 + exp((Double($1) - 2) * 0.5) }
      for kernels in Self.tables {
        #expect(kernels.largest(x, count) == count * 2 / 3)
        #expect(abs(kernels.sum_exp(x, count, 2, 0.5) - sum) < 1e-5 * sum)
      }
    }
  }
}
