import CDecoderKernels
import Glibc

/// Memory for numbers, aligned to 64 bytes, zero at first.
final class Buffer<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>: @unchecked Sendable {
  // Who writes where is settled by the pass; hence the unchecked conformance.
  let start: UnsafeMutablePointer<Element>
  let count: Int
  private let memory: UnsafeMutableRawPointer

  init(_ count: Int) {
    self.count = count
    memory = zeroed(count * MemoryLayout<Element>.stride + 64)
    start = memory.alignedUp(toMultipleOf: 64).bindMemory(to: Element.self, capacity: count)
  }

  deinit { free(memory) }
}

/// Memory of zeros, to be given to `free`; the system clears large ones page by page when they are first touched, so that
/// nobody waits for all of it.
func zeroed(_ bytes: Int) -> UnsafeMutableRawPointer {
  guard let memory = calloc(max(1, bytes), 1) else { fatalError("no memory is left for \(bytes) bytes") }
  return memory
}

/// Rows that a matrix is multiplied with, as floats and rounded to 8 bits.
final class RowBuffer {
  let values: Buffer<Float>
  private let levels: Buffer<Int8>
  private let scales: Buffer<Float>
  private let biases: Buffer<Int32>
  private let columns: Int

  init(_ rows: Int, _ columns: Int) {
    self.columns = columns
    values = Buffer(rows * columns)
    levels = Buffer(rows * columns)
    scales = Buffer(rows * (columns / 32 + 1))
    biases = Buffer(rows * (columns / 32 + 1))
  }

  /// Rounds one row.
  func round(_ row: Int, _ kernels: decoder_kernels) {
    let blocks = columns / 32
    kernels.quantise(
      values.start + row * columns, columns, levels.start + row * columns, scales.start + row * blocks,
      biases.start + row * blocks)
  }

  /// The first rows, as the kernels read them.
  func rows(_ count: Int) -> decoder_rows {
    decoder_rows(
      count: count, columns: columns, values: values.start, levels: levels.start, scales: scales.start,
      biases: biases.start)
  }
}
