public import CPluginABI
public import PluginAPI
import Synchronization

/// A host in memory, for `swift test` of a plugin: no Bespoke, no shared object, no files.
///
/// ```swift
/// let host = try TestHost(resources: [TestResource(kind: "template", name: "a.txt", text: "Hello")])
/// let hello = try host.instance(of: Hello.self, config: #"{"template":"a.txt"}"#)
/// #expect(try hello.process(#"{"profile":{"first_name":"Ada"}}"#).text == "Hello Ada")
/// ```
///
/// The plugin runs behind the same C table as in production. Options are handed over unchecked; `disagreements` checks
/// that a plugin's options and its schema fit each other.
public final class TestHost: @unchecked Sendable {
  // Immutable after init but for what a lock guards; hence the unchecked conformance.
  let misusesFound: Misuses
  let resources: ResourceShelf
  let catalogue: TestDocument?
  private let lines = Mutex<[LogLine]>([])
  private let owned: UnsafeMutablePointer<bespoke_host_v1>
  private let name: UnsafeMutableBufferPointer<UInt8>

  /// One line for the operator.
  public struct LogLine: Sendable, Equatable {
    /// How important it is.
    public let level: HostServices.LogLevel
    /// The line.
    public let message: String

    /// A line.
    public init(_ level: HostServices.LogLevel, _ message: String) {
      self.level = level
      self.message = message
    }
  }

  /// A host with files and products.
  ///
  /// - Parameters:
  ///   - resources: the files that plugins may ask for.
  ///   - catalogue: a JSON array of products; nil for a host without catalogue.
  /// - Throws: `TestError` where the catalogue is not a JSON array.
  public convenience init(resources: [TestResource] = [], catalogue: String? = nil) throws(TestError) {
    let misuses = Misuses()
    let document = try catalogue.map { json throws(TestError) in
      let document = try TestDocument(name: "the catalogue", json: json, misuses: misuses)
      guard document.nodes[Int(document.rootIndex)].kind == .array else {
        throw TestError("the catalogue must be a JSON array of products")
      }
      return document
    }
    self.init(ResourceShelf(resources), document, misuses)
  }

  private init(_ resources: ResourceShelf, _ catalogue: TestDocument?, _ misuses: Misuses) {
    self.resources = resources
    self.catalogue = catalogue
    misusesFound = misuses
    owned = .allocate(capacity: 1)
    let text = Array("test host".utf8)
    name = .allocate(capacity: text.count)
    _ = name.initialize(from: text)
    owned.initialize(
      to: bespoke_host_v1(
        abi_minor: UInt32(BESPOKE_ABI_MINOR), reserved: 0, ctx: nil, name: bespoke_str(UnsafeBufferPointer(name)),
        version: bespoke_str("1.0.0"), access: TestAccessors.table, sink: TestSink.table,
        log: { ctx, level, message in
          TestHost.from(ctx)?.add(level, String(decoding: message.buffer, as: UTF8.self))
        },
        extension: { ctx, id in
          guard let host = TestHost.from(ctx), let id else { return nil }
          return host.extension(String(cString: id))
        }))
    owned.pointee.ctx = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit {
    owned.deallocate()
    name.deallocate()
  }

  /// The host's side of the ABI; valid as long as this object.
  public var table: UnsafePointer<bespoke_host_v1> { UnsafePointer(owned) }

  /// What an entry function is given: the table of a host without files and products that lives as long as the process.
  public static var entryTable: HostTable { process.table }

  private static let process = TestHost(ResourceShelf([]), nil, Misuses())

  /// What plugins logged.
  public var log: [LogLine] { lines.withLock { $0 } }

  /// What plugins did against the contract so far, in words.
  public var misuses: [String] { misusesFound.all }

  /// Makes an instance of a plugin, through its C table, and warms it up.
  ///
  /// - Parameter config: the stage's options as JSON text.
  /// - Throws: `PluginError` as `create` failed with it; `TestError` where the options are not JSON.
  public func instance<P: Plugin>(
    of type: P.Type, config: String = "{}", stage: String = "stage", threads: Int = 1, memoryLimit: UInt64 = 0
  ) throws -> TestInstance {
    guard let plugin = export(type, to: Self.entryTable) else { throw TestError("the plugin refused the host") }
    return try instance(plugin, config: config, stage: stage, threads: threads, memoryLimit: memoryLimit)
  }

  /// Makes an instance from the table that an entry function answered: the way to test a plugin in C.
  ///
  /// - Throws: as `instance(of:)`.
  public func instance(
    _ plugin: UnsafePointer<bespoke_plugin_v1>, config: String = "{}", stage: String = "stage", threads: Int = 1,
    memoryLimit: UInt64 = 0
  ) throws -> TestInstance {
    try TestInstance(
      host: self, plugin: plugin, config: config, stage: stage, threads: threads, memoryLimit: memoryLimit)
  }

  static func from(_ ctx: UnsafeMutableRawPointer?) -> TestHost? {
    ctx.map { Unmanaged<TestHost>.fromOpaque($0).takeUnretainedValue() }
  }

  private func add(_ level: Int32, _ message: String) {
    let line = LogLine(HostServices.LogLevel(rawValue: level) ?? .error, message)
    lines.withLock { $0.append(line) }
  }

  private func `extension`(_ id: String) -> UnsafeRawPointer? {
    switch id {
    case BESPOKE_RESOURCES: UnsafeRawPointer(Self.resourcesTable)
    case BESPOKE_CATALOGUE where catalogue != nil: UnsafeRawPointer(Self.catalogueTable)
    default: nil
    }
  }

  nonisolated(unsafe) private static let resourcesTable: UnsafePointer<bespoke_resources_v1> = permanent(
    bespoke_resources_v1(
      open: { ctx, kind, name, resource in
        guard let host = TestHost.from(ctx), let resource else { return PluginError.Code.internal.rawValue }
        return host.resources.open(kind.buffer, name.buffer, into: &resource.pointee)
      },
      name_at: { ctx, kind, index in
        TestHost.from(ctx)?.resources.name(kind.buffer, at: Int(index)) ?? bespoke_str()
      }))

  nonisolated(unsafe) private static let catalogueTable: UnsafePointer<bespoke_catalogue_v1> = permanent(
    bespoke_catalogue_v1(
      count: { ctx in
        TestHost.from(ctx)?.catalogue.map { UInt64($0.nodes[Int($0.rootIndex)].children.count) } ?? 0
      },
      at: { ctx, index in
        guard let document = TestHost.from(ctx)?.catalogue, let index = UInt32(exactly: index) else {
          return bespoke_value()
        }
        return TestAccessors.table.pointee.at(document.root, index)
      },
      by_id: { ctx, id in
        guard let document = TestHost.from(ctx)?.catalogue else { return bespoke_value() }
        let products = Value(document.root, TestAccessors.table)
        let match = (0..<products.count).first { products[$0]["id"].utf8.elementsEqual(id.buffer) }
        return match.map { products[$0].raw } ?? bespoke_value()
      }))
}
