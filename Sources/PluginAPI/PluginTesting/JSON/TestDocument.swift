import CPluginABI
import PluginAPI
import Synchronization

/// A document in memory that a test host lends for a while.
///
/// When the loan is over it is poisoned: its bytes are overwritten, and every question about it is a misuse. It is kept
/// until the host goes, so that a late question finds an answer instead of freed memory.
final class TestDocument: @unchecked Sendable {
  // Nodes never change after init; the rest is guarded by its own lock or atomic. Hence the unchecked conformance.
  struct Node {
    var kind: Value.Kind
    /// Text of a string or number; for a boolean, one byte for true and none for false.
    var text = 0..<0
    /// Elements of an array, member values of an object.
    var children: [UInt32] = []
    var keys: [Range<Int>] = []
  }

  let nodes: [Node]
  let rootIndex: UInt32
  private let name: String
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let misuses: Misuses
  private let isOver = Atomic<Bool>(false)
  private let asked = Mutex<[UInt32: Set<String>]>([:])

  /// - Parameters:
  ///   - name: what the document is, for reports of misuse.
  ///   - misuses: where questions after the loan are reported.
  init(name: String, json: String, misuses: Misuses) throws(TestError) {
    var reader = JSONReader(json)
    do throws(TestError) {
      rootIndex = try reader.document()
    } catch {
      throw TestError("\(name): \(error.message)")
    }
    self.name = name
    self.misuses = misuses
    nodes = reader.nodes
    bytes = .allocate(capacity: reader.text.count)
    _ = bytes.initialize(from: reader.text)
  }

  deinit { bytes.deallocate() }

  /// The handle of a node as it crosses the ABI; valid while the document is.
  func raw(_ node: UInt32) -> bespoke_value {
    bespoke_value(doc: OpaquePointer(Unmanaged.passUnretained(self).toOpaque()), node: node, reserved: 0)
  }

  var root: bespoke_value { raw(rootIndex) }

  /// Ends the loan.
  func poison() {
    isOver.store(true, ordering: .releasing)
    let pattern = Array("POISONED".utf8)
    for index in bytes.indices { bytes[index] = pattern[index % pattern.count] }
  }

  func text(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: bytes[range]) }

  func string(_ range: Range<Int>) -> String { String(decoding: text(range), as: UTF8.self) }

  /// The value of a key, the last of repeated ones.
  func member(_ node: UInt32, _ key: String) -> UInt32? {
    let keys = nodes[Int(node)].keys
    return keys.lastIndex { string($0) == key }.map { nodes[Int(node)].children[$0] }
  }

  /// Keys that were asked for with `get`, by the node of their object.
  var askedKeys: [UInt32: Set<String>] { asked.withLock { $0 } }

  func ask(_ node: UInt32, _ key: String) { asked.withLock { _ = $0[node, default: []].insert(key) } }

  /// The document and node behind a handle; nil where it is missing, or no longer lent.
  static func find(_ value: bespoke_value, _ question: StaticString) -> (document: TestDocument, node: Node)? {
    guard let pointer = value.doc else { return nil }
    let document = Unmanaged<TestDocument>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
    guard !document.isOver.load(ordering: .acquiring) else {
      document.misuses.add("\(document.name) was asked for '\(question)' after the call that lent it had returned")
      return nil
    }
    guard document.nodes.indices.contains(Int(value.node)) else {
      document.misuses.add("\(document.name) has no node \(value.node): the handle was changed")
      return nil
    }
    return (document, document.nodes[Int(value.node)])
  }
}

/// What a plugin did against the contract.
final class Misuses: Sendable {
  private let found = Mutex<[String]>([])

  func add(_ misuse: String) { found.withLock { $0.append(misuse) } }

  var all: [String] { found.withLock { $0 } }
}
