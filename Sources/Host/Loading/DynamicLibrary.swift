import Core
import Glibc

/// A shared object that was opened once and stays: an image with Swift code in it must never be unloaded.
struct DynamicLibrary: @unchecked Sendable {
  // The handle is only passed to `dlsym`, which is thread-safe; hence the unchecked conformance.
  private let handle: UnsafeMutableRawPointer
  /// The file as the user named it.
  let file: String

  /// Opens a shared object with all its symbols bound now and none of them visible to others.
  ///
  /// - Throws: `Diagnostic` of kind "plugin not found" or "plugin not loaded".
  init(path: String) throws(Diagnostic) {
    file = path
    guard access(path, F_OK) == 0 else {
      throw Diagnostic("plugin not found", "there is no file '\(path)'")
    }
    try ObjectFile.check(path: path)
    // A name without a slash would be searched for in the system's folders.
    let path = path.contains("/") ? path : "./\(path)"
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | Int32(RTLD_NODELETE)) else {
      let reason = Self.reason(path)
      throw Diagnostic("plugin not loaded", "'\(file)': \(reason)", help: Self.help(reason))
    }
    self.handle = handle
  }

  /// The address of a symbol, or nil.
  func symbol(_ name: String) -> UnsafeMutableRawPointer? { dlsym(handle, name) }

  private static func help(_ reason: String) -> String? {
    if reason.contains("cannot open shared object file") {
      return "install that library, or link it statically; `bespoke plugins validate` lists what a plugin needs"
    }
    if reason.contains("undefined symbol") {
      return "link what defines that symbol; -Wl,-z,defs finds it at build time"
    }
    return nil
  }

  /// The loader's words without the path, which may be absolute.
  private static func reason(_ path: String) -> String {
    guard let words = dlerror() else { return "the loader gave no reason" }
    let text = String(cString: words)
    return text.hasPrefix("\(path): ") ? String(text.dropFirst(path.count + 2)) : text
  }
}
