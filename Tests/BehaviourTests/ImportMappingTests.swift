import Core
import Foundation
import Testing

@testable import Behaviour

struct ImportMappingTests {
  private let folder: TemporaryFolder
  private let store: EventStore

  init() throws {
    folder = try TemporaryFolder()
    store = try EventStore(path: folder.path + "/events.db")
  }

  private func exported() throws -> String {
    var text = ""
    _ = try store.export { text += String(decoding: $0, as: UTF8.self) }
    return text
  }

  private func refusal(_ yaml: String) throws -> String {
    do {
      _ = try ImportOptions(yaml: folder.file("bad.yaml", yaml))
      return ""
    } catch { return "\(error)" }
  }

  @Test func columnsKindsAndZonesAreThoseOfTheFile() throws {
    let options = try ImportOptions(
      yaml: folder.file(
        "shop.yaml",
        """
        map: { user: Kunde, product: Artikel, time: Zeit, quantity: Menge, price: Preis, kind: Was }
        kinds: { verkauf: purchase, "gemerkt": add_to_cart }
        time_zone: Europe/Berlin
        date_order: day-month
        currency: EUR
        fold_product_case: true
        excluded_products: [GIFT]
        batch_rows: 2
        """))
    let report = try EventImport(into: store, options: options, now: 1_717_200_000_000).run(
      folder.file(
        "shop.csv",
        """
        Kunde;Artikel;Zeit;Menge;Preis;Was
        anna;t1;5/4/2024 10:00;2;9,50;Verkauf
        anna;T1;6/4/2024 10:00;1;9,50;gemerkt
        anna;gift;6/4/2024 10:00;1;0;Verkauf

        """)
    ).report
    #expect(report.events == 2 && report[.otherCode, .dropped].count == 1)
    let text = try exported()
    #expect(
      text.contains(
        #""kind":"purchase","user":"anna","product":"T1","time":"2024-04-05T10:00:00+02:00","quantity":2,"price":9.5,"currency":"EUR""#
      ), "\(text)")
    #expect(text.contains(#""kind":"add_to_cart","user":"anna","product":"T1""#))
  }

  @Test func pathsOfALogAreThoseOfTheFile() throws {
    let options = try ImportOptions(
      yaml: folder.file(
        "log.yaml", "log: { view: \"/artikel/{product}\", search: \"/suche?wort={query}\", user_parameter: kunde }\n"))
    let line = { (path: String) in
      #"192.0.2.7 - - [10/May/2024:10:00:00 +0200] "GET \#(path) HTTP/1.1" 200 512 "-" "Mozilla/5.0""# + "\n"
    }
    let report = try EventImport(into: store, options: options, now: 1_717_200_000_000).run(
      folder.file(
        "access.log",
        line("/artikel/t1?kunde=anna") + line("/suche?wort=zelt%20leicht&kunde=anna") + line("/impressum"))
    ).report
    #expect(report.events == 2 && report[.otherRequest, .dropped].count == 1)
    let text = try exported()
    #expect(text.contains(#""kind":"view","user":"anna","product":"t1""#))
    #expect(text.contains(#""query":"zelt leicht""#), "\(text)")
    #expect(!text.contains("192.0.2.7"))
  }

  @Test(arguments: [
    ("mapp: { user: a }", "did you mean 'map'?"),
    ("map: { usr: a }", "did you mean 'user'?"),
    ("kinds: { a: danced }", "'danced' is no kind of event"),
    ("missing: medium", "'missing' must be one of"),
    ("robots: maybe", "'robots' must be one of 'keep', 'drop', got 'maybe'"),
    ("outlier_fence: wide", "'outlier_fence' must be a number of at least 0, got 'wide'"),
    ("batch_rows: 0", "'batch_rows' must be a number of at least 1, got '0'"),
    ("earliest: soon", "'earliest' must be a date, got 'soon'"),
  ])
  func aFaultHasItsPlaceAndRemedy(yaml: String, words: String) throws {
    let text = try refusal("currency: EUR\n" + yaml + "\n")
    #expect(text.contains(words) && text.contains("bad.yaml:2"), "\(text)")
  }
}
