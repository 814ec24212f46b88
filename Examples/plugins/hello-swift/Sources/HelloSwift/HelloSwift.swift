import PluginExport

struct Hello: Plugin {
  static let info = PluginInfo(
    id: "com.example.hello-swift", version: "1.0.0",
    config: #"{"type":"object","additionalProperties":false,"properties":{"greeting":{"type":"string"}}}"#,
    reads: ["profile.first_name"], writes: [.init(.text), .init(.json, name: "facts")])
  let greeting: String
  init(_ setup: Setup) throws {
    let file = setup.config["greeting"].string
    greeting = try file.map { try setup.host.resource(kind: "template", named: $0).text } ?? "Hello"
  }
  func process(_ request: Request, into output: Output) throws {
    let name = try request.string(at: "profile.first_name")
    output.write("\(greeting), \(name)!")
    output.open(.json, port: "facts").object { $0.member("bytes", name.utf8.count) }
  }
}

/// The one symbol that the plugin exports.
@c @implementation
public func bespoke_plugin_main_v1(_ host: HostTable?) -> PluginTable? { export(Hello.self, to: host) }
