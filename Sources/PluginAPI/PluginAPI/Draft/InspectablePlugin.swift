/// A plugin that tells what one of its files, such as a model, holds.
///
/// Draft: behind "bespoke.inspect/1", which may still change.
public protocol InspectablePlugin: Plugin {
  /// Writes a JSON object with at least the member "format" to `output.open(.json)`.
  ///
  /// - Throws: `PluginError`, with code `input` for a file that is not the plugin's or is damaged.
  static func inspect(_ file: InspectedFile, into output: Output) throws
}

/// A file to look into.
///
/// Borrowed: valid until `inspect` returns.
public struct InspectedFile {
  /// For messages.
  public let name: String
  /// The content.
  public let bytes: UnsafeBufferPointer<UInt8>
}
