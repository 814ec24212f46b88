import Email
import Markup
import Testing

private func inlined(_ html: String) -> String {
  var inliner = StyleInliner()
  return html.withBytes { inliner.inline($0) }.withBytes { $0.string }
}

struct StyleInlinerTests {
  @Test(arguments: [
    ("p{color:red}", "<p>a</p>", #"<p style="color:red">a</p>"#),
    ("P { color : red ; }", "<p class=x>a</p>", #"<p style="color:red" class=x>a</p>"#),
    (".a{color:red}", "<p class='b a'>x<p class=ab>y", #"<p style="color:red" class='b a'>x<p class=ab>y"#),
    ("#a{color:red}", "<p id=a>x</p>", #"<p style="color:red" id=a>x</p>"#),
    ("p.a.b{color:red}", "<p class=a><p class='b a'>", #"<p class=a><p style="color:red" class='b a'>"#),
    ("*{color:red}", "<br/>", #"<br style="color:red"/>"#),
    ("td p{color:red}", "<td><b><p>a</p></b></td><p>b</p>", #"<td><b><p style="color:red">a</p></b></td><p>b</p>"#),
    ("td>p{color:red}", "<td><b><p>a</p></b><p>b</p></td>", #"<td><b><p>a</p></b><p style="color:red">b</p></td>"#),
    ("h1+p{color:red}", "<h1>a</h1><p>b</p><p>c</p>", #"<h1>a</h1><p style="color:red">b</p><p>c</p>"#),
    ("h1~p{color:red}", "<p>a</p><h1>b</h1><b>c</b><p>d</p>", #"<p>a</p><h1>b</h1><b>c</b><p style="color:red">d</p>"#),
    ("li:first-child{color:red}", "<ul><li>a<li>b</ul>", #"<ul><li style="color:red">a<li>b</ul>"#),
    ("a[href]{color:red}", "<a>x</a><a href=y>z</a>", #"<a>x</a><a style="color:red" href=y>z</a>"#),
    ("a[href^='http']{color:red}", "<a href=y><a href=http://s>", #"<a href=y><a style="color:red" href=http://s>"#),
    ("td p{color:red}", "<tr><td>a<tr><p>b", "<tr><td>a<tr><p>b"),
    ("p{color:red}p{color:blue}", "<p>", #"<p style="color:blue">"#),
    (".a{color:red}p{color:blue}", "<p class=a>", #"<p style="color:red" class=a>"#),
    ("p{color:red!important}.a{color:blue}", "<p class=a>", #"<p style="color:red" class=a>"#),
    ("p{color:red}", "<p style='color:blue'>", #"<p style="color:blue">"#),
    ("p{color:red!important;margin:0}", "<p style='color:blue' id=x>", #"<p style="margin:0;color:red" id=x>"#),
    ("p{margin-top:1px}.a{margin:0}", "<p class=a>", #"<p style="margin-top:1px;margin:0" class=a>"#),
    ("p{font-family:\"Segoe UI\",serif}", "<p>", #"<p style="font-family:'Segoe UI',serif">"#),
    ("p{background:url(a;b.png)}", "<p>", #"<p style="background:url(a;b.png)">"#),
    ("/* p{} */ p{/*x*/color:red}", "<p>", #"<p style="color:red">"#),
    ("h1,h2{color:red}", "<h2>a</h2>", #"<h2 style="color:red">a</h2>"#),
    (
      "p{color:red}", "<!--[if mso]><p>a</p><![endif]--><p>b",
      #"<!--[if mso]><p>a</p><![endif]--><p style="color:red">b"#
    ),
    ("p{color:red}", "<p>a > b < c</p>", #"<p style="color:red">a > b < c</p>"#),
    ("p{color:red}", "<p title='a>b'>", #"<p style="color:red" title='a>b'>"#),
  ])
  func writesRulesIntoElements(css: String, html: String, expected: String) {
    #expect(inlined("<style>\(css)</style>\(html)") == expected)
  }

  @Test(arguments: [
    ("@media (max-width:600px){p{color:red}}", "@media (max-width:600px){p{color:red!important}}"),
    ("a:hover{color:red}", "a:hover{color:red!important}"),
    ("[data-ogsc] p{color:red}", "[data-ogsc] p{color:red!important}"),
    ("@font-face{font-family:x;src:local(x)}", "@font-face{font-family:x;src:local(x)}"),
    ("@media print{p,b{color:red;margin:0!important}}", "@media print{p,b{color:red!important;margin:0!important}}"),
  ])
  func keepsWhatOnlyAStyleElementCanSay(css: String, kept: String) {
    #expect(inlined("<style>p{margin:0}\(css)</style><p>") == #"<style>\#(kept)</style><p style="margin:0">"#)
  }

  @Test func printStylesStayWhereTheyAre() {
    let html = "<style media=print>p{color:red}</style><p>a</p>"
    #expect(inlined(html) == html)
  }

  @Test func oneInlinerServesManyMessages() {
    var inliner = StyleInliner()
    for color in ["red", "blue", "red"] {
      let html = "<style>p{color:\(color)}</style><p>a</p>"
      #expect(html.withBytes { inliner.inline($0) } == Array("<p style=\"color:\(color)\">a</p>".utf8))
    }
  }

  @Test(arguments: [
    "<", "<p", "<p class=", "<p class='a", "<!--", "</", "<style", "<style>p{", "<style>p{color", "<p/", "", "</p></p>",
  ])
  func brokenTextComesThroughWhole(html: String) {
    #expect(inlined(html) == html || html.hasPrefix("<style"))
    #expect(inlined("<p>x</p>" + html).hasPrefix("<p>x</p>"))
  }
}
