import CPluginABI
import Glibc
import PluginAPI
import PluginTesting
import Testing

/// The example plugins as shared objects; BESPOKE_EXAMPLES names the folder that `Scripts/build-examples.sh` filled.
@Suite(.enabled(if: examples != nil, "BESPOKE_EXAMPLES is not set"))
struct ExampleTests {
  static let files = ["libHelloSwift.so", "libHelloC.so", "libHelloRust.so"].filter { name in
    examples.map { access("\($0)/\(name)", R_OK) == 0 } ?? false
  }

  private let host: TestHost

  init() throws {
    host = try TestHost(resources: [TestResource(kind: "template", name: "hi.txt", text: "Hi")])
  }

  private func plugin(_ file: String) throws -> PluginTable { try openPlugin("\(examples ?? "")/\(file)") }

  @Test(arguments: files)
  func textAndStructureAreWritten(_ file: String) throws {
    let result = try host.instance(plugin(file)).process(#"{"profile":{"first_name":"Zo\u00eb"}}"#)
    #expect(result.failure == nil)
    #expect(result.text == "Hello, Zoë!")
    #expect(result["facts"] == #"{"bytes":4}"#)
  }

  @Test(arguments: files)
  func theGreetingIsAResource(_ file: String) throws {
    let instance = try host.instance(plugin(file), config: #"{"greeting":"hi.txt"}"#)
    #expect(try instance.process(#"{"profile":{"first_name":"Bo"}}"#).text == "Hi, Bo!")
    let error = try #require(throws: PluginError.self) {
      try host.instance(plugin(file), config: #"{"greeting":"none.txt"}"#)
    }
    #expect(error.code == .resource)
  }

  @Test(arguments: files)
  func onlyTheBriefWithoutANameFails(_ file: String) throws {
    let results = try host.instance(plugin(file)).process([
      "{}", #"{"profile":{"first_name":"Bo"}}"#, #"{"profile":{"first_name":["Bo"]}}"#,
    ])
    #expect(results.map(\.failure?.code) == [.input, nil, .input])
    #expect(results[0].failure?.field == "profile.first_name")
    #expect(results[1].text == "Hello, Bo!")
  }
}

private let examples = getenv("BESPOKE_EXAMPLES").map { String(cString: $0) }
