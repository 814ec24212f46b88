import Core
import Liquid

/// One input of libFuzzer: the first byte chooses the settings, the rest is a template.
///
/// What is looked for is a trap, a bad access, or a run without end: whether the template is well formed does not matter.
/// libFuzzer's library brings the `main` that calls this by its name.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 1 else { return 0 }
  let bytes = UnsafeBufferPointer(start: start, count: count)
  let modes: [TemplateOptions.Mode] = [.lax, .classic, .strict]
  let settings = Int(bytes[0])
  let kinds = OutputKind.allCases
  var options = TemplateOptions(
    mode: modes[settings % 3], kind: kinds[settings / 3 % kinds.count],
    failures: settings & 64 == 0 ? .thrown : .inPlace, dialect: settings & 128 == 0 ? .bespoke : .liquid)
  options.limits.outputBytes = 1 << 16
  options.limits.valueBytes = 1 << 18
  options.limits.loopTurns = 2000
  options.limits.steps = 10_000
  let template = Array(bytes.dropFirst())
  let set = TemplateSet(options: options) { Fuzzing.partials[$0].map { Array($0.utf8) } }
  var scope = Scope(root: Fuzzing.data.root.raw, access: Accessors.table)
  scope.now = 1_772_352_000
  do {
    let parsed = try set.parse(template, name: "input")
    _ = try Fuzzing.renderer.render(parsed, scope: scope)
  } catch {
    // A message is made for every failure, so that its making is tried too.
    precondition(!"\(error)".isEmpty, "a failure has a message")
  }
  return 0
}

private enum Fuzzing {
  // libFuzzer calls from one thread.
  nonisolated(unsafe) static let renderer = Renderer()

  static let partials = [
    "card": "[{{ card }}{{ x }}]{% block a %}{{ s }}{% endblock %}", "loop": "{% render 'loop' %}",
    "base": "<html>{% block a %}{% endblock %}</html>",
    "locales/en.json": #"{"k": {"one": "{{ x }}", "other": "{{ count }}"}, "h_html": "<b>{{ x }}</b>"}"#,
  ]

  static let data = Document { builder in
    builder.beginObject()
    for (key, text) in [("s", "Hello <World> & ünïcödé 日本 👍"), ("d", "2024-03-05 14:07:09"), ("e", "")] {
      builder.key(key)
      builder.string(text)
    }
    builder.key("n")
    builder.int(5)
    builder.key("f")
    builder.double(2.5)
    builder.key("t")
    builder.bool(true)
    builder.key("a")
    builder.beginArray()
    for number in [3, 1, 2] { builder.int(Int64(number)) }
    builder.string("x")
    builder.null()
    builder.end()
    builder.key("o")
    builder.beginArray()
    for title in ["b", "a"] {
      builder.beginObject()
      builder.key("k")
      builder.string(title)
      builder.end()
    }
    builder.end()
    builder.end()
  }
}
