import CPluginABI
import Glibc
import PluginAPI
import PluginTesting
import Testing

/// The table of a shared object, asked for twice and without a host as well.
func openPlugin(_ path: String) throws -> PluginTable {
  typealias Entry = @convention(c) (HostTable?) -> PluginTable?
  let library = try #require(dlopen(path, RTLD_NOW | RTLD_LOCAL | Int32(RTLD_NODELETE)))
  let symbol = try #require(dlsym(library, "bespoke_plugin_main_v1"))
  let entry = unsafeBitCast(symbol, to: Entry.self)
  let table = try #require(entry(TestHost.entryTable))
  #expect(entry(TestHost.entryTable) == table)
  #expect(entry(nil) == nil)
  return table
}
