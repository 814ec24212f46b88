import Core
import Glibc

/// The folders of a manifest's templates as they are now, not as they were when the plan was made.
struct TemplateFolders: Sendable {
  let folders: [String]

  /// A file of the first folder that has it.
  func read(_ name: String) -> [UInt8]? {
    guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else { return nil }
    for folder in folders {
      if let bytes = try? readBytes("\(folder)/\(name)") { return bytes }
    }
    return nil
  }

  /// The name within the folders of a file that a user named by its path or by that name; nil where they do not hold it.
  func name(of file: String) -> String? {
    if let path = resolved(file) {
      for folder in folders {
        guard let root = resolved(folder), path.hasPrefix(root + "/") else { continue }
        return String(path.dropFirst(root.count + 1))
      }
      return nil
    }
    return [file, file + ".liquid"].first { read($0) != nil }
  }

  /// When each file was changed last: other values mean other contents.
  var stamps: [String: Int] {
    var result: [String: Int] = [:]
    for folder in folders {
      for name in regularFiles(below: folder) { result["\(folder)/\(name)"] = stamp("\(folder)/\(name)") }
    }
    return result
  }

  /// When a file was changed last, in nanoseconds; nil where there is none.
  func stamp(_ path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec &+ Int(status.st_size)
  }

  private func resolved(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }
}
