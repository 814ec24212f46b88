import Core
import Liquid

/// Renders a template over JSON data, for tests.
func render(
  _ template: String, _ json: String = "{}", options: TemplateOptions = TemplateOptions(),
  partials: [String: String] = [:], change: (inout Scope) -> Void = { _ in }
) throws -> String {
  let data = try Document(json: json)
  return try withExtendedLifetime(data) {
    var scope = Scope(root: data.root.raw, access: Accessors.table)
    change(&scope)
    let set = TemplateSet(options: options) { partials[$0].map { Array($0.utf8) } }
    return try Renderer().text(set.parse(template, name: "test.liquid"), scope: scope)
  }
}
