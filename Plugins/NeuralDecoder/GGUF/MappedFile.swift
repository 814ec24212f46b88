public import Core
import Glibc

/// A file mapped read-only, for those who have no host to map it.
public final class MappedFile: @unchecked Sendable {
  // Immutable after init; hence the unchecked conformance.
  /// The content.
  public let bytes: UnsafeRawBufferPointer

  /// Maps the file at a path.
  public init(path: String) throws(Diagnostic) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Diagnostic("missing file", "'\(path)' cannot be opened") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0,
      let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw Diagnostic("missing file", "'\(path)' cannot be mapped, or is empty") }
    bytes = UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
