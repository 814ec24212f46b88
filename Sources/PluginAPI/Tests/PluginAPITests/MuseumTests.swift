import CPluginABI
import Glibc
import PluginAPI
import PluginTesting
import Testing

/// C plugins of earlier times, built against their own headers; BESPOKE_MUSEUM names the folder that `Scripts/museum.sh`
/// filled.
@Suite(.enabled(if: museum != nil, "BESPOKE_MUSEUM is not set"))
struct MuseumTests {
  private let host: TestHost

  init() throws {
    host = try TestHost(
      resources: [TestResource(kind: "template", name: "only.txt", text: "offer: ")],
      catalogue: #"[{"id":"a","name":"Lamp"},{"id":"b","name":"Chair"}]"#)
  }

  private func plugin(_ name: String) throws -> PluginTable { try openPlugin("\(museum ?? "")/\(name).so") }

  @Test func minimalPassesItsSelfTest() throws {
    #expect(try host.selfTestFaults(of: plugin("v1-minimal")) == [])
  }

  @Test func mirrorReadsAndWritesEverything() throws {
    let profile = #"{"price":19.90,"n":-7,"no":null,"yes":true,"list":["\u00fc",{}],"half":0.5}"#
    let result = try host.instance(plugin("v1-mirror")).process(TestRequest(#"{"profile":\#(profile)}"#))
    #expect(result.failure == nil)
    #expect(result.text == "price 19.90")
    #expect(result["copy"] == #"{"price":19.9,"n":-7,"no":null,"yes":true,"list":["ü",{}],"half":0.5}"#)
    #expect(result["whole"] == #"{"price":19.90,"n":-7,"no":null,"yes":true,"list":["ü",{}],"half":0.5}"#)
    #expect(result.slots["picture"] == .media(type: "image/gif", bytes: Array("GIF".utf8)))
    #expect(result.notes == [.init(key: "model", value: "mirror")])
  }

  @Test func mirrorAnswersAStatusForEachItem() throws {
    let results = try host.instance(plugin("v1-mirror")).process([
      "{}", #"{"profile":{}}"#, TestRequest("{}", cancelAfter: 0),
    ])
    #expect(results.map(\.failure?.code) == [.input, .skip, .cancelled])
  }

  @Test func servicesUsesWhatTheHostOffers() throws {
    let table = try plugin("v1-services")
    let results = try host.instance(table, stage: "offers").process([#"{"id":"a"}"#, #"{"id":"none"}"#])
    #expect(results[0].text == "offer: Lamp, Chair")
    #expect(results[1].failure?.code == .internal)
    #expect(host.log == [.init(.info, "offers")])
    let concurrent = try #require(table.pointee.extension(table.pointee.ctx, BESPOKE_CONCURRENT))
    #expect(concurrent.assumingMemoryBound(to: bespoke_concurrent_v1.self).pointee.most_calls == 4)
  }

  @Test func servicesFailsTheBatchWithoutACatalogue() throws {
    let bare = try TestHost(resources: [TestResource(kind: "template", name: "only.txt", text: "")])
    let instance = try bare.instance(plugin("v1-services"))
    #expect(try #require(throws: PluginError.self) { try instance.process("{}") }.code == .unavailable)
  }
}

private let museum = getenv("BESPOKE_MUSEUM").map { String(cString: $0) }
