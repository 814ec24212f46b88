import Markup
import Testing

struct HTMLCheckTests {
  @Test(arguments: [
    "", "plain text & more", "<!DOCTYPE html><html><head><title>a < b</title></head><body><p>x</body></html>",
    "<p>one<p>two<ul><li>a<li>b</ul>", "<table><tr><td>1<td>2<tr><th>3</table>",
    "<br><img src=a alt='x'><input disabled>",
    "<svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/><g><circle/></g></svg>", "<script>if (a < b) { x = '</div>' }</script>",
    "<!-- <div> -->", "<dl><dt>a<dd>b<dt>c</dl>", "<A HREF='x'>y</a>", "<style>a>b{}</STYLE>",
    "<select><option>1<option selected>2</select>", "<details><summary>x</summary><p>y</details>",
  ])
  func whatIsWellFormedPasses(html: String) {
    #expect(HTMLCheck.problem(in: html) == nil)
  }

  @Test(arguments: [
    ("<div><b>x</div>", "found '</div>', expected '</b>' (at 1:10)"), ("<div>", "'<div>' is not closed (at 1:1)"),
    ("x</p>", "'</p>' closes nothing (at 1:2)"), ("a\n  < b", "'<' begins no tag, expected '&lt;' (at 2:3)"),
    ("<div/>", "'<div/>' does not close the element, expected '</div>' (at 1:1)"),
    ("<p id=a></p><p id=a>", "the id 'a' stands here twice (at 1:13)"),
    ("<a href=x href=y></a>", "the attribute 'href' stands twice in '<a' (at 1:11)"),
    ("<a href=\"x></a>", "the value of 'href' is not closed (at 1:9)"),
    ("<a title=a\"b></a>", "the value of 'title' needs quotes (at 1:10)"),
    ("<a b='c'd></a>", "there is no space before an attribute of '<a' (at 1:9)"),
    ("<img src=x", "the tag '<img' is not closed (at 1:1)"),
    ("</br>", "'</br>' closes an element that has no end (at 1:1)"),
    ("<!-- x", "the comment is not closed (at 1:1)"), ("<script>x", "'<script>' is not closed (at 1:1)"),
    ("ä<b>", "'<b>' is not closed (at 1:2)"), ("<!x>", "'<!' begins neither a comment nor a document type (at 1:1)"),
    ("<p><div></div></p>", "'</p>' closes nothing (at 1:15)"),
  ])
  func mistakesAreNamedWithTheirPlace(html: String, expected: String) {
    #expect(HTMLCheck.problem(in: html) == expected)
  }
}
