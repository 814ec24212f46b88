import Core
import Glibc

/// Where an input's bytes come from: a file or standard input, inflated where it is gzip.
final class ByteSource {
  /// The input as the user named it.
  let name: String
  /// Bytes of the file, compressed ones where it is; nil where it has no length, as a pipe has none.
  let size: Int?
  /// Bytes read from the file so far.
  private(set) var position = 0

  private let descriptor: Int32
  private var inflater: Inflater?
  /// Bytes read to see whether the file is gzip, given out first.
  private var head = ByteBuffer(capacity: 4)
  private var headUsed = 0

  /// Opens a file, or standard input for "-".
  ///
  /// - Throws: `Diagnostic` of kind "missing input" or "unreadable input".
  init(path: String, maxInflateRatio: Int) throws {
    name = path == "-" ? "standard input" : path
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      throw errno == ENOENT
        ? Diagnostic("missing input", "no file '\(name)'", help: nearestFile(to: path))
        : Diagnostic("unreadable input", "cannot open '\(name)': \(systemMessage())")
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      if path != "-" { close(descriptor) }
      throw Diagnostic("unreadable input", "'\(name)' is a folder, expected a file")
    }
    size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    while head.count < 2, try readFile(into: &head, atMost: 2 - head.count) > 0 {}
    if head.count == 2, head.view[0] == 0x1F, head.view[1] == 0x8B {
      inflater = try Inflater(name: name, maxRatio: maxInflateRatio)
    }
  }

  deinit { if descriptor > STDIN_FILENO { close(descriptor) } }

  /// Reads up to `room` bytes, inflated; 0 at the end.
  ///
  /// - Throws: `Diagnostic` of kind "unreadable input", "corrupt gzip" or "suspicious gzip".
  func read(into buffer: inout ByteBuffer, atMost room: Int) throws -> Int {
    guard let inflater else { return try readRaw(into: &buffer, atMost: room) }
    return try buffer.write(atMost: room) { target in
      try inflater.inflate(into: target) { try self.readRaw(into: &$0, atMost: $1) }
    }
  }

  private func readRaw(into buffer: inout ByteBuffer, atMost room: Int) throws -> Int {
    if headUsed < head.count {
      buffer.append(UnsafeBufferPointer(rebasing: head.view[headUsed...]))
      defer { headUsed = head.count }
      return head.count - headUsed
    }
    return try readFile(into: &buffer, atMost: room)
  }

  private func readFile(into buffer: inout ByteBuffer, atMost room: Int) throws -> Int {
    try buffer.write(atMost: room) { target in
      while true {
        let count = Glibc.read(descriptor, target.baseAddress, target.count)
        if count >= 0 {
          position += count
          return count
        }
        if errno != EINTR { throw Diagnostic("unreadable input", "cannot read '\(name)': \(systemMessage())") }
      }
    }
  }
}

/// The system's words for the last error.
private func systemMessage() -> String { String(cString: strerror(errno)).lowercased() }
