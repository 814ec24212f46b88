import Core
import Crypto
import Glibc

/// A folder of catalogues that were read before, each under a digest of all that it depends on.
///
/// A file that is not whole, not of this program or not of this content is never used, and written anew.
public struct CatalogueCache: Sendable {
  /// Where the files lie; made where it is missing.
  public let folder: String
  /// Smaller catalogues are read each time, which takes no longer than looking them up.
  public let minimumBytes: Int

  /// How many catalogues are kept, the most recently used ones.
  static let kept = 4

  /// A cache in a folder.
  public init(folder: String, minimumBytes: Int = 4 << 20) {
    self.folder = folder
    self.minimumBytes = minimumBytes
  }

  /// The user's own cache, by the XDG base directory specification; nil where there is no home.
  public static var standard: CatalogueCache? {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    return (variable("XDG_CACHE_HOME") ?? variable("HOME").map { "\($0)/.cache" }).map {
      CatalogueCache(folder: "\($0)/bespoke/catalogues")
    }
  }

  /// What a catalogue is kept under.
  struct Key {
    let digest: [UInt8]
    /// What the file system said of the source when it was read.
    let mark: String

    var name: String { "\(hexadecimal(digest)).catalogue" }
  }

  /// The key of an input's content; nil where it is not to be kept: too small, a pipe, or dependent on other files.
  func key(of input: Manifest.Input, plan: Plan) -> Key? {
    guard let path = input.path, path != "-", let mark = Self.mark(of: path),
      let descriptor = Self.open(path, O_RDONLY)
    else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) >= minimumBytes,
      let program = Self.mark(of: "/proc/self/exe")
    else { return nil }
    let manifest = plan.manifest
    let productPath = manifest.site.productPath?.text ?? ""
    // What a partial says is not a part of the key.
    if productPath.contains("{%") { return nil }
    var hash = SHA256()
    func add(_ text: String) { hash.update(data: Array("\(text.utf8.count):\(text)".utf8)) }
    add(program)
    add(path.split(separator: "/").last.map(String.init) ?? "")
    add(input.section)
    add(manifest.site.document.json)
    add(manifest.locales.supported.joined(separator: " "))
    add(productPath)
    add("\(manifest.runTime)")
    if !productPath.isEmpty {
      for folder in manifest.templateFolders {
        for name in regularFiles(below: folder).sorted() where name.hasPrefix("locales/") {
          add(name)
          add((try? readText("\(folder)/\(name)")) ?? "")
        }
      }
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { break }
      buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    return Key(digest: Array(hash.finalize()), mark: mark)
  }

  /// The catalogue of a key; nil where there is none that is whole.
  func find(_ key: Key) -> CatalogueFile? {
    guard let descriptor = Self.open("\(folder)/\(key.name)", O_RDONLY),
      let bytes = CatalogueBytes(mapping: descriptor)
    else { return nil }
    let file = CatalogueFile(bytes, key: key.digest)
    // The files that were used last are kept.
    if file != nil { utimensat(AT_FDCWD, "\(folder)/\(key.name)", nil, 0) }
    return file
  }

  /// A new file of this folder that a catalogue may be written to; nil where none can be made.
  func newFile() -> (path: String, bytes: CatalogueBytes)? {
    guard (try? makeFolders(folder)) != nil else { return nil }
    let path = "\(folder)/.new-\(getpid())-\(monotonicNanoseconds())"
    guard let descriptor = Self.open(path, O_RDWR | O_CREAT | O_EXCL) else { return nil }
    return (path, CatalogueBytes(descriptor: descriptor))
  }

  /// Makes a written file the catalogue of a key, where its source is still what it was, and removes the oldest.
  func publish(_ path: String, as key: Key, source: String?) {
    guard let source, Self.mark(of: source) == key.mark, rename(path, "\(folder)/\(key.name)") == 0 else {
      unlink(path)
      return
    }
    let files = regularFiles(below: folder).filter { $0.hasSuffix(".catalogue") }.map { name in
      var status = stat()
      stat("\(folder)/\(name)", &status)
      return (name: name, time: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }
    let oldest = files.sorted { ($0.time, $0.nanoseconds) > ($1.time, $1.nanoseconds) }.dropFirst(Self.kept)
    for file in oldest { unlink("\(folder)/\(file.name)") }
  }

  private static func open(_ path: String, _ flags: Int32) -> Int32? {
    let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o600)
    return descriptor < 0 ? nil : descriptor
  }

  /// Size, time and number of a file, by which a change shows.
  private static func mark(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }
}
