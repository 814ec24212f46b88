import Core
import Glibc

/// A file that is written from front to back and becomes visible as a whole, when it is finished; or standard output.
final class LogFile {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isOpen = true
  private var isStandardOutput: Bool { descriptor == STDOUT_FILENO }

  /// - Parameter path: "-" for standard output.
  /// - Throws: `Diagnostic` of kind "cannot write".
  init(path: String) throws(Diagnostic) {
    if path == "-" {
      self.path = "standard output"
      temporary = ""
      descriptor = STDOUT_FILENO
      return
    }
    self.path = path
    if isFolder(path) { throw Diagnostic("cannot write", "'\(path)' is a folder, expected a file") }
    try makeFolders(parentFolder(of: path))
    temporary = AtomicFile.temporaryName(for: path)
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    if descriptor < 0 { throw AtomicFile.failure(path) }
  }

  deinit { abandon() }

  func append(_ bytes: some Collection<UInt8>) throws(Diagnostic) {
    buffer += bytes
    if buffer.count >= 1 << 16 { try flush() }
  }

  private func flush() throws(Diagnostic) {
    let result: Result<Void, Diagnostic> = buffer.withUnsafeBufferPointer { bytes in
      do throws(Diagnostic) {
        return .success(try AtomicFile.writeAll(bytes, to: descriptor, path: path))
      } catch {
        return .failure(error)
      }
    }
    buffer.removeAll(keepingCapacity: true)
    try result.get()
  }

  /// Makes the file visible.
  func finish() throws(Diagnostic) {
    try flush()
    isOpen = false
    if isStandardOutput { return }
    guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else {
      let failure = AtomicFile.failure(path)
      unlink(temporary)
      throw failure
    }
  }

  /// Leaves nothing behind.
  func abandon() {
    guard isOpen else { return }
    isOpen = false
    if isStandardOutput { return }
    close(descriptor)
    unlink(temporary)
  }
}
