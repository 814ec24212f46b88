import OpenAICompatible
public import PluginExport

/// The one symbol that the plugin exports.
@c @implementation
public func bespoke_plugin_main_v1(_ host: HostTable?) -> PluginTable? { export(OpenAICompatible.self, to: host) }
