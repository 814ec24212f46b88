import Core
import Glibc

/// All that a run writes in one tar archive: static files, assets in the order of the input, then feeds and provenance.
///
/// The same run gives the same bytes. Used by one thread at a time.
final class Archive: @unchecked Sendable {
  // Only the holder of a turn writes to it, or the one thread there is; hence the unchecked conformance.
  private let tar: TarWriter
  /// Where feeds and provenance are written before they are added; it goes away with the archive.
  let folder: String

  /// - Parameters:
  ///   - path: the archive's file; "-" for standard output.
  ///   - time: time of all members, in seconds since 1970.
  /// - Throws: `Diagnostic` of kind "cannot write".
  init(path: String, time: Int64) throws(Diagnostic) {
    let beside = path == "-" ? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" : parentFolder(of: path)
    if path != "-" { try makeFolders(beside) }
    var template = Array("\(beside.isEmpty ? "." : beside)/.bespoke-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw AtomicFile.failure(path == "-" ? beside : path) }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    do throws(Diagnostic) {
      tar = TarWriter(file: try LogFile(path: path), time: time)
    } catch {
      rmdir(folder)
      throw error
    }
  }

  /// Adds a file with its content.
  func add(_ bytes: UnsafeBufferPointer<UInt8>, path: String) throws(Diagnostic) {
    try tar.begin(path, size: bytes.count)
    try tar.append(bytes)
    try tar.end()
  }

  /// Adds what lies in `folder` and makes the archive visible.
  func finish() throws(Diagnostic) {
    for name in regularFiles(below: folder) { try add(file: "\(folder)/\(name)", path: name) }
    try tar.finish()
    removeFolder()
  }

  /// Leaves nothing behind.
  func abandon() {
    tar.abandon()
    removeFolder()
  }

  private func add(file: String, path: String) throws(Diagnostic) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AtomicFile.failure(file) }
    defer { close(descriptor) }
    try tar.begin(path, size: Int(max(0, lseek(descriptor, 0, SEEK_END))))
    lseek(descriptor, 0, SEEK_SET)
    var block = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &block, block.count)
      guard count >= 0 else { throw AtomicFile.failure(file) }
      if count == 0 { break }
      try tar.append(block[..<count])
    }
    try tar.end()
  }

  private func removeFolder() {
    for name in regularFiles(below: folder) {
      unlink("\(folder)/\(name)")
      var parent = parentFolder(of: name)
      while !parent.isEmpty, rmdir("\(folder)/\(parent)") == 0 { parent = parentFolder(of: parent) }
    }
    rmdir(folder)
  }
}
