import Core
import Glibc

/// Where assets go.
public enum SinkKind: Sendable {
  /// Files below a folder.
  case folder(String)
  /// One tar archive; "-" for standard output.
  case tar(String)
  /// One JSON object a line for each asset, in one file; "-" for standard output.
  case jsonLines(String)
  /// Nowhere: for measuring.
  case null

  /// What is written a line an asset.
  var lines: AssetLines {
    switch self {
    case .folder, .tar: .provenance
    case .jsonLines: .content
    case .null: .none
    }
  }
}

/// Writes the assets of one thread; with neither folder nor archive they go nowhere.
struct SinkWriter: ~Copyable {
  private let folder: OutputFolder?
  /// Where assets of one archive go; only the holder of a turn may write to it.
  private let archive: Archive?
  /// Open folders by their path below the output folder.
  private var parents: [String: Int32] = [:]
  private static let mostOpen = 64
  private let temporary: String
  private var old: [UInt8] = []
  /// Files that held the same bytes already.
  private(set) var unchanged = 0

  /// - Parameter number: another one for each thread, as it names the file that is not whole yet.
  init(_ folder: OutputFolder?, archive: Archive?, number: Int) {
    self.folder = folder
    self.archive = archive
    temporary = "asset-\(number)"
  }

  deinit { for descriptor in parents.values { close(descriptor) } }

  /// Writes one asset, unless its file holds these bytes already; `path` is clean and relative.
  ///
  /// - Throws: `Diagnostic` of kind "cannot write"; the former file stays then.
  mutating func write(_ bytes: UnsafeBufferPointer<UInt8>, path: String) throws(Diagnostic) {
    if let archive { return try archive.add(bytes, path: path) }
    guard let folder else { return }
    let parent = parentFolder(of: path)
    let name = parent.isEmpty ? path : String(path.dropFirst(parent.count + 1))
    let into = try descriptor(of: parent, in: folder)
    if !folder.wasEmpty, holds(bytes, into, name) {
      unchanged += 1
      return
    }
    let file = openat(folder.work, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard file >= 0 else { throw AtomicFile.failure("\(folder.path)/\(path)") }
    do throws(Diagnostic) {
      try AtomicFile.writeAll(bytes, to: file, path: "\(folder.path)/\(path)")
    } catch {
      close(file)
      unlinkat(folder.work, temporary, 0)
      throw error
    }
    guard close(file) == 0, renameat(folder.work, temporary, into, name) == 0 else {
      let failure = AtomicFile.failure("\(folder.path)/\(path)")
      unlinkat(folder.work, temporary, 0)
      throw failure
    }
  }

  private mutating func descriptor(of parent: String, in folder: OutputFolder) throws(Diagnostic) -> Int32 {
    if let open = parents[parent] { return open }
    let opened = try folder.openFolder(parent, makes: true)
    if parents.count >= Self.mostOpen {
      for descriptor in parents.values { close(descriptor) }
      parents.removeAll()
    }
    parents[parent] = opened
    return opened
  }

  /// Whether a regular file of this name holds these bytes.
  private mutating func holds(_ bytes: UnsafeBufferPointer<UInt8>, _ parent: Int32, _ name: String) -> Bool {
    let file = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == bytes.count else {
      return false
    }
    if old.count < bytes.count { old = Array(repeating: 0, count: bytes.count) }
    return old.withUnsafeMutableBytes { old in
      var filled = 0
      while filled < bytes.count {
        let count = read(file, old.baseAddress.map { $0 + filled }, bytes.count - filled)
        if count <= 0 { return false }
        filled += count
      }
      guard let old = old.baseAddress, let new = bytes.baseAddress else { return true }
      return memcmp(old, new, filled) == 0
    }
  }
}
