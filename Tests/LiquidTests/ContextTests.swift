import Liquid
import Testing

/// What untrusted values may do where they land in HTML and XML: nothing but be text.
struct ContextTests {
  private func html(_ template: String, _ json: String) throws -> String {
    try render(template, json, options: TemplateOptions(kind: .html))
  }

  @Test(arguments: [
    (##"<a href="{{ a }}{{ b }}">"##, ##"<a href="java#">"##),
    (##"<a href="{% if no %}x/{% endif %}{{ a }}{{ b }}">"##, ##"<a href="java#">"##),
    (##"<a href="{% if no %}x/{% else %}{% endif %}{{ u }}">"##, ##"<a href="#">"##),
    (##"<a href="{% for i in none %}x/{% endfor %}{{ u }}">"##, ##"<a href="#">"##),
    (##"<a href="{% case 1 %}{% when 2 %}x/{% endcase %}{{ u }}">"##, ##"<a href="#">"##),
    (##"<a href="{{ u | escape }}">"##, ##"<a href="#">"##),
    (##"<a href="{{ r | escape_once }}"><a href={{ r | escape_once }}>"##, ##"<a href="#"><a href=#>"##),
    (#"{% capture c %}{{ u }}{% endcapture %}<a href="{{ c }}">"#, ##"<a href="#">"##),
    (##"<a href={{ u }}>"##, ##"<a href=#>"##), (##"<a href={{ t }}{{ b }}>"##, ##"<a href=java&#9;#>"##),
    (##"<a href="java{{ b }}">"##, ##"<a href="java#">"##),
    (##"<a href="{{ u | raw }}">"##, ##"<a href="javascript:f()">"##),
  ])
  func noPartOfAURLMakesAnotherRun(template: String, expected: String) throws {
    let data =
      #"{"a": "java", "b": "script:f()", "t": "java\t", "u": "javascript:f()", "r": "java&#115;cript&colon;f()"}"#
    #expect(try html(template, data) == expected)
  }

  @Test func addressesThatAreHarmlessStay() throws {
    let data = #"{"r": "https://x.example/", "p": "a:b?c=1&d", "e": "", "m": "mailto:a@x.example"}"#
    #expect(
      try html(##"<a href="{{ r }}{{ p }}"><a href="/{{ p }}"><a href="{{ e }}{{ r }}"><a href="{{ m }}">"##, data)
        == ##"<a href="https://x.example/a:b?c=1&amp;d"><a href="/a:b?c=1&amp;d"><a href="https://x.example/">"##
        + ##"<a href="mailto:a@x.example">"##)
    #expect(try html(##"<img src="{{ p }}">"##, #"{"p": "my pic (1).jpg"}"#) == #"<img src="my%20pic%20(1).jpg">"#)
    #expect(
      try html(##"<a href="{% if r %}{{ r }}{% endif %}?q={{ p | url_encode }}">"##, data)
        == ##"<a href="https://x.example/?q=a%3Ab%3Fc%3D1%26d">"##)
  }

  @Test(arguments: [
    (##"<b onclick="f('{{ q }}')">"##, ##"<b onclick="f('&#92;u0027&#41;&#59;g&#40;&#92;u0027')">"##),
    (##"<b onclick="f('{{ a | escape }}')">"##, ##"<b onclick="f('&#92;u0026&#35;39&#59;')">"##),
    (##"<b onclick=f('{{ a }}')>"##, ##"<b onclick=f('&#92;u0027')>"##),
    ("<b onclick=f({{ w | json }})>", "<b onclick=f(&#34;a&#32;onload&#61;f&#40;&#41;&#34;)>"),
    (##"<b onclick="f({{ o | json }})">"##, ##"<b onclick="f(&#123;&#34;k&#34;:&#34;&#92;u0027&#34;&#125;)">"##),
    (##"<script>f("{{ s | escape }}")</script>"##, ##"<script>f("\\")</script>"##),
    ("<script>f(`{{ d }}`)</script>", ##"<script>f(`\u0024{f()}\u0060`)</script>"##),
    ("<i class={{ w | escape }}>", "<i class=a&#32;onload&#61;f&#40;&#41;>"),
    ("<i class={{ h | escape }}>", "<i class=&lt;b&gt;>"),
  ])
  func noValueEndsTheProgramItStandsIn(template: String, expected: String) throws {
    let data =
      #"{"q": "');g('", "a": "'", "o": {"k": "'"}, "s": "\\", "d": "${f()}`", "w": "a onload=f()", "h": "<b>"}"#
    #expect(try html(template, data) == expected)
  }

  @Test func picturesInXMLRunNothingEither() throws {
    let options = TemplateOptions(kind: .xml)
    let data = #"{"u": "javascript:f()", "c": "<a\u0001\uFFFE&>", "q": "'"}"#
    #expect(
      try render(
        ##"<svg><style/><a xlink:href="{{ u }}" onclick="f('{{ q }}')">{{ c }}</a><![CDATA[{{ c }}]]></svg>"##, data,
        options: options)
        == ##"<svg><style/><a xlink:href="#" onclick="f('&#92;u0027')">&lt;a&amp;&gt;</a><![CDATA[&lt;a&amp;&gt;]]></svg>"##
    )
  }

  @Test func whatNoPageMayHoldIsDropped() throws {
    let data = #"{"c": "a\u0000\u0001\u001b\u007f\u0080\u009f\ufdd0\ufffe\ud83f\udfff\tb é 👍 \u00a0。"}"#
    let kept = "a\tb é 👍 \u{A0}。"
    #expect(try html("{{ c }}|{{ c | escape }}|{{ c | escape_once }}", data) == "\(kept)|\(kept)|\(kept)")
    #expect(
      try html("<script>{{ c | json }}</script>", data)
        == #"<script>"a\u0000\u0001\u001b\u007f\u0080\u009f\ufdd0\ufffe\ud83f\udfff\tb é 👍 \#u{A0}。"</script>"#)
    let script = try html("<script>f(\"{{ d }}\")</script>", ##"{"d": "$\ufdd0`é"}"##)
    #expect(script == ##"<script>f("\u0024\u0060é")</script>"##)
    #expect(try render("{{ c | escape | size }}", data) == "19")
  }
}
