import Markup
import Testing

struct WebAddressTests {
  @Test(arguments: [
    ("https://a.example/x", true), ("HTTP://a.example", true), ("https://", false), ("https:///x", false),
    ("//a.example", false), ("javascript:alert(1)", false), ("", false), ("ftp://a.example", false),
  ])
  func knowsAbsoluteURLs(text: String, isAbsolute: Bool) {
    #expect(text.withBytes { WebAddress.isAbsolute($0) } == isAbsolute)
  }

  @Test(arguments: [
    ("images/a b.png", "https://s.example/images/a%20b.png"), ("/images/a.png", "https://s.example/images/a.png"),
    ("./a.png", "https://s.example/a.png"), ("//cdn.example/a.png", "https://cdn.example/a.png"),
    ("http://cdn.example/背.png", "http://cdn.example/%E8%83%8C.png"), ("a.png?x=1:2", "https://s.example/a.png?x=1:2"),
    ("a[1].png?b[]=2", "https://s.example/a%5B1%5D.png?b%5B%5D=2"), ("http://[::1]/[a]", "http://[::1]/%5Ba%5D"),
  ])
  func resolvesAgainstTheSite(text: String, url: String) {
    #expect(text.withBytes { WebAddress.resolve($0, base: "https://s.example/") } == url)
  }

  @Test(arguments: ["", "  ", "javascript:alert(1)", "java\nscript:alert(1)", "data:image/png;base64,x", "ftp://a/b"])
  func refusesOtherSchemes(text: String) {
    #expect(text.withBytes { WebAddress.resolve($0, base: "https://s.example") } == nil)
  }

  @Test(arguments: [
    ("https://a.example/b/c.PNG?x=1.gif", "png"), ("https://a.example/b", ""), ("https://a.example/b.c/d", ""),
  ])
  func findsTheFileExtension(url: String, expected: String) {
    #expect(WebAddress.fileExtension(of: url) == expected)
  }
}
