import Core
import Glibc

/// The folder that a run writes to: held by one process at a time, and never left through a symbolic link below it.
final class OutputFolder: Sendable {
  /// Where a run keeps what is not whole yet, and its checkpoint; no asset's path begins with it.
  static let workName = ".bespoke-checkpoint"

  let path: String
  /// On the same file system as the assets, so that a file is moved out in one step.
  let work: Int32
  /// Whether nothing lay in it.
  let wasEmpty: Bool
  private let root: Int32

  /// Opens and locks the folder, makes it where it is missing, and removes the half-written files of a killed run.
  ///
  /// - Throws: `Diagnostic` of kind "folder in use" where another process writes to it, "cannot write" otherwise.
  init(path: String) throws(Diagnostic) {
    var found = stat()
    if stat(path, &found) == 0, found.st_mode & S_IFMT != S_IFDIR {
      throw Diagnostic(
        "cannot write", "'\(path)' is a file, expected a folder", help: "name another place with '--output'")
    }
    try makeFolders(path)
    let root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard root >= 0 else { throw AtomicFile.failure(path) }
    // The lock lies on the folder itself: it leaves no file behind and ends with the process.
    guard flock(root, LOCK_EX | LOCK_NB) == 0 else {
      let isHeld = errno == EWOULDBLOCK
      let failure = AtomicFile.failure(path)
      close(root)
      throw isHeld
        ? Diagnostic("folder in use", "another run writes to '\(path)'", help: "wait for it, or choose another folder")
        : failure
    }
    let entries = folderEntries(path)
    let isMade = mkdirat(root, Self.workName, 0o755) == 0 || errno == EEXIST
    let work = isMade ? openat(root, Self.workName, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1
    guard work >= 0, faccessat(root, ".", W_OK | X_OK, 0) == 0 else {
      let failure = AtomicFile.failure(path)
      if work >= 0 { close(work) }
      close(root)
      throw failure
    }
    self.path = path
    self.root = root
    self.work = work
    wasEmpty = entries.isEmpty
    for name in folderEntries("\(path)/\(Self.workName)") where name.hasPrefix("asset-") { unlinkat(work, name, 0) }
    for name in entries where name.hasPrefix(AtomicFile.temporaryPrefix) && name != Self.workName {
      unlinkat(root, name, 0)
    }
  }

  /// Removes the work folder; it stays where something lies in it.
  func removeWork() { unlinkat(root, Self.workName, AT_REMOVEDIR) }

  deinit {
    removeWork()
    close(work)
    close(root)
  }

  /// Opens a folder below this one; no part of its path may be a symbolic link.
  ///
  /// - Parameter makes: whether what is missing is made.
  /// - Throws: `Diagnostic` of kind "cannot write". The caller closes the descriptor.
  func openFolder(_ relative: String, makes: Bool) throws(Diagnostic) -> Int32 {
    var current = fcntl(root, F_DUPFD_CLOEXEC, 0)
    for part in relative.split(separator: "/") {
      let name = String(part)
      var next = openat(current, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if makes, next < 0, errno == ENOENT {
        // Another thread may make it at the same time.
        mkdirat(current, name, 0o755)
        next = openat(current, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      }
      let failure = AtomicFile.failure("\(path)/\(relative)")
      if current >= 0 { close(current) }
      guard next >= 0 else { throw failure }
      current = next
    }
    guard current >= 0 else { throw AtomicFile.failure("\(path)/\(relative)") }
    return current
  }

  /// Whether a regular file lies at a relative path.
  func hasFile(_ relative: String) -> Bool {
    withParent(of: relative) { parent, name in
      var status = stat()
      return fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFREG
    } ?? false
  }

  /// Removes a file and the folders that are empty then; false where it could not be removed.
  func remove(_ relative: String) -> Bool {
    guard withParent(of: relative, { unlinkat($0, $1, 0) == 0 }) == true else { return false }
    var folder = parentFolder(of: relative)
    while !folder.isEmpty, withParent(of: folder, { unlinkat($0, $1, AT_REMOVEDIR) == 0 }) == true {
      folder = parentFolder(of: folder)
    }
    return true
  }

  private func withParent<R>(of relative: String, _ body: (Int32, String) -> R) -> R? {
    let folder = parentFolder(of: relative)
    do throws(Diagnostic) {
      let parent = try openFolder(folder, makes: false)
      defer { close(parent) }
      return body(parent, folder.isEmpty ? relative : String(relative.dropFirst(folder.count + 1)))
    } catch {
      return nil
    }
  }
}
