import Core
import Glibc

/// A file's bytes, mapped into memory for reading.
///
/// The file must not be cut short while it is mapped; models and corpora are replaced by renaming, never in place.
public final class MappedFile: Sendable {
  private let address: UInt
  /// How many bytes.
  public let count: Int

  /// Maps a file.
  ///
  /// - Throws: `Diagnostic` where the file cannot be opened; it names the file as the caller did.
  public init(path: String) throws {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw Diagnostic("missing file", "'\(path)' cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Diagnostic("missing file", "'\(path)' is not a regular file")
    }
    count = Int(status.st_size)
    guard count > 0 else {
      address = 0
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE | Int32(MAP_POPULATE), descriptor, 0), start != MAP_FAILED
    else {
      throw Diagnostic("missing file", "'\(path)' cannot be mapped: \(String(cString: strerror(errno)))")
    }
    address = UInt(bitPattern: start)
  }

  deinit { if count > 0 { munmap(UnsafeMutableRawPointer(bitPattern: address), count) } }

  /// The bytes; valid while this object lives.
  public var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafePointer(bitPattern: address), count: count)
  }

  /// Calls with each line as text and its number, from 1 on; bytes that are not UTF-8 become U+FFFD.
  func forEachLine(_ body: (_ line: String, _ number: Int) throws -> Void) rethrows {
    try withExtendedLifetime(self) {
      var reader = LineReader(bytes)
      while let line = reader.next() { try body(String(decoding: line, as: UTF8.self), reader.number) }
    }
  }
}
