public import CPluginABI

/// What the host offers an instance.
///
/// Thread-safe; valid as long as the instance.
public struct HostServices: @unchecked Sendable {
  // The pointer's target is immutable and lives as long as the instance; hence the unchecked conformance.
  let host: UnsafePointer<bespoke_host_v1>

  /// Wraps the host's table.
  public init(_ host: UnsafePointer<bespoke_host_v1>) { self.host = host }

  /// The host's accessors, for those who read values without `Value`.
  public var access: UnsafePointer<bespoke_access_v1> { host.pointee.access }

  /// How important a line of the log is.
  public enum LogLevel: Int32, Sendable {
    case debug, info, warning, error
  }

  /// Writes one line for the operator; never a profile's content.
  public func log(_ level: LogLevel, _ message: String) {
    withText(message) { host.pointee.log(host.pointee.ctx, level.rawValue, $0) }
  }

  /// A file by name, mapped read-only.
  ///
  /// - Parameters:
  ///   - kind: "template", "locale" or "model".
  ///   - name: relative to the folders that the manifest allows.
  /// - Throws: `PluginError` with code `resource`, `input` or `unsupported`.
  public func resource(kind: StaticString, named name: String) throws -> Resource {
    guard let table = host.pointee.extension(host.pointee.ctx, BESPOKE_RESOURCES) else {
      throw PluginError(.unsupported, "this host offers no resources")
    }
    var resource = bespoke_resource_v1()
    let resources = table.assumingMemoryBound(to: bespoke_resources_v1.self)
    let status = withText(name) { resources.pointee.open(host.pointee.ctx, bespoke_str(kind), $0, &resource) }
    guard status == BESPOKE_OK.rawValue else {
      let code = PluginError.Code(rawValue: status) ?? .resource
      switch code {
      case .unsupported: throw PluginError(code, "this host has no resources of kind '\(kind)'")
      case .input: throw PluginError(code, "'\(name)' leaves the folders in which a \(kind) may lie")
      default: throw PluginError(code, "there is no \(kind) called '\(name)', or it cannot be read")
      }
    }
    return Resource(resource)
  }

  /// The names of all resources of a kind, sorted.
  public func resourceNames(kind: StaticString) -> [String] {
    guard let table = host.pointee.extension(host.pointee.ctx, BESPOKE_RESOURCES) else { return [] }
    let resources = table.assumingMemoryBound(to: bespoke_resources_v1.self)
    var names: [String] = []
    while true {
      let name = resources.pointee.name_at(host.pointee.ctx, bespoke_str(kind), UInt32(names.count)).buffer
      if name.isEmpty { return names }
      names.append(String(decoding: name, as: UTF8.self))
    }
  }

  /// The products of the run, or nil where there are none.
  public var catalogue: Catalogue? {
    host.pointee.extension(host.pointee.ctx, BESPOKE_CATALOGUE).map {
      Catalogue(host: host, table: $0.assumingMemoryBound(to: bespoke_catalogue_v1.self))
    }
  }
}

/// A file that the host mapped.
///
/// The bytes live as long as the instance.
public struct Resource: @unchecked Sendable {
  // The bytes are mapped read-only by the host; hence the unchecked conformance.
  /// The content.
  public let bytes: UnsafeBufferPointer<UInt8>
  /// The content as a String, invalid UTF-8 replaced.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
  /// Open for reading, not to be closed; negative where the host has none to give.
  public let fileDescriptor: Int32
  /// Lower-case hexadecimal digest of the content.
  public let sha256: String

  init(_ resource: bespoke_resource_v1) {
    bytes = UnsafeBufferPointer(start: resource.bytes, count: resource.length)
    fileDescriptor = resource.fd
    sha256 = withUnsafeBytes(of: resource.sha256) { digest in
      digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }
}

/// The products of the run.
public struct Catalogue: @unchecked Sendable {
  // As for HostServices.
  let host: UnsafePointer<bespoke_host_v1>
  let table: UnsafePointer<bespoke_catalogue_v1>

  /// How many products there are.
  public var count: Int { Int(table.pointee.count(host.pointee.ctx)) }

  /// The product at an index, in catalogue order; missing past the end.
  public subscript(index: Int) -> Value {
    Value(table.pointee.at(host.pointee.ctx, UInt64(max(0, index))), host.pointee.access)
  }

  /// The product with this id; missing where there is none.
  public func product(id: UnsafeBufferPointer<UInt8>) -> Value {
    Value(table.pointee.by_id(host.pointee.ctx, bespoke_str(id)), host.pointee.access)
  }
}
