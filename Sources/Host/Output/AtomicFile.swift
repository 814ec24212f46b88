import Core
import Glibc

/// Writes whole files so that no one ever sees half of one: under a temporary name beside the target, then renamed.
enum AtomicFile {
  /// - Throws: `Diagnostic` of kind "cannot write" with the system's reason; nothing is left behind then.
  static func write(_ bytes: UnsafeBufferPointer<UInt8>, to path: String) throws(Diagnostic) {
    let temporary = temporaryName(for: path)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    do throws(Diagnostic) {
      try writeAll(bytes, to: descriptor, path: path)
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      let error = failure(path)
      unlink(temporary)
      throw error
    }
  }

  /// Begins the names of files that are not whole yet; no part of an asset's path does.
  static let temporaryPrefix = ".bespoke-"

  /// A name beside the target that no asset can have, as asset paths never begin a part with this prefix.
  static func temporaryName(for path: String) -> String {
    let folder = parentFolder(of: path)
    let name = folder.isEmpty ? path : String(path.dropFirst(folder.count + 1))
    let temporary = "\(temporaryPrefix)\(getpid())-\(name.utf8.count > 200 ? String(name.suffix(50)) : name)"
    return folder.isEmpty ? temporary : "\(folder)/\(temporary)"
  }

  static func writeAll(
    _ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32, path: String
  ) throws(Diagnostic) {
    var rest = UnsafeRawBufferPointer(bytes)
    while let start = rest.baseAddress, !rest.isEmpty {
      let count = Glibc.write(descriptor, start, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }

  static func failure(_ path: String) -> Diagnostic { failure(of: "'\(path)'") }

  /// The system's last error, with what mends it.
  static func failure(of subject: String) -> Diagnostic {
    let help: String? =
      switch errno {
      case ENOSPC, EDQUOT: "make room, then give the same command again"
      case EACCES, EPERM, EROFS: "choose a folder that this user may write to"
      default: nil
      }
    return Diagnostic("cannot write", "\(subject): \(String(cString: strerror(errno)))", help: help)
  }
}

/// Makes a folder and all above it.
///
/// - Throws: `Diagnostic` of kind "cannot write".
func makeFolders(_ path: String) throws(Diagnostic) {
  if path.isEmpty || isFolder(path) { return }
  try makeFolders(parentFolder(of: path))
  if mkdir(path, 0o755) != 0, errno != EEXIST || !isFolder(path) { throw AtomicFile.failure(path) }
}
