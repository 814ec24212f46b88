public import Core
import Liquid
import Markup

extension Plan {
  /// One test that stands beside a template.
  public struct TemplateTest: Sendable {
    /// The file of the test, within the templates' folder.
    public let file: String
    /// Its name.
    public let name: String
    /// What is wrong; nil where it passed.
    public let problem: Diagnostic?
  }

  /// Runs the tests that stand beside templates, the files `*.test.json`, in the order of their names.
  ///
  /// A template makes what the first stage that uses it makes, plain text where none does.
  /// - Throws: `Diagnostic` where a test file is not JSON.
  public func testTemplates() throws -> [TemplateTest] {
    let uses = templateUses
    var results: [TemplateTest] = []
    for name in manifest.templateFolders.flatMap(regularFiles) where name.hasSuffix(".test.json") {
      let tests = TemplateTests(try templateJSON(name), file: name) { HTMLCheck.problem(in: $0) }
      let key = tests.template.map(TemplateUse.key)
      let set = templateSet(uses.first { $0.name == key }?.kind ?? .text)
      let outcomes = tests.run(in: set, currency: manifest.site.currency)
      results += outcomes.map { TemplateTest(file: name, name: $0.name, problem: $0.problem) }
    }
    return results
  }

  /// A JSON file of the templates' folders.
  func templateJSON(_ name: String) throws -> Document {
    let file = try resources.open(kind: "template", name: name)
    do throws(JSONError) {
      return try Document(json: String(decoding: file.bytes, as: UTF8.self))
    } catch {
      let place = file.bytes.withMemoryRebound(to: UInt8.self) {
        SourceLocation(file: name, source: $0, offset: error.offset)
      }
      throw Diagnostic("invalid json", error.detail, at: place)
    }
  }
}
