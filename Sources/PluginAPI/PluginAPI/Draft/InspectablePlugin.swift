import CPluginABI

/// A plugin that tells what one of its files, such as a model, holds.
///
/// Draft: behind "bespoke.inspect/1", which may still change.
public protocol InspectablePlugin: Plugin {
  /// JSON Schema (2020-12) of what can be asked, as JSON text; without it, nothing can.
  static var inspectionConfig: String { get }
  /// Writes a JSON object with at least the member "format" to `output.open(.json)`.
  ///
  /// - Throws: `PluginError`, with code `input` for a file that is not the plugin's or is damaged.
  static func inspect(_ file: InspectedFile, into output: Output) throws
}

extension InspectablePlugin {
  /// Nothing can be asked.
  public static var inspectionConfig: String { #"{"type":"object","additionalProperties":false}"# }
}

/// A file to look into.
///
/// Borrowed: valid until `inspect` returns.
public struct InspectedFile {
  /// What is asked: an object that fits the schema.
  public let config: Value
  /// The host's services.
  public let host: HostServices
  /// For messages.
  public let name: String
  /// The content.
  public let bytes: UnsafeBufferPointer<UInt8>

  init?(_ raw: bespoke_inspect_request_v1) {
    guard let host = raw.host else { return nil }
    config = Value(raw.config, host.pointee.access)
    self.host = HostServices(host)
    name = String(decoding: raw.name.buffer, as: UTF8.self)
    bytes = UnsafeBufferPointer(start: raw.bytes, count: raw.bytes == nil ? 0 : raw.length)
  }
}
