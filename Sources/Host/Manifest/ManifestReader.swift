public import Core
import Crypto
import Glibc

/// All that is wrong with a manifest.
public struct ManifestError: Error, CustomStringConvertible {
  /// In the order of the file.
  public let diagnostics: [Diagnostic]

  /// All of `found`, brought into the order of the file.
  public init(diagnostics found: [Diagnostic]) {
    diagnostics = found.enumerated().sorted { left, right in
      func place(_ entry: (offset: Int, element: Diagnostic)) -> (Int, Int, Int) {
        (entry.element.location?.line ?? .max, entry.element.location?.column ?? 0, entry.offset)
      }
      return place(left) < place(right)
    }.map(\.element)
  }

  /// How many there are, then each with its excerpt.
  public var description: String {
    let count = diagnostics.count
    return "invalid manifest: \(count) error\(count == 1 ? "" : "s")\n"
      + diagnostics.map { "\($0)" }.joined(separator: "\n")
  }
}

extension Manifest {
  /// Reads a manifest.
  ///
  /// - Throws: `Diagnostic` of kind "missing file" where it cannot be read; `ManifestError` with all that is wrong.
  public init(path: String) throws {
    try self.init(path: path, text: try readText(path))
  }

  /// Reads a manifest's text; `path` says where it stands.
  public init(path: String, text: String) throws {
    let yaml = YAMLReader(file: path, text: text)
    let root: ConfigNode
    let ending = [".csv", ".tsv", ".jsonl", ".gz", ".xlsx", ".xls", ".ods"].first(where: path.lowercased().hasSuffix)
    if ending != nil {
      throw Diagnostic(
        "invalid manifest", "'\(path)' is a file of data, expected a manifest (YAML)",
        help: "'bespoke init --catalogue \(path)' makes a manifest of it")
    }
    do throws(Diagnostic) { root = try yaml.read(text) } catch { throw ManifestError(diagnostics: [error]) }
    guard case .object = root.content else {
      throw ManifestError(diagnostics: [
        Diagnostic(
          "manifest", "must be an object, got \(root.typeName)", at: root.location,
          excerpt: yaml.excerpt(root.location),
          help: "a manifest begins with 'manifest: 1'; 'bespoke init --catalogue FILE' writes one")
      ])
    }
    let reader = ManifestReader(yaml: yaml, folder: parentFolder(of: path))
    reader.hash.update(data: Array(text.utf8))
    let whole = reader.withEnvironment(reader.withFragments(root))
    let manifest = reader.read(whole, sha256: hexadecimal(reader.hash.finalize()))
    if !reader.diagnostics.isEmpty { throw ManifestError(diagnostics: reader.diagnostics) }
    self = manifest
  }
}

/// Turns nodes into a manifest and collects everything that is wrong on the way.
final class ManifestReader {
  let yaml: YAMLReader
  let folder: String
  private(set) var diagnostics: [Diagnostic] = []
  /// Of the manifest's text, its fragments, and the values of the environment variables that it declares.
  var hash = SHA256()
  var environment = Environment()
  var fragments: [String] = []
  /// Variables that are declared and have no value.
  var unset: Set<String> = []

  init(yaml: YAMLReader, folder: String) {
    self.yaml = yaml
    self.folder = folder
  }

  // MARK: Saying what is wrong

  func fault(_ subject: String, _ detail: String, at location: SourceLocation, help: String? = nil) {
    report([Diagnostic(subject, detail, at: location, help: help)])
  }

  /// Takes over what other readers found, with excerpts.
  func report(_ found: [Diagnostic]) {
    for var diagnostic in found {
      if diagnostic.excerpt == nil { diagnostic.excerpt = yaml.excerpt(diagnostic.location) }
      diagnostics.append(environment.hidden(in: diagnostic))
    }
  }

  /// Reports members that are not among `keys`.
  func checkKeys(_ node: ConfigNode, _ keys: [String], of subject: String) {
    guard case .object = node.content else {
      return fault(subject, "must be an object, got \(node.typeName)", at: node.location)
    }
    for member in node.members where !keys.contains(member.key) {
      let nearest = nearestName(to: member.key, among: keys)
      fault(
        subject, "'\(member.key)' is not a key here", at: member.keyLocation,
        help: nearest.map { "did you mean '\($0)'?" }
          ?? "keys are \(keys.map { "'\($0)'" }.joined(separator: ", "))")
    }
  }

  // MARK: Typed members

  func string(_ node: ConfigNode, _ key: String, of subject: String) -> String? {
    guard let member = node[key] else { return nil }
    switch member.content {
    case .string(let text): return text
    case .number(let text): return text
    default:
      fault(subject, "'\(key)' must be a string, got \(member.typeName)", at: member.location)
      return nil
    }
  }

  func requiredString(_ node: ConfigNode, _ key: String, of subject: String) -> String {
    if node[key] == nil { fault(subject, "lacks '\(key)'", at: node.location) }
    return string(node, key, of: subject) ?? ""
  }

  func bool(_ node: ConfigNode, _ key: String, of subject: String) -> Bool? {
    guard let member = node[key] else { return nil }
    if case .bool(let truth) = member.content { return truth }
    fault(subject, "'\(key)' must be true or false, got \(member.shown)", at: member.location)
    return nil
  }

