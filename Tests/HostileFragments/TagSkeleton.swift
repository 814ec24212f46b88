/// The tags of a page as a browser's tokenizer finds them, without the texts between them.
public struct TagSkeleton {
  /// Each tag: its name and the names of its attributes.
  public private(set) var tags: [String] = []
  /// The values of attributes that hold a URL, as they are written.
  public private(set) var urls: [String] = []

  /// Reads a page.
  public init(_ html: String) {
    var rest = Array(html.unicodeScalars)[...]
    while let start = rest.firstIndex(of: "<") {
      rest = rest[(start + 1)...]
      guard let first = rest.first, first == "/" || first == "!" || first.properties.isAlphabetic else {
        tags.append("a stray <")
        continue
      }
      read(&rest)
    }
  }

  private mutating func read(_ rest: inout ArraySlice<Unicode.Scalar>) {
    var words: [String] = []
    while let first = rest.first, first != ">" {
      if first == "\"" || first == "'" {
        let value = rest.dropFirst().prefix { $0 != first }
        rest = rest.dropFirst(value.count + 2)
        if ["href=", "src=", "action=", "srcset="].contains(words.last ?? "") { urls.append(Self.string(value)) }
      } else if first.value <= 0x20 {
        rest = rest.dropFirst()
      } else {
        let word = rest.prefix { $0.value > 0x20 && $0 != ">" && $0 != "\"" && $0 != "'" }
        rest = rest.dropFirst(word.count)
        words.append(Self.string(word))
      }
    }
    tags.append(words.joined(separator: " "))
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }

  /// The URLs that would run a program, or whose scheme nobody needs here.
  public var badURLs: [String] {
    urls.filter { url in
      // No text here is written with references but these; others could spell a scheme.
      var read = url.replacing("&amp;", with: "\u{FFFF}")
      for reference in ["&#39;", "&quot;", "&lt;", "&gt;"] { read = read.replacing(reference, with: "\u{FFFF}") }
      if read.contains("&") { return true }
      let signs = read.unicodeScalars.filter { $0.value > 0x20 }
      let scheme = signs.prefix {
        $0.isASCII && ($0.properties.isAlphabetic || "+-.0123456789".unicodeScalars.contains($0))
      }
      guard signs.dropFirst(scheme.count).first == ":" else { return false }
      return !["http", "https", "mailto", "tel"].contains(String(String.UnicodeScalarView(scheme)).lowercased())
    }
  }
}
