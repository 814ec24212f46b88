import Core
import Foundation
import Host

/// The manifest that `init` writes.
struct FirstManifest {
  let text: String

  /// - Parameters:
  ///   - catalogue: as the user named it, seen from here.
  ///   - folder: where the manifest will stand.
  init(_ guess: CatalogueGuess, catalogue: String, folder: String) {
    let path = Self.path(of: catalogue, from: folder)
    let file = catalogue.split(separator: "/").last.map(String.init) ?? "shop"
    let name = String(file.prefix { $0 != "." })
    var map = ""
    for (field, rule) in guess.rules {
      let doubt = guess.fields.first { $0.field == field }?.doubt
      map += "      \(field): \(rule)\(doubt.map { "   # not sure: \($0)" } ?? "")\n"
    }
    if !guess.fields.contains(where: { $0.field == "name" }) {
      let columns = guess.others.prefix(12).map(CatalogueGuess.yaml).joined(separator: ", ")
      map += "      # every product needs an 'id' and a 'name'; the file's columns are \(columns)\n"
      for field in ["id", "name"] where !guess.fields.contains(where: { $0.field == field }) {
        map += "      # \(field): COLUMN\n"
      }
    }
    let heading = guess.rules.isEmpty ? "# map:" : "map:  "
    let currency = guess.currency.map { "currency: \($0)" } ?? "# currency: EUR"
    text = """
      # What to generate from '\(file)'. Check it: bespoke check manifest.yaml
      manifest: 1
      name: \(Self.quoted(name))
      site:
        name: \(Self.quoted(name.capitalized))
        base_url: "\(Self.baseURL)"     # where the pages will be published
        \(currency)
      locales: { default: \(guess.locale ?? Self.usualLocale) }
      seed: 1
      run_time: \(Self.today)T00:00:00Z        # "now" for every page and feed, so that a run can be repeated

      inputs:
        catalogue:
          path: \(Self.quoted(path))
      \(map.isEmpty ? "" : "    \(heading)                             # a product's field: the column it is made from\n\(map)")
      pipelines:
        pages:                               # one page for each product
          for_each: products
          stages:
            - id: page
              use: product-page
              with: { template: product.liquid, body_template: content.liquid }

      assets:
        - { slot: page, path: "{{ product.slug }}.html" }
      feeds:
        - { kind: wordpress-wxr, path: import.xml }

      tests:                                 # run by 'bespoke check'
        - name: the first product's page shows its name
          expect: { route: pages, slot: page, contains: "<h1>{{ product.name | escape }}</h1>" }

      """
  }

  /// The address of a shop that nobody has.
  static let baseURL = "https://shop.example"

  /// The locale where the texts do not show theirs.
  static let usualLocale = "en-US"

  private static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    var text = text
    text.withUTF8 { bytes.appendJSONString($0) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Today's date in UTC.
  private static var today: String { String(Date().ISO8601Format().prefix(10)) }

  /// The way from a folder to a file, without links being followed.
  static func path(of file: String, from folder: String) -> String {
    if file == "-" { return file }
    func parts(_ path: String) -> [String] {
      URL(fileURLWithPath: path).standardizedFileURL.path.split(separator: "/").map(String.init)
    }
    let (target, base) = (parts(file), parts(folder))
    let common = zip(target, base).prefix { $0 == $1 }.count
    // Nothing in common but the root: an absolute path says it better.
    if common == 0 { return "/" + target.joined(separator: "/") }
    return (Array(repeating: "..", count: base.count - common) + target[common...]).joined(separator: "/")
  }
}
