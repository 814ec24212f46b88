import CPluginABI
import PluginAPI

/// A file in memory.
public struct TestResource: Sendable {
  let kind: String
  let name: String
  let content: [UInt8]

  /// A file of text.
  public init(kind: String, name: String, text: String) { self.init(kind: kind, name: name, bytes: Array(text.utf8)) }

  /// A file of bytes.
  public init(kind: String, name: String, bytes: [UInt8]) {
    self.kind = kind
    self.name = name
    content = bytes
  }
}

/// The files of a host, in memory that stays where it is as long as the shelf.
final class ResourceShelf: @unchecked Sendable {
  // Never changes after init; hence the unchecked conformance.
  private struct File {
    let kind: [UInt8]
    let name: UnsafeMutableBufferPointer<UInt8>
    let content: UnsafeMutableBufferPointer<UInt8>
    let digest: [UInt8]
  }

  private let files: [File]

  init(_ resources: [TestResource]) {
    func keep(_ bytes: [UInt8]) -> UnsafeMutableBufferPointer<UInt8> {
      let kept = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
      _ = kept.initialize(from: bytes)
      return kept
    }
    files = resources.sorted { $0.name < $1.name }.map {
      File(
        kind: Array($0.kind.utf8), name: keep(Array($0.name.utf8)), content: keep($0.content),
        digest: sha256($0.content))
    }
  }

  deinit {
    for file in files {
      file.name.deallocate()
      file.content.deallocate()
    }
  }

  func open(
    _ kind: UnsafeBufferPointer<UInt8>, _ name: UnsafeBufferPointer<UInt8>, into resource: inout bespoke_resource_v1
  ) -> bespoke_status {
    guard ["template", "locale", "model"].contains(where: { kind.elementsEqual($0.utf8) }) else {
      return PluginError.Code.unsupported.rawValue
    }
    let path = String(decoding: name, as: UTF8.self)
    guard !path.isEmpty, !path.hasPrefix("/"),
      !path.split(separator: "/", omittingEmptySubsequences: false).contains("..")
    else { return PluginError.Code.input.rawValue }
    guard let file = files.first(where: { $0.kind.elementsEqual(kind) && $0.name.elementsEqual(name) }) else {
      return PluginError.Code.resource.rawValue
    }
    resource.bytes = UnsafePointer(file.content.baseAddress)
    resource.length = file.content.count
    resource.fd = -1
    withUnsafeMutableBytes(of: &resource.sha256) { $0.copyBytes(from: file.digest) }
    return statusOK
  }

  func name(_ kind: UnsafeBufferPointer<UInt8>, at index: Int) -> bespoke_str {
    let names = files.filter { $0.kind.elementsEqual(kind) }.map(\.name)
    return names.indices.contains(index) ? bespoke_str(UnsafeBufferPointer(names[index])) : bespoke_str()
  }
}
