import CPluginABI
import Core
import Glibc
import Synchronization

/// The host's side of the ABI as one instance sees it; its address is the `ctx` of the host's functions.
final class HostTable: @unchecked Sendable {
  // Immutable after init; what it points at is thread-safe. Hence the unchecked conformance.
  let pointer: UnsafePointer<bespoke_host_v1>
  private let owned: UnsafeMutablePointer<bespoke_host_v1>
  let stage: String
  let resources: ResourceStore?
  let catalogue: Catalogue?
  private let log: @Sendable (LogLine) -> Void
  /// Files that the instance opened, while that is still recorded.
  private let opened = Mutex<[String: ResourceStore.File]?>([:])

  /// One line from a plugin.
  struct LogLine: Sendable {
    let level: Int32
    let stage: String
    let message: String
  }

  static let version = "0.1.0"
  static let nameAndVersion = "bespoke \(version)"

  /// The table that entry functions get: it outlives every plugin.
  static let process = HostTable(stage: "", resources: nil, catalogue: nil) { line in
    var text = line.message + "\n"
    _ = text.withUTF8 { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  init(
    stage: String, resources: ResourceStore?, catalogue: Catalogue?, log: @escaping @Sendable (LogLine) -> Void
  ) {
    self.stage = stage
    self.resources = resources
    self.catalogue = catalogue
    self.log = log
    owned = .allocate(capacity: 1)
    pointer = UnsafePointer(owned)
    owned.initialize(
      to: bespoke_host_v1(
        abi_minor: UInt32(BESPOKE_ABI_MINOR), reserved: 0, ctx: nil, name: bespoke_str("bespoke"),
        version: bespoke_str("0.1.0"), access: Accessors.table, sink: SinkTable.table,
        log: { ctx, level, message in
          guard let table = HostTable.from(ctx) else { return }
          table.log(LogLine(level: level, stage: table.stage, message: message.string))
        },
        extension: { ctx, id in
          guard let table = HostTable.from(ctx), let id else { return nil }
          return table.extension(String(cString: id))
        }))
    owned.pointee.ctx = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit { owned.deallocate() }

  /// The files that were opened so far, sorted by name; what is opened later is not recorded.
  ///
  /// Files that a plugin opens while it works would depend on which briefs its thread happened to get.
  func sealFiles() -> [ResourceStore.File] {
    opened.withLock { opened in
      defer { opened = nil }
      return (opened ?? [:]).values.sorted { $0.name < $1.name }
    }
  }

  static func from(_ ctx: UnsafeMutableRawPointer?) -> HostTable? {
    ctx.map { Unmanaged<HostTable>.fromOpaque($0).takeUnretainedValue() }
  }

  private func `extension`(_ id: String) -> UnsafeRawPointer? {
    switch id {
    case BESPOKE_RESOURCES where resources != nil: UnsafeRawPointer(Self.resourcesTable)
    case BESPOKE_CATALOGUE where catalogue != nil: UnsafeRawPointer(Self.catalogueTable)
    default: nil
    }
  }

  nonisolated(unsafe) private static let resourcesTable: UnsafePointer<bespoke_resources_v1> = permanent(
    bespoke_resources_v1(
      open: { ctx, kind, name, resource in
        guard let store = HostTable.from(ctx)?.resources, let resource else { return Status.unsupported.rawValue }
        do throws(ResourceStore.Failure) {
          let file = try store.open(kind: kind.string, name: name.string)
          HostTable.from(ctx)?.opened.withLock { $0?[file.name] = file }
          resource.pointee = file.abi
          return Status.ok.rawValue
        } catch {
          switch error {
          case .unknownKind: return Status.unsupported.rawValue
          case .outsideFolders: return Status.input.rawValue
          case .notFound, .unreadable: return Status.resource.rawValue
          }
        }
      },
      name_at: { ctx, kind, index in
        HostTable.from(ctx)?.resources?.name(kind: kind.string, at: Int(index)) ?? bespoke_str()
      }))

  nonisolated(unsafe) private static let catalogueTable: UnsafePointer<bespoke_catalogue_v1> = permanent(
    bespoke_catalogue_v1(
      count: { ctx in UInt64(HostTable.from(ctx)?.catalogue?.count ?? 0) },
      at: { ctx, index in
        guard let catalogue = HostTable.from(ctx)?.catalogue, index < catalogue.count else { return bespoke_value() }
        return catalogue.product(at: Int(index)).raw
      },
      by_id: { ctx, id in
        HostTable.from(ctx)?.catalogue?.product(id: id.buffer).raw ?? bespoke_value()
      }))
}

extension bespoke_str {
  /// A view of a literal.
  init(_ text: StaticString) {
    self.init(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}

/// A table that lives as long as the process and is never written again.
func permanent<Table>(_ table: Table) -> UnsafePointer<Table> {
  let memory = UnsafeMutablePointer<Table>.allocate(capacity: 1)
  memory.initialize(to: table)
  return UnsafePointer(memory)
}

/// The ABI's statuses; a number that is not listed counts as internal.
public enum Status: Int32, Sendable {
  case ok, skip, config, input, refused, unavailable, cancelled, deadline, resource, unsupported, `internal`

  init(abi: bespoke_status) { self = Status(rawValue: abi) ?? .internal }

  /// What a status is set to before a call, so that one that was not set is noticed.
  static let unset: bespoke_status = -12345

  /// What an answer without a message says of the plugin.
  static func words(_ status: bespoke_status, of plugin: String) -> String {
    if status == unset { return "'\(plugin)' did not set the item's status" }
    guard let known = Status(rawValue: status) else { return "'\(plugin)' answered \(status), which is no status" }
    return "'\(plugin)' answered \(known) without saying why"
  }
}
