import CPluginABI
import Crypto
import Glibc
import Synchronization

/// Files that plugins ask for by name: mapped once, hashed once, shared by all.
///
/// Thread-safe.
final class ResourceStore: Sendable {
  enum Failure: Error {
    case notFound, unreadable, outsideFolders, unknownKind
  }

  /// A mapped file.
  ///
  /// The mapping stays for the life of the process.
  struct File: @unchecked Sendable {
    // The bytes are mapped read-only; hence the unchecked conformance.
    let name: String
    let bytes: UnsafeRawBufferPointer
    let descriptor: Int32
    let digest: [UInt8]

    var sha256: String { hexadecimal(digest) }

    var abi: bespoke_resource_v1 {
      var resource = bespoke_resource_v1()
      resource.bytes = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      resource.length = bytes.count
      resource.fd = descriptor
      withUnsafeMutableBytes(of: &resource.sha256) { $0.copyBytes(from: digest) }
      return resource
    }
  }

  private let templateFolders: [String]
  private let modelFolder: String
  private let files = Mutex<[String: File]>([:])
  private let names = Mutex<[String: Names]>([:])

  private struct Names: @unchecked Sendable {
    // C strings that are never freed.
    let all: [UnsafeBufferPointer<CChar>]
  }

  /// Templates and locales are searched for in `templateFolders`, in order; models in `modelFolder`.
  init(templateFolders: [String], modelFolder: String) {
    self.templateFolders = templateFolders
    self.modelFolder = modelFolder
  }

  /// Where files of a kind lie; nil for a kind that this host does not know.
  private func folders(_ kind: String) -> [String]? {
    switch kind {
    case "template", "locale": templateFolders
    case "model": [modelFolder]
    default: nil
    }
  }

  /// All files opened so far, sorted by name.
  var opened: [File] { files.withLock { $0.values.sorted { $0.name < $1.name } } }

  /// Maps the file of a name.
  func open(kind: String, name: String) throws(Failure) -> File {
    guard let folders = folders(kind) else { throw .unknownKind }
    guard !name.isEmpty, !name.hasPrefix("/"), !name.utf8.contains(0),
      !name.split(separator: "/", omittingEmptySubsequences: false).contains("..")
    else { throw .outsideFolders }
    for folder in folders {
      let path = "\(folder)/\(name)"
      if let known = files.withLock({ $0[path] }) { return known }
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
      if descriptor < 0 {
        if errno == ENOENT || errno == ENOTDIR { continue }
        throw .unreadable
      }
      guard let file = Self.map(descriptor, name: name) else {
        close(descriptor)
        throw .unreadable
      }
      // Two threads may have mapped it at once; all keep the first.
      return files.withLock { files in
        if let first = files[path] { return first }
        files[path] = file
        return file
      }
    }
    throw .notFound
  }

  private static func map(_ descriptor: Int32, name: String) -> File? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let length = Int(status.st_size)
    var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    if length > 0 {
      guard let start = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
        return nil
      }
      bytes = UnsafeRawBufferPointer(start: start, count: length)
    }
    return File(name: name, bytes: bytes, descriptor: descriptor, digest: Array(SHA256.hash(data: bytes)))
  }

  /// The name at an index of all files of a kind, sorted; nil past the end.
  func name(kind: String, at index: Int) -> bespoke_str? {
    let all = names.withLock { names in
      if let known = names[kind] { return known }
      var found: Set<String> = []
      for folder in folders(kind) ?? [] { found.formUnion(regularFiles(below: folder)) }
      let listed = Names(
        all: found.sorted().map { name in
          let text = strdup(name)
          return UnsafeBufferPointer(start: text, count: name.utf8.count)
        })
      names[kind] = listed
      return listed
    }.all
    return all.indices.contains(index) ? bespoke_str(ptr: all[index].baseAddress, len: all[index].count) : nil
  }
}

/// Lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
