import NGramModel
public import PluginExport

/// The one symbol that the plugin exports.
@c @implementation
public func bespoke_plugin_main_v1(_ host: UnsafePointer<bespoke_host_v1>?) -> UnsafePointer<bespoke_plugin_v1>? {
  export(NGramPlugin.self, to: host)
}
