import Core
import HostileFragments
import Markup
import Testing

private func clean(_ fragment: String, _ policy: SanitisingPolicy = .page) -> String {
  HTMLSanitiser(policy).sanitised(fragment).withBytes { $0.string }
}

struct SanitiserTests {
  @Test func vectorsAreManyAndEachIsThereOnce() {
    #expect(XSSVectors.all.count >= 200)
    #expect(Set(XSSVectors.all).count == XSSVectors.all.count)
  }

  @Test(arguments: XSSVectors.all)
  func nothingOfAVectorRuns(vector: String) {
    for policy in [SanitisingPolicy.page, .email] {
      let output = HTMLSanitiser(policy).sanitised("<p>before</p>\(vector)")
      let read = InertHTML(output)
      #expect(read.offences.isEmpty, "\(vector) became \(output.withBytes { $0.string })")
      #expect(read.text.hasPrefix("before"))
    }
  }

  @Test func vectorsTogetherAreAsHarmlessAsEachAlone() {
    var random = SeededRandom(seed: 8)
    for _ in 0..<300 {
      let mixed = (0..<6).compactMap { _ in XSSVectors.all.randomElement(using: &random) }.joined()
      let cut = mixed.utf8.prefix(Int.random(in: 0...mixed.utf8.count, using: &random))
      #expect(InertHTML(HTMLSanitiser().sanitised(Array(cut))).offences.isEmpty, "\(cut)")
    }
  }

  @Test func randomBytesAreHarmless() {
    var hostile = HostileText(seed: 21)
    for _ in 0..<2_000 {
      let fragment = hostile.next() + Array("<p ".utf8) + hostile.next() + Array(">".utf8) + hostile.next()
      #expect(InertHTML(HTMLSanitiser().sanitised(fragment)).offences.isEmpty, "\(fragment)")
    }
  }

  @Test func whatWasSanitisedStaysAsItIs() {
    for vector in XSSVectors.all {
      let once = clean(vector)
      #expect(clean(once) == once)
    }
  }

  @Test(arguments: [
    ("Two <b>warm</b> &amp; dry", "Two <b>warm</b> &amp; dry"), ("a < b", "a &lt; b"), ("", ""),
    ("<p>one<p>two", "<p>one</p><p>two</p>"),
    ("<p>one<section>two</section>three", "<p>one</p><section>two</section>three"),

    ("<p><b>one<div>two</div>", "<p><b>one</b></p><div>two</div>"),
    ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),

    ("<li>a</li>", "a"), ("<table><tr><td>1</table>", "<table><tr><td>1</td></tr></table>"),
    ("<center>x</center><font color=red>y</font>", "xy"), ("</div>a</div><p>b", "a<p>b</p>"),
    (
      "<a href='/tents?a=1&amp;b=2' target=_blank>all</a>", #"<a href="/tents?a=1&amp;b=2">all</a>"#
    ),
    ("<a href='https://s.example/ä b'>x</a>", #"<a href="https://s.example/%C3%A4%20b">x</a>"#),
    ("<a name=top>x</a>", "x"), ("<a href=a>x<a href=b>y</a></a>", #"<a href="a">x</a><a href="b">y</a>"#),
    ("<img src=a.png width=80 height=60px>", #"<img src="a.png" width="80" alt="" loading="lazy">"#),
    ("<img alt=a>", ""),
    ("背包 😀 &eacute; &nbsp;|", "背包 😀 é \u{A0}|"),
    (
      "<p style=\"COLOR: Red; position:fixed; width:calc(50% - 2px)\">a</p>",
      #"<p style="color:Red;width:calc(50% - 2px)">a</p>"#
    ),
    (
      "<p style=\"font-family:'Segoe UI', serif!important\">a</p>",
      #"<p style="font-family:&#39;Segoe UI&#39;, serif!important">a</p>"#
    ),
    (
      "<ol start=3 reversed type=A><li value=7>a</ol>",
      #"<ol start="3" reversed="" type="A"><li value="7">a</li></ol>"#
    ),
    ("<h2 class='big' id=x>Head</h2>", #"<h2 class="big">Head</h2>"#),
  ])
  func keepsWhatAuthorsWrite(fragment: String, expected: String) {
    #expect(clean(fragment) == expected)
  }

  @Test func countsWhatItLeavesOut() {
    var output: [UInt8] = []
    #expect(HTMLSanitiser().append("<p>fine</p>", to: &output) == 0)
    #expect(HTMLSanitiser().append("<p onclick=x style='top:0;color:red'>a<script>b</script>", to: &output) == 3)
    #expect(output.withBytes { $0.string } == #"<p>fine</p><p style="color:red">a</p>"#)
  }

  @Test func emailsKeepWhatOutlookReads() {
    let table =
      ##"<table role="presentation" width="600" cellpadding="0">"##
      + ##"<tr><td bgcolor="#ffffff">a</td></tr></table>"##
    #expect(clean(table, .email) == table)
    #expect(clean(table) == "<table><tr><td>a</td></tr></table>")
    #expect(clean("<img src=cid:logo>", .email) == #"<img src="cid:logo" alt="">"#)
    #expect(clean("<img src=cid:logo>") == "")
  }

  @Test func invalidUTF8IsReplaced() {
    #expect(HTMLSanitiser().sanitised([0x61, 0xFF, 0x62]).withBytes { $0.string } == "a\u{FFFD}b")
  }

  @Test func depthAndLengthAreBounded() {
    let deep = clean(String(repeating: "<b>", count: 100_000) + "x")
    #expect(deep.utf8.count < 4_000 && InertHTML(Array(deep.utf8)).offences.isEmpty)
    let wide = "<p " + (0..<100_000).map { "a\($0) " }.joined() + ">x</p>"
    #expect(InertHTML(HTMLSanitiser().sanitised(wide)).offences.isEmpty)
    let long = clean("<p>" + String(repeating: "word ", count: 1 << 19))
    #expect(long.utf8.count <= HTMLSanitiser.limit + 8 && long.hasSuffix("</p>"))
  }

  @Test func severalThreadsMaySanitiseAtOnce() async {
    let expected = XSSVectors.all.map { clean($0) }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 { group.addTask { XSSVectors.all.map { clean($0) } == expected } }
      for await isSame in group { #expect(isSame) }
    }
  }
}
