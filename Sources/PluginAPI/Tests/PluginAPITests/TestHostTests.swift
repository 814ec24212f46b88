import PluginAPI
import PluginTesting
import Testing

struct TestHostTests {
  private let host: TestHost

  init() throws {
    host = try TestHost(
      resources: [
        TestResource(kind: "template", name: "hi.txt", text: "Hi"),
        TestResource(kind: "template", name: "abc.txt", text: "abc"),
      ],
      catalogue: #"[{"id":"p1","price":19.90},{"id":"p2","price":5}]"#)
  }

  private func greeter(_ name: String = "hi.txt") throws -> TestInstance {
    try host.instance(of: Greeter.self, config: #"{"greeting":"\#(name)"}"#)
  }

  @Test func slotsOfEveryKindComeBack() throws {
    let result = try greeter().process(
      TestRequest(#"{"profile":{"first_name":"Ada"},"product":{"id":"p1"}}"#, seed: 7))
    #expect(result.failure == nil)
    #expect(result.text == "Hi Ada")
    #expect(result["facts"] == #"{"products":2,"price":19.90,"list":[true,null,0.5,"a\"b"]}"#)
    #expect(result.slots["picture"] == .media(type: "image/png", bytes: Array("png".utf8)))
    #expect(result.notes == [.init(key: "seed", value: "7")])
  }

  @Test func eachItemOfABatchHasItsOwnFate() throws {
    let results = try greeter().process([
      #"{"profile":{"first_name":"Ada"}}"#, #"{"profile":{}}"#, #"{"profile":{"first_name":""}}"#,
    ])
    #expect(results.map(\.failure?.code) == [nil, .input, .skip])
    #expect(results[1].failure?.field == "profile.first_name")
    #expect(results[1].failure?.message == "is missing")
  }

  @Test func noRequestsAreAllowed() throws {
    #expect(try greeter().process([TestRequest]()).isEmpty)
  }

  @Test func aResourceThatIsAbsentFailsTheInstance() throws {
    let error = try #require(throws: PluginError.self) { try greeter("none.txt") }
    #expect(error.code == .resource)
    #expect(error.message == "there is no template called 'none.txt', or it cannot be read")
  }

  @Test func aNameThatLeavesTheFoldersIsRefused() throws {
    #expect(try #require(throws: PluginError.self) { try greeter("../hi.txt") }.code == .input)
  }

  @Test func optionsThatDoNotDecodeNameTheField() throws {
    let error = try #require(throws: PluginError.self) {
      try host.instance(of: Greeter.self, config: #"{"greeting":"hi.txt","weights":{"price":"x"}}"#)
    }
    #expect(error.code == .config)
    #expect(error.field == "weights.price")
  }

  @Test func theLogIsKept() throws {
    _ = try greeter("abc.txt")
    // The digest of "abc" is the first example of FIPS 180-4.
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(host.log == [.init(.info, "read \(digest)")])
  }

  @Test func cancellationIsSeen() throws {
    let result = try greeter().process(TestRequest(#"{"profile":{"first_name":"Wait"}}"#, cancelAfter: 3))
    #expect(result.failure?.code == .cancelled)
  }

  @Test(arguments: [
    ("{", "expected a key in quotes at 1:2"), ("[1,]", "expected a value at 1:4"),
    ("{\n\"a\" 1}", "expected ':' at 2:5"),
    (#""\x""#, "expected an escape at 1:4"), ("01", "expected the end at 1:2"), ("1.", "expected a digit at 1:3"),
    (#""\ud83d\u0041""#, "expected the second half of a surrogate pair at 1:14"), ("\"\n\"", "expected '\"' at 1:2"),
  ])
  func aBriefThatIsNotJSONIsNamed(_ text: String, _ expected: String) throws {
    let instance = try greeter()
    let error = try #require(throws: TestError.self) { try instance.process(TestRequest(text)) }
    #expect(error.message == "brief 0: is not JSON: \(expected)")
  }

  @Test func escapesAreDecoded() throws {
    let result = try greeter().process(#"{"profile":{"first_name":"\u00e9\ud83d\ude00\n\/"}}"#)
    #expect(result.text == "Hi \u{e9}\u{1f600}\n/")
  }
}
