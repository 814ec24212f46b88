import Core
import Glibc

/// What a run is made of, part by part, so that a checkpoint can say what differs.
struct PlanFingerprint: Equatable {
  /// By the part's name for people: "input 'catalogue'" and the like.
  private(set) var parts: [String: String] = [:]

  /// - Parameter files: what the plugins read to make themselves ready.
  init(_ plan: Plan, files: [ResourceStore.File]) {
    let manifest = plan.manifest
    parts["manifest '\(manifest.file)'"] = manifest.sha256
    for fragment in manifest.fragments { parts["fragment '\(fragment)'"] = Self.hash(ofFile: fragment) }
    for (name, input) in [("catalogue", manifest.catalogue), ("profiles", manifest.profiles)] {
      if let path = input?.path { parts["input '\(name)'"] = Self.hash(ofFile: path) }
    }
    for plugin in plan.plugins.values {
      parts["plugin '\(plugin.id)'"] = "\(plugin.version) \(Self.hash(ofFile: plugin.file))"
    }
    for file in files { parts["file '\(file.name)'"] = file.sha256 }
  }

  init?(json: String) {
    guard let document = try? Document(json: json) else { return nil }
    withExtendedLifetime(document) {
      for index in 0..<document.root.count {
        parts[String(decoding: document.root.key(at: index), as: UTF8.self)] = document.root[index].string
      }
    }
  }

  var json: String {
    Document { builder in
      builder.beginObject()
      for (name, hash) in parts.sorted(by: { $0.key < $1.key }) {
        builder.key(name)
        builder.string(hash)
      }
      builder.end()
    }.json
  }

  /// What differs, in words; nil where nothing does.
  func difference(from other: PlanFingerprint) -> String? {
    var reasons: [String] = []
    for name in Set(parts.keys).union(other.parts.keys).sorted() {
      switch (parts[name], other.parts[name]) {
      case (let before?, let now?) where before != now: reasons.append("\(name) has changed")
      case (nil, _?): reasons.append("\(name) is new")
      case (_?, nil): reasons.append("\(name) is used no more")
      default: break
      }
    }
    if reasons.isEmpty { return nil }
    let shown = reasons.prefix(5).joined(separator: ", ")
    return reasons.count > 5 ? "\(shown), and \(reasons.count - 5) more" : shown
  }

  /// A hash of a file's content; standard input has none, as it cannot be read twice.
  private static func hash(ofFile path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      if descriptor >= 0 { close(descriptor) }
      return ""
    }
    defer { close(descriptor) }
    var hash = SeedHash(0)
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let size = block.count
      let count = block.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, size) }
      if count <= 0 { break }
      hash.combine(block.withUnsafeBufferPointer { contentHash(UnsafeBufferPointer(rebasing: $0[..<count])) })
    }
    return String(hash.value, radix: 16)
  }
}
