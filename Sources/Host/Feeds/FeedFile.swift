import Core
import Glibc
import Markup

/// A file that is written under a temporary name in its own folder and becomes visible whole, or not at all.
///
/// The temporary name is fixed, so that what a killed run leaves behind is overwritten by the next. XML is checked while it
/// is written, so that little is left to do at the end.
final class FeedFile {
  private let folder: String
  private let name: String
  private let temporaryPath: String
  private var descriptor: Int32
  /// Reads what is written; nil where that is no XML, or over.
  private var stream: XMLStreamCheck?
  /// Whether what was read by a stream is well-formed.
  private var isWellFormed: Bool

  /// Creates the temporary file.
  ///
  /// - Parameters:
  ///   - path: where the file is to appear; its folder exists.
  ///   - part: tells several temporary files for one path apart.
  ///   - isXML: whether what is written is checked as XML.
  init(path: String, part: String = "", isXML: Bool = true) throws(Diagnostic) {
    stream = isXML ? XMLStreamCheck() : nil
    isWellFormed = isXML
    let slash = path.lastIndex(of: "/")
    folder = slash.map { String(path[...$0]) } ?? "./"
    name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    temporaryPath = "\(folder)\(AtomicFile.temporaryPrefix)\(name)\(part)"
    descriptor = open(temporaryPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    if descriptor < 0 { throw failure("create") }
  }

  deinit { abandon() }

  /// Writes bytes and empties them, keeping their memory.
  func write(_ bytes: inout [UInt8]) throws(Diagnostic) {
    stream?.feed(bytes)
    try append(&bytes)
  }

  /// Has the check read a text that is not part of the file, but stands around it where it is going to lie.
  func assume(_ text: [UInt8]) { stream?.feed(text) }

  private func append(_ bytes: inout [UInt8]) throws(Diagnostic) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("write")
      }
      offset += count
    }
    bytes.removeAll(keepingCapacity: true)
  }

  /// Writes everything that another file holds, which is not written to any more.
  ///
  /// The other's text and what is assumed around it must be well-formed, and so must this file's without it: then
  /// both together are, as the content of an element is any number of such contents.
  func write(contentsOf other: FeedFile) throws(Diagnostic) {
    other.end()
    isWellFormed = isWellFormed && other.isWellFormed
    if lseek(other.descriptor, 0, SEEK_SET) < 0 { throw other.failure("read") }
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let size = piece.count
      let count = piece.withUnsafeMutableBytes { read(other.descriptor, $0.baseAddress, size) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw other.failure("read") }
      if count == 0 { return }
      var filled = Array(piece[..<count])
      try append(&filled)
    }
  }

  /// Says that nothing more will be written.
  func end() {
    if let stream { isWellFormed = stream.finish() && isWellFormed }
    stream = nil
  }

  /// Checks the file, brings it to the disk and gives it its name, or another in the same folder.
  func commit(_ check: FeedCheck = .xml, as other: String? = nil) throws {
    let name = other ?? name
    do {
      // Where the stream was at fault, reading the file tells the place.
      end()
      try check.file(at: temporaryPath, named: name, isWellFormed: isWellFormed)
      if fsync(descriptor) != 0 { throw failure("flush") }
      if rename(temporaryPath, folder + name) != 0 { throw failure("rename") }
    } catch {
      abandon()
      throw error
    }
    close(descriptor)
    descriptor = -1
    // The name is on the disk once the folder is; a file system that cannot flush folders keeps its own order.
    let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if opened >= 0 {
      fsync(opened)
      close(opened)
    }
  }

  /// Removes the temporary file; after `commit` nothing is left to remove.
  func abandon() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    unlink(temporaryPath)
  }

  private func failure(_ action: String) -> Diagnostic {
    // A full disk ends a run in a way that the next one can go on with: see `Checkpoint.end`.
    AtomicFile.failure(of: "feed '\(name)', at '\(action)'")
  }
}
