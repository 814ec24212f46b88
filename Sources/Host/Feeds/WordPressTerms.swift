import Core
import Markup

/// The categories and tags that a WordPress import declares, in the order in which items first named them.
///
/// Memory: the distinct texts that name them.
struct WordPressTerms {
  struct Term {
    let name: String
    let slug: String
    let parent: String?
  }

  private(set) var categories: [Term] = []
  private(set) var tags: [Term] = []
  /// Where the term of a text lies that was seen before, and whether signs of the text had to be replaced.
  private var seen: [String: (place: Int?, isAltered: Bool)] = [:]
  private var places: [String: Int] = [:]
  private let categorySlugs = WordPressSlug()
  private let tagSlugs = WordPressSlug()

  /// The category at the end of a path, "A > B", declared with all its parents; nil for an empty path.
  mutating func category(_ value: Value) -> (term: Term?, isAltered: Bool) {
    let text = "c" + value.text.string
    if let known = seen[text] { return (known.place.map { categories[$0] }, known.isAltered) }
    let path = value.categoryPath
    let place = declareCategory(path.map(Self.name))
    let isAltered = path.contains { Self.name($0) != $0 }
    seen[text] = (place, isAltered)
    return (place.map { categories[$0] }, isAltered)
  }

  /// The tag of a text; nil for an empty one.
  mutating func tag(_ value: Value) -> (term: Term?, isAltered: Bool) {
    let text = "t" + value.text.string
    if let known = seen[text] { return (known.place.map { tags[$0] }, known.isAltered) }
    let line = value.plainLine
    let name = Self.name(line)
    let place = name.isEmpty ? nil : declareTag(name)
    seen[text] = (place, name != line)
    return (place.map { tags[$0] }, name != line)
  }

  private mutating func declareCategory(_ path: [String]) -> Int? {
    var key = "category"
    var slug = ""
    var last: Int?
    for name in path {
      let piece = WordPressSlug.make(from: name)
      // Names that differ in case or signs alone are one term, as they would be for WordPress.
      key += ">" + (piece.isEmpty ? name : piece)
      slug = slug.isEmpty ? piece : "\(slug)-\(piece)"
      if let place = places[key] {
        last = place
        continue
      }
      let taken = categorySlugs.take([WordPressSlug.shorten(slug, to: 200), fallback(for: key)])
      categories.append(Term(name: name, slug: taken, parent: last.map { categories[$0].slug }))
      last = categories.count - 1
      places[key] = last
    }
    return last
  }

  private mutating func declareTag(_ name: String) -> Int {
    let piece = WordPressSlug.make(from: name)
    let key = "tag>" + (piece.isEmpty ? name : piece)
    if let place = places[key] { return place }
    tags.append(Term(name: name, slug: tagSlugs.take([piece, fallback(for: key)]), parent: nil))
    places[key] = tags.count - 1
    return tags.count - 1
  }

  /// A name that WordPress keeps: it strips markup and percent-encoded bytes, reads character references, and unescapes
  /// backslashes.
  static func name(_ text: String) -> String {
    let isReferenced = text.contains(";")
    let replaced = text.onOneLine.unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar {
      case "<": "\u{2039}"
      case ">": "\u{203A}"
      case "\\": "/"
      case "%": "\u{FF05}"
      case "&" where isReferenced: "\u{FF06}"
      default: scalar
      }
    }
    var name = String.UnicodeScalarView()
    name.append(contentsOf: replaced)
    return String(name).cut(to: 200)
  }

  private func fallback(for key: String) -> String { "term-\(key.fingerprint.hexadecimal)" }

  /// Writes the declarations.
  func write(to writer: inout XMLWriter) {
    for (index, term) in categories.enumerated() {
      writer.begin("wp:category")
      writer.element("wp:term_id", "\(index + 1)")
      writer.element("wp:category_nicename", cdata: term.slug)
      writer.element("wp:category_parent", cdata: term.parent ?? "")
      writer.element("wp:cat_name", cdata: term.name)
      writer.end()
      writer.lineBreak()
    }
    for (index, term) in tags.enumerated() {
      writer.begin("wp:tag")
      writer.element("wp:term_id", "\(categories.count + index + 1)")
      writer.element("wp:tag_slug", cdata: term.slug)
      writer.element("wp:tag_name", cdata: term.name)
      writer.end()
      writer.lineBreak()
    }
  }
}
