import PluginAPI
import PluginTesting
import Testing

struct RequestPathTests {
  /// Writes the string at a path.
  private struct Reader: Plugin {
    static let info = PluginInfo(id: "com.example.reader", version: "1.0.0")
    init(_ setup: Setup) throws {}
    func process(_ request: Request, into output: Output) throws {
      output.write(try request.string(at: "profile.address.city"))
    }
  }

  @Test func aPathLeadsToItsString() throws {
    let reader = try TestHost().instance(of: Reader.self)
    #expect(try reader.process(#"{"profile":{"address":{"city":"Ulm"}}}"#).text == "Ulm")
  }

  @Test(arguments: [
    ("{}", "is missing"), (#"{"profile":{"address":{"city":null}}}"#, "is missing"),
    (#"{"profile":{"address":{"city":5}}}"#, "must be a string, got integer"), (#"{"profile":[1]}"#, "is missing"),
  ])
  func aPathThatLeadsNowhereIsAnInputFailure(_ brief: String, _ message: String) throws {
    let failure = try TestHost().instance(of: Reader.self).process(TestRequest(brief)).failure
    #expect(failure?.code == .input)
    #expect(failure?.field == "profile.address.city")
    #expect(failure?.message == message)
  }
}
