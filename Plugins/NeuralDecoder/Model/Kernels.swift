import CDecoderKernels

/// The arithmetic at one level of the CPU; every level gives the same bits.
public struct Kernels: @unchecked Sendable {
  // A constant table of C functions; hence the unchecked conformance.
  let table: UnsafePointer<decoder_kernels>

  /// The levels that this CPU has, the best first; the last is plain C.
  public static let levels: [Kernels] = {
    var levels: [Kernels] = []
    var next = decoder_levels()
    while let table = next?.pointee {
      levels.append(Kernels(table: table))
      next = next?.successor()
    }
    return levels
  }()

  /// "avx512-vnni", "avx2" or "plain".
  public var name: String { String(cString: table.pointee.name) }
}
