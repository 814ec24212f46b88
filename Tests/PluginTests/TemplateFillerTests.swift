import PluginAPI
import PluginTesting
import Testing

@testable import TemplateFiller

struct TemplateFillerTests {
  private func filler(_ template: String, kind: String? = nil) throws -> TestInstance {
    let host = try TestHost(resources: [TestResource(kind: "template", name: "t.liquid", text: template)])
    let option = kind.map { #","kind":"\#($0)""# } ?? ""
    return try host.instance(of: TemplateFiller.self, config: #"{"template":"t.liquid"\#(option)}"#)
  }

  @Test func aTemplateReadsTheBrief() throws {
    let filler = try filler("{{ profile.name }} likes {{ product.name }} ({{ slots.tone }})")
    let result = try filler.process(
      #"{"profile":{"name":"Ada"},"product":{"name":"tea"},"slots":{"tone":"calm"},"locale":"en-GB"}"#)
    #expect(result.text == "Ada likes tea (calm)")
    #expect(result.notes.count == 1)
  }

  @Test func htmlIsEscapedAndTextIsNot() throws {
    let brief: TestRequest = #"{"product":{"name":"<b>&"}}"#
    #expect(try filler("{{ product.name }}").process(brief).text == "<b>&")
    #expect(try filler("{{ product.name }}", kind: "html").process(brief).text == "&lt;b&gt;&amp;")
  }

  @Test func aTextOfBlanksIsSkipped() throws {
    let result = try filler("{% if product.name %}{{ product.name }}{% endif %}\n").process("{}")
    #expect(result.failure?.code == .skip)
  }

  @Test func aTemplateThatStopsItselfIsSkippedWithItsReason() throws {
    let result = try filler("{% abort 'sold out' %}").process("{}")
    #expect(result.failure?.code == .skip)
    #expect(result.failure?.message == "stopped by 't.liquid': sold out")
  }

  @Test func whatWasMissingIsNoted() throws {
    let result = try filler("Hello {{ name | default: 'you' }} in {{ town }}").process("{}")
    #expect(result.notes.first { $0.key == "gaps" }?.value == "default name t.liquid\nempty town t.liquid\n")
  }

  @Test func aBrokenTemplateIsRefusedWithItsPlace() throws {
    let error = try #require(throws: PluginError.self) { try filler("Hello\n{% if %}") }
    #expect(error.code == .config)
    #expect(error.field == "template")
    #expect(error.message.contains("t.liquid:2"))
  }

  @Test func aTemplateThatIsNotThereIsNamed() throws {
    let error = try #require(throws: PluginError.self) {
      try TestHost().instance(of: TemplateFiller.self, config: #"{"template":"absent.liquid"}"#)
    }
    #expect(error.message.contains("absent.liquid"))
  }

  @Test func optionsAndSchemaAgree() throws {
    // 'values' is read by templates, through the brief.
    #expect(
      try disagreements(between: TemplateFiller.Config.self, and: TemplateFiller.info.config, unread: ["values"])
        == [])
  }
}
