import Core
import Glibc

/// The files of a manifest's `static` folders: copied as they are, below the output folder.
struct StaticFiles {
  private(set) var files: [(path: String, source: String)] = []

  /// Lists the files, hidden ones left out, sorted by their output path.
  ///
  /// - Throws: `Diagnostic` of kind "invalid path" for a name that cannot be written as it is.
  init(_ folders: [Manifest.StaticFolder]) throws(Diagnostic) {
    for folder in folders {
      for name in regularFiles(below: folder.from) {
        let path = folder.to.isEmpty ? name : "\(folder.to)/\(name)"
        guard AssetPath.isSafe(path) else {
          throw Diagnostic("invalid path", "static file '\(path)' has a name that is not safe")
        }
        files.append((path, "\(folder.from)/\(name)"))
      }
    }
    files.sort { $0.path < $1.path }
  }

  /// Copies the file at an index.
  func copy(_ index: Int, with sink: inout SinkWriter) throws(Diagnostic) {
    let bytes = try readBytes(files[index].source)
    let result: Result<Void, Diagnostic> = bytes.withUnsafeBufferPointer { bytes in
      do throws(Diagnostic) {
        return .success(try sink.write(bytes, path: files[index].path))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }
}

/// Relative names of all files below a folder, at most eight folders deep, sorted; hidden ones left out.
func regularFiles(below folder: String) -> [String] {
  var found: [String] = []
  func list(_ prefix: String, _ depth: Int) {
    for entry in folderEntries(prefix.isEmpty ? folder : "\(folder)/\(prefix)") where !entry.hasPrefix(".") {
      let name = prefix.isEmpty ? entry : "\(prefix)/\(entry)"
      var status = stat()
      guard stat("\(folder)/\(name)", &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: if depth < 8 { list(name, depth + 1) }
      case S_IFREG: found.append(name)
      default: break
      }
    }
  }
  list("", 0)
  return found.sorted()
}
