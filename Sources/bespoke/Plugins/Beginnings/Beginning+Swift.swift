extension Beginning {
  /// A package with a plugin and its test.
  var swiftFiles: [File] {
    let sdkName = sdk.split(separator: "/").last.map(String.init) ?? "PluginAPI"
    return [
      File(path: ".gitignore", text: ".build/\n"),
      File(
        path: "Package.swift",
        text: """
          // swift-tools-version: 6.2
          import PackageDescription

          let package = Package(
            name: "\(name)",
            products: [.library(name: "\(typeName)", type: .dynamic, targets: ["\(typeName)"])],
            dependencies: [.package(path: "\(sdk)")],
            targets: [
              .target(name: "\(typeName)", dependencies: [.product(name: "PluginExport", package: "\(sdkName)")]),
              .testTarget(
                name: "\(typeName)Tests",
                dependencies: ["\(typeName)", .product(name: "PluginTesting", package: "\(sdkName)")]),
            ])

          """),
      File(
        path: "Sources/\(typeName)/\(typeName).swift",
        text: """
          import PluginExport

          struct \(typeName): Plugin {
            struct Config: Decodable {
              var greeting: String?
            }

            static let info = PluginInfo(
              id: "com.example.\(name)", version: "1.0.0", summary: "Greets the recipient.",
              config: #\"""
                {"type":"object","additionalProperties":false,"properties":{
                  "greeting":{"type":"string","minLength":1,"default":"Hello"}}}
                \"""#,
              reads: ["profile.first_name"])

            private let greeting: String

            init(_ setup: Setup) throws {
              greeting = try setup.config.decode(Config.self).greeting ?? "Hello"
            }

            func process(_ request: Request, into output: Output) throws {
              output.write("\\(greeting), \\(try request.string(at: "profile.first_name"))!")
            }
          }

          /// The one symbol that the plugin exports.
          @c @implementation
          public func bespoke_plugin_main_v1(_ host: HostTable?) -> PluginTable? { export(\(typeName).self, to: host) }

          """),
      File(
        path: "Tests/\(typeName)Tests/\(typeName)Tests.swift",
        text: """
          import PluginTesting
          import Testing

          @testable import \(typeName)

          struct \(typeName)Tests {
            private let host: TestHost

            init() throws { host = try TestHost() }

            @Test func greetsByFirstName() throws {
              let plugin = try host.instance(of: \(typeName).self, config: #"{"greeting":"Hi"}"#)
              #expect(try plugin.process(#"{"profile":{"first_name":"Ada"}}"#).text == "Hi, Ada!")
            }

            @Test func aBriefWithoutANameFails() throws {
              let plugin = try host.instance(of: \(typeName).self)
              #expect(try plugin.process("{}").failure?.field == "profile.first_name")
            }

            @Test func optionsAndSchemaAgree() throws {
              #expect(try disagreements(between: \(typeName).Config.self, and: \(typeName).info.config).isEmpty)
            }
          }

          """),
    ]
  }

  /// What to do first with the package.
  var swiftSteps: [String] {
    [
      "swift test", "swift build -c release",
      "bespoke plugins validate .build/release/lib\(typeName).so",
    ]
  }
}