  func number(_ node: ConfigNode, _ key: String, of subject: String, in range: ClosedRange<Double>) -> Double? {
    guard let member = node[key] else { return nil }
    guard case .number(let text) = member.content, let number = Double(text), range.contains(number) else {
      fault(
        subject, "'\(key)' must be a number in \(Self.shown(range)), got \(member.shown)", at: member.location)
      return nil
    }
    return number
  }

  private static func shown(_ range: ClosedRange<Double>) -> String {
    func shown(_ bound: Double) -> String { Int64(exactly: bound).map { "\($0)" } ?? "\(bound)" }
    return "\(shown(range.lowerBound))...\(shown(range.upperBound))"
  }

  func choice<T: RawRepresentable<String> & CaseIterable>(
    _ node: ConfigNode, _ key: String, of subject: String, as type: T.Type
  ) -> T? {
    guard let text = string(node, key, of: subject) else { return nil }
    if let value = T(rawValue: text) { return value }
    choiceFault(subject, key, text, T.allCases.map(\.rawValue), at: node[key]?.location ?? node.location)
    return nil
  }

  func choiceFault(_ subject: String, _ key: String, _ found: String, _ allowed: [String], at location: SourceLocation)
  {
    fault(
      subject, "'\(key)' must be one of \(allowed.map { "'\($0)'" }.joined(separator: ", ")), got '\(found)'",
      at: location, help: nearestName(to: found, among: allowed).map { "did you mean '\($0)'?" })
  }

  /// The elements of an array member; a single value counts as an array of one where `orOne` is set.
  func array(_ node: ConfigNode, _ key: String, of subject: String, orOne: Bool = false) -> [ConfigNode] {
    guard let member = node[key] else { return [] }
    if case .array(let elements) = member.content { return elements }
    if orOne { return [member] }
    fault(subject, "'\(key)' must be an array, got \(member.typeName)", at: member.location)
    return []
  }

  func strings(_ node: ConfigNode, _ key: String, of subject: String, orOne: Bool = false) -> [String] {
    array(node, key, of: subject, orOne: orOne).compactMap { element in
      if case .string(let text) = element.content { return text }
      fault(subject, "'\(key)' must hold strings, got \(element.typeName)", at: element.location)
      return nil
    }
  }

  /// A path relative to the manifest's folder as one that this process can open.
  func resolve(_ path: String) -> String {
    if path.hasPrefix("/") || path == "-" || folder.isEmpty { return path }
    var parts = folder.split(separator: "/", omittingEmptySubsequences: false)
    var rest = path.split(separator: "/")[...]
    // "manifests/../Templates" is "Templates"; a folder that is itself above stays as it is.
    while rest.first == "..", let last = parts.last, last != "..", last != ".", !last.isEmpty {
      parts.removeLast()
      rest.removeFirst()
    }
    let joined = (parts + rest).joined(separator: "/")
    return joined.isEmpty ? "." : joined
  }
}

/// The folder part of a path; empty where there is none.
func parentFolder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "" }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// A whole text file.
///
/// - Throws: `Diagnostic` of kind "missing file" or "unreadable file".
func readText(_ path: String) throws(Diagnostic) -> String {
  let bytes = try readBytes(path)
  if let text = String(validating: bytes, as: UTF8.self) { return text }
  let help = "save the file as UTF-8"
  if [[0xFF, 0xFE], [0xFE, 0xFF]].contains(Array(bytes.prefix(2))) {
    throw Diagnostic("unreadable file", "'\(path)' is UTF-16, expected UTF-8", help: help)
  }
  let place = bytes.withUnsafeBufferPointer { bytes in
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return SourceLocation(file: path)
    } catch {
      return SourceLocation(file: path, source: bytes, offset: error.byteOffsets.lowerBound)
    }
  }
  throw Diagnostic("unreadable file", "the text is not UTF-8 from here on", at: place, help: help)
}

/// A whole file.
///
/// - Throws: `Diagnostic` of kind "missing file" or "unreadable file".
func readBytes(_ path: String) throws(Diagnostic) -> [UInt8] {
  if isFolder(path) {
    let manifest = folderEntries(path).sorted().first { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    let name = path.hasSuffix("/") ? path : "\(path)/"
    throw Diagnostic(
      "unreadable file", "'\(path)' is a folder, expected a file", help: manifest.map { "did you mean '\(name)\($0)'?" }
    )
  }
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    let kind = errno == ENOENT ? "missing file" : "unreadable file"
    let reason = String(cString: strerror(errno))
    throw Diagnostic(kind, "'\(path)': \(reason)", help: kind == "missing file" ? nearestFile(to: path) : nil)
  }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  while true {
    let count = bytes.withUnsafeMutableBufferPointerAppending(65536) { read(descriptor, $0, 65536) }
    if count < 0 { throw Diagnostic("unreadable file", "'\(path)': \(String(cString: strerror(errno)))") }
    if count == 0 { return bytes }
  }
}

extension [UInt8] {
  /// Lets `body` write up to `room` bytes behind the last; it answers how many, or less than none.
  fileprivate mutating func withUnsafeMutableBufferPointerAppending(
    _ room: Int, _ body: (UnsafeMutableRawPointer) -> Int
  ) -> Int {
    let before = count
    append(contentsOf: repeatElement(0, count: room))
    let written = withUnsafeMutableBytes { bytes -> Int in
      guard let start = bytes.baseAddress else { return 0 }
      return body(start + before)
    }
    removeLast(room - Swift.max(0, written))
    return written
  }
}
