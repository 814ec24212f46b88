import PluginAPI
import PluginTesting
import Testing

struct SchemaAgreementTests {
  private struct Config: Decodable {
    enum Tone: String, Decodable { case calm, loud }
    struct Weights: Decodable { var price: Double }
    var tone: Tone?
    var weights: [Weights]?
    var most: UInt8?
  }

  private func faults(_ properties: String, required: String = "") throws -> [String] {
    try disagreements(
      between: Config.self, and: #"{"type":"object","required":[\#(required)],"properties":{\#(properties)}}"#)
  }

  private let tone = #""tone":{"enum":["calm","loud"]}"#
  private let weights =
    #""weights":{"type":"array","items":{"type":"object","required":["price"],"properties":{"price":{"type":"number"}}}}"#
  private let most = #""most":{"type":"integer","minimum":0,"maximum":255}"#

  @Test func aTypeThatFitsItsSchemaHasNoFaults() throws {
    #expect(try faults("\(tone),\(weights),\(most)") == [])
    #expect(try disagreements(between: Greeter.Config.self, and: Greeter.info.config) == [])
  }

  @Test func anOptionThatIsNotReadIsNamed() throws {
    #expect(
      try faults(#"\#(tone),\#(weights),\#(most),"extra":{"type":"null"}"#) == [
        "the schema lists 'extra', which 'Config' does not read"
      ])
  }

  @Test func anOptionMayBeLeftToOthers() throws {
    let schema = #"{"type":"object","properties":{\#(tone),\#(weights),\#(most),"extra":{"type":"string"}}}"#
    #expect(try disagreements(between: Config.self, and: schema, unread: ["extra"]) == [])
  }

  @Test func anOptionThatIsNotListedIsNamed() throws {
    #expect(try faults("\(tone),\(weights)") == ["'Config' reads 'most', which the schema does not list"])
  }

  @Test func anEnumValueThatDoesNotDecodeIsNamed() throws {
    let found = try faults(#""tone":{"enum":["calm","shrill"]},\#(weights),\#(most)"#)
    #expect(found.count == 1)
    #expect(found.first?.contains(#""tone":"shrill""#) == true)
  }

  @Test func aBoundThatDoesNotFitIsNamed() throws {
    let found = try faults(#"\#(tone),\#(weights),"most":{"type":"integer","minimum":0,"maximum":256}"#)
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix("option 'most' must be a UInt8, found integer") == true)
  }

  @Test func anOptionInsideAListThatIsNotRequiredIsNamed() throws {
    let loose = #""weights":{"type":"array","items":{"type":"object","properties":{"price":{"type":"number"}}}}"#
    let found = try faults("\(tone),\(loose),\(most)")
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix("option 'weights.price' is missing") == true)
  }

  @Test func aFractionThatDoesNotDecodeIsNamed() throws {
    let found = try faults(#"\#(tone),\#(weights),"most":{"type":"number","minimum":0,"maximum":255}"#)
    #expect(found.first?.hasSuffix("option 'most' must be a UInt8, found double") == true)
  }
}
