import CDecoderKernels
public import Core
import Glibc

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

  /// The level with a name, or the best; without a name, the one that the environment variable BESPOKE_KERNELS names.
  ///
  /// - Throws: where this CPU has no level of that name.
  public static func chosen(_ name: String? = nil) throws(Diagnostic) -> Kernels {
    guard let name = name ?? getenv("BESPOKE_KERNELS").map({ String(cString: $0) }), !name.isEmpty else {
      return levels[0]
    }
    guard let found = levels.first(where: { $0.name == name }) else {
      let known = levels.map { "'\($0.name)'" }.joined(separator: ", ")
      throw Diagnostic("unknown kernels", "this CPU has no kernels '\(name)'", help: "it has \(known)")
    }
    return found
  }
}
