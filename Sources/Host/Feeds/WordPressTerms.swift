import Markup

/// The categories and tags that a WordPress import declares, in the order in which items first named them.
///
/// Memory: the distinct terms.
struct WordPressTerms {
  struct Term {
    let name: String
    let slug: String
    let parent: String?
  }

  private(set) var categories: [Term] = []
  private(set) var tags: [Term] = []
  private var places: [String: Int] = [:]
  private var categorySlugs = WordPressSlug()
  private var tagSlugs = WordPressSlug()

  /// The category at the end of a path, declared with all its parents.
  mutating func category(_ path: [String]) -> Term? {
    var key = "category"
    var slug = ""
    var term: Term?
    for part in path {
      let name = Self.name(part)
      let piece = WordPressSlug.make(from: name)
      // Names that differ in case or signs alone are one term, as they would be for WordPress.
      key += ">" + (piece.isEmpty ? name : piece)
      slug = slug.isEmpty ? piece : "\(slug)-\(piece)"
      if let place = places[key] {
        term = categories[place]
        continue
      }
      let taken = categorySlugs.take([WordPressSlug.shorten(slug, to: 200), fallback(for: key)])
      let added = Term(name: name, slug: taken, parent: term?.slug)
      places[key] = categories.count
      categories.append(added)
      term = added
    }
    return term
  }

  /// A tag.
  mutating func tag(_ text: String) -> Term {
    let name = Self.name(text)
    let piece = WordPressSlug.make(from: name)
    let key = "tag>" + (piece.isEmpty ? name : piece)
    if let place = places[key] { return tags[place] }
    let term = Term(name: name, slug: tagSlugs.take([piece, fallback(for: key)]), parent: nil)
    places[key] = tags.count
    tags.append(term)
    return term
  }

  /// Whether a term's name had to change for WordPress.
  static func isAltered(_ text: String) -> Bool { name(text) != text }

  /// A name that WordPress keeps: it strips markup and percent-encoded bytes, reads character references, and unescapes
  /// backslashes.
  private static func name(_ text: String) -> String {
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
