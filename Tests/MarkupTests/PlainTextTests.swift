import Markup
import Testing

struct PlainTextTests {
  @Test(arguments: [
    ("plain  text\n here", "plain text here"),
    ("<p>one</p><p>two <b>bold</b>er</p>", "one\ntwo bolder"),
    ("a &amp; b &lt;c&gt; &#8364; &#x80CC; &nbsp; x", "a & b <c> € 背 x"),
    ("3 < 4 and a<b", "3 < 4 and a<b"),
    ("x<script>if (a<b) alert('</p>')</script >y<style>p{}</style>z", "xyz"),
    ("x<!-- <p> -->y", "xy"), ("x<!-- open", "x"),
    ("<a href=\"x>y\">link</a>", "link"), ("<a href=\"x>link</a>", "link"),
    ("&bogus; &#xFFFFFFFF; &#0; & &;", "&bogus; &#xFFFFFFFF; & &;"),
    ("<br><br/>a<br>b<br>", "a\nb"), ("<img src=x onerror=alert(1)>", ""), ("背包</p>👨‍👩‍👧", "背包\n👨‍👩‍👧"),
  ])
  func keepsTheWords(html: String, text: String) {
    #expect(html.withBytes { PlainText.of(html: $0) } == text)
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["<a", "<a '", "<a '>", "<!--", "&", "<script", "<", "\"<p>'"])
  func readsHostileTextInLinearTime(piece: String) {
    let html = String(repeating: piece, count: 300_000)
    #expect(html.withBytes { PlainText.of(html: $0) }.utf8.count <= html.utf8.count)
  }
}
