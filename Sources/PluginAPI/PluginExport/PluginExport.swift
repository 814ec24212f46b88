/// Entry targets depend on this module alone: it brings the SDK and the link flags of a release plugin.
@_exported public import CPluginABI
@_exported public import PluginAPI
