import Core
import Glibc

/// Standard output, or a file that appears under its name once it is whole.
final class OutputText {
  private let path: String?
  /// Where bytes go until the file is whole; nil for what is no file, such as a pipe or device.
  private let partial: String?
  private let descriptor: Int32
  private var isFinished = false

  /// - Throws: `Diagnostic` of kind "cannot write".
  init(path: String?) throws {
    self.path = path
    var found = stat()
    let isOther = path.map { stat($0, &found) == 0 && found.st_mode & S_IFMT != S_IFREG } ?? true
    partial = isOther ? nil : path.map { "\($0).partial" }
    descriptor =
      (partial ?? path).map { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) } ?? STDOUT_FILENO
    if descriptor < 0 { throw failure() }
  }

  deinit {
    guard !isFinished, path != nil, descriptor >= 0 else { return }
    close(descriptor)
    if let partial { unlink(partial) }
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
    if let partial, fsync(descriptor) != 0 || rename(partial, path) != 0 { throw failure() }
    isFinished = true
    guard close(descriptor) == 0 else { throw failure() }
  }

  private func failure() -> Diagnostic {
    Diagnostic("cannot write", "'\(path ?? "standard output")': \(String(cString: strerror(errno)).lowercased())")
  }
}
