import Core
import Glibc

/// Standard output, or a file that appears under its name once it is whole.
final class OutputText {
  private let path: String?
  private let descriptor: Int32

  /// - Throws: `Diagnostic` of kind "cannot write".
  init(path: String?) throws {
    self.path = path
    descriptor = path.map { open("\($0).partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) } ?? STDOUT_FILENO
    if descriptor < 0 { throw failure() }
  }

  func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    var rest = UnsafeRawBufferPointer(bytes)
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno != EINTR { throw failure() }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
    }
  }

  func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { try write($0) }
  }

  /// Gives the file its name.
  func finish() throws {
    guard let path else { return }
    guard fsync(descriptor) == 0, close(descriptor) == 0, rename("\(path).partial", path) == 0 else { throw failure() }
  }

  private func failure() -> Diagnostic {
    Diagnostic("cannot write", "'\(path ?? "standard output")': \(String(cString: strerror(errno)).lowercased())")
  }
}
