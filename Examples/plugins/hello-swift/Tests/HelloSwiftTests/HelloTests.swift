import PluginTesting
import Testing

@testable import HelloSwift

struct HelloTests {
  private let host: TestHost

  init() throws {
    host = try TestHost(resources: [TestResource(kind: "template", name: "hi.txt", text: "Hi")])
  }

  @Test func greetsByFirstName() throws {
    let result = try host.instance(of: Hello.self).process(#"{"profile":{"first_name":"Ada"}}"#)
    #expect(result.text == "Hello, Ada!")
    #expect(result["facts"] == #"{"bytes":3}"#)
  }

  @Test func readsItsGreetingFromATemplate() throws {
    let hello = try host.instance(of: Hello.self, config: #"{"greeting":"hi.txt"}"#)
    #expect(try hello.process(#"{"profile":{"first_name":"Ada"}}"#).text == "Hi, Ada!")
  }

  @Test func aBriefWithoutANameFailsAlone() throws {
    let results = try host.instance(of: Hello.self).process([
      #"{"profile":{"first_name":1}}"#, #"{"profile":{"first_name":"Bo"}}"#,
    ])
    #expect(results[0].failure?.field == "profile.first_name")
    #expect(results[0].failure?.message == "must be a string, got integer")
    #expect(results[1].text == "Hello, Bo!")
  }
}
