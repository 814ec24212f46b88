import Core
import Glibc

/// A file without a name that sorted runs are written to and read from.
final class RunFile {
  private let descriptor: Int32
  private let folder: String
  private var size = 0

  /// - Throws: `Diagnostic` where the folder takes no file.
  init(folder: String) throws {
    self.folder = folder
    let template = Buffer<CChar>(Array("\(folder)/bespoke-sort-XXXXXX".utf8CString))
    descriptor = mkstemp(template.base)
    guard descriptor >= 0 else { throw Self.fault(folder) }
    unlink(template.base)
  }

  deinit { close(descriptor) }

  private static func fault(_ folder: String) -> Diagnostic {
    Diagnostic("cannot sort", "a temporary file in '\(folder)': \(String(cString: strerror(errno)))")
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let written = write(descriptor, base + done, bytes.count - done)
      if written > 0 { done += written } else if errno != EINTR { throw Self.fault(folder) }
    }
    size += bytes.count
  }

  /// All that was written, mapped for reading.
  func mapped() throws -> Mapping {
    guard let start = mmap(nil, max(1, size), PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw Self.fault(folder)
    }
    return Mapping(bytes: UnsafeRawPointer(start), count: max(1, size))
  }

  /// The bytes of a run file; valid while it lives.
  final class Mapping {
    let bytes: UnsafeRawPointer
    private let count: Int

    init(bytes: UnsafeRawPointer, count: Int) {
      self.bytes = bytes
      self.count = count
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes), count) }
  }
}
