import Core
import Foundation
import Host
import Testing

/// What `init` makes of a catalogue's columns.
struct InferenceTests {
  private func guess(_ text: String, as name: String = "c.csv", currency: String? = nil) throws -> CatalogueGuess {
    let workspace = try Workspace()
    return CatalogueGuess(try CatalogueSample(path: workspace.write(name, text)), currency: currency)
  }

  private func rule(_ field: String, in guess: CatalogueGuess) -> String? {
    guess.fields.first { $0.field == field }.map { $0.rule ?? field }
  }

  @Test func columnsOfOneShopBecomeFields() throws {
    let found = try guess(
      """
      Artikelnummer;Bezeichnung;Marke;Preis EUR;Warengruppe;Beschreibung;Bild URL;Bestand;EAN
      A-1;Wasserkocher Nord;Talheim;49,90;Küche/Kocher;<p>Ein Kocher für die Küche und für den Tisch, der auch mit wenig Wasser kocht.</p>;https://x.example/a.jpg;4;4006381333931
      A-2;Teekanne Süd;Talheim;1.019,00;Küche/Kannen;<p>Eine Kanne für die Küche und für den Tisch, die auch mit wenig Tee schmeckt.</p>;https://x.example/b.jpg;0;4012345678901
      """)
    #expect(rule("id", in: found) == "Artikelnummer")
    #expect(rule("name", in: found) == "Bezeichnung")
    #expect(rule("brand", in: found) == "Marke")
    #expect(rule("price", in: found) == "{ from: \"Preis EUR\", decimal_mark: \",\", currency: EUR }")
    #expect(rule("category", in: found) == "{ from: Warengruppe, split: \"/\", with: \" > \" }")
    #expect(rule("description", in: found) == "{ from: Beschreibung, strip_html: true }")
    #expect(rule("image", in: found) == "\"Bild URL\"")
    #expect(rule("availability", in: found) == "Bestand")
    #expect(rule("gtin", in: found) == "EAN")
    #expect(found.currency == "EUR")
    #expect(found.locale == "de-DE")
    #expect(found.gaps.isEmpty, "\(found.gaps)")
  }

  @Test(arguments: [
    ("images", "a.jpg|b.jpg", "split: \"|\""),
    ("Bilder", "https://x.example/a.jpg | https://x.example/b.jpg", "split: \"|\""),
    ("image", "a.jpg;b.jpg;c.png", "split: \";\""),
    ("gallery", "\"https://x.example/a,https://x.example/b\"", "split: \",\""),
    ("image", "\"https://x.example/w_80,h_80/a.jpg\"", ""),
  ])
  func aColumnOfSeveralPicturesIsSplit(column: String, cell: String, option: String) throws {
    let found = try guess("id,name,\(column)\n1,One lamp,\(cell)\n2,Two lamps,\(cell)\n")
    let field = option.isEmpty ? "image" : "images"
    #expect(rule(field, in: found) == (option.isEmpty ? "image" : "{ from: \(column), \(option) }"))
    #expect(rule("image", in: found)?.contains(option.isEmpty ? "image" : option) == true)
    #expect(!found.gaps.contains { $0.contains("pictures") })
  }

  @Test func theFirstOfSeveralPicturesIsTheImage() throws {
    let workspace = try Workspace()
    try workspace.write("c.csv", "id,name,pictures\n1,One lamp,https://x.example/a.jpg|https://x.example/b.jpg\n")
    try workspace.write("templates/t.liquid", "{{ product.image }} {{ product.images | size }}")
    try workspace.generate(
      """
      manifest: 1
      name: pictures
      inputs:
        catalogue:
          path: c.csv
          map: { image: { from: pictures, split: "|" }, images: { from: pictures, split: "|" } }
      pipelines: { p: { for_each: products, stages: [ { id: t, use: template-filler, with: { template: t.liquid } } ] } }
      assets: [ { slot: t, path: t.txt } ]
      """)
    #expect(try workspace.read("out/t.txt") == "https://x.example/a.jpg 2")
  }

  @Test(arguments: [
    ("id,name,price\n1,One lamp,4995\n2,Two lamps,1299\n", "price", "scale: 0.01", "read as cents"),
    ("id,name,price\n1,One lamp,12000\n2,Two lamps,8000\n", "price", "price", "if they are cents"),
    ("id,name,price_cents\n1,One lamp,4900\n2,Two lamps,1200\n", "price", "scale: 0.01", ""),
    ("id,name,price\n1,One lamp,12\n2,Two lamps,\n", "price", "price", "1 of 2 rows have none"),
    ("id,name\n1,One lamp\n1,Two lamps\n2,Three lamps\n", "id", "id", "1 repeat an earlier one"),
    ("name,brand\nOne lamp,A\nTwo lamps,B\n", "id", "{ hash: [name, brand] }", "no column tells products apart"),
    ("id,name,title\n1,X77,A lamp of glass\n2,X78,A lamp of wood\n", "name", "title", "looks like a name too"),
  ])
  func whatIsDoubtfulIsSaid(csv: String, field: String, part: String, doubt: String) throws {
    let found = try guess(csv)
    #expect(rule(field, in: found)?.contains(part) == true, "\(found.fields)")
    let said = found.fields.first { $0.field == field }?.doubt ?? ""
    #expect(doubt.isEmpty ? said.isEmpty : said.contains(doubt), "\(said)")
  }

  @Test func valuesOverruleNames() throws {
    let found = try guess(
      "id,name,description,price,image,image_count,rating\n1,Lamp one,4,ask us,https://x.example/a,3,9817\n"
        + "2,Lamp two,5,ask us,https://x.example/b,4,9818\n")
    for field in ["description", "price", "rating"] { #expect(rule(field, in: found) == nil) }
    #expect(rule("image", in: found) == "image")
    #expect(found.others == ["description", "price", "image_count", "rating"])
    #expect(found.gaps.contains { $0.contains("no column looks like a price") })
  }

  @Test func columnsThatBeginAlikeAreAttributes() throws {
    let found = try guess(
      #"{"id":"1","title":"Toner black","attr_t_type":"Original","attr_n_pages":2,"attr_t_colour":"black","ean":["4006381333931"]}"#
        + "\n", as: "c.jsonl")
    #expect(rule("attributes", in: found) == "{ prefix: [attr_n_, attr_t_] }")
    #expect(rule("category", in: found) == nil)
    #expect(rule("gtin", in: found) == "ean")
  }

  @Test func chineseColumnsBecomeFields() throws {
    let found = try guess(
      """
      商品编号,商品名称,品牌,价格（元）,库存,描述,图片
      C1,轻便登山包,山野,399.00,5,这款登山包采用轻量面料，背负舒适，适合周末徒步与短途旅行。,https://x.example/a.jpg
      C2,保温杯,清泉,89.00,0,双层不锈钢保温杯，可以保温十二小时，办公室与户外都合适。,https://x.example/b.jpg
      """)
    #expect(rule("id", in: found) == "\"商品编号\"")
    #expect(rule("name", in: found) == "\"商品名称\"")
    #expect(rule("brand", in: found) == "\"品牌\"")
    #expect(rule("price", in: found) == "{ from: \"价格（元）\", currency: CNY }")
    #expect(rule("description", in: found) == "\"描述\"")
    #expect(rule("availability", in: found) == "\"库存\"")
    #expect(rule("image", in: found) == "\"图片\"")
    #expect(found.currency == "CNY")
    #expect(found.locale == "zh-CN")
  }

  @Test func pricesOfChineseProductsAreTakenForYuanWithADoubt() throws {
    let found = try guess("编号,名称,价格\nC1,轻便登山包,¥399.00\nC2,保温杯,¥89.00\n")
    #expect(found.currency == "CNY")
    #expect(found.gaps.contains { $0.contains("CNY is taken for it") })
  }

  @Test(arguments: [
    ("id,name\n1,轻便登山包\n2,保温杯\n", "zh-CN"), ("id,name\n1,キャンプの椅子\n2,お茶の缶\n", nil),
    ("id,name\n1,Lamp one\n2,Lamp two\n", nil),
  ])
  func namesShowTheLanguageWhereNothingElseDoes(csv: String, locale: String?) throws {
    #expect(try guess(csv).locale == locale)
  }

  @Test func aPriceColumnWithOtherCellsIsTakenWithADoubt() throws {
    let found = try guess("id,name,price\n1,Pot,4.50\n2,Pan,on request\n3,Wok,free\n")
    #expect(rule("price", in: found) == "price")
    let doubt = found.fields.first { $0.field == "price" }?.doubt
    #expect(doubt == "2 of 3 cells hold no price; such products show none")
  }

  @Test func markupInNamesIsTakenOut() throws {
    let found = try guess("id,name\n1,Lamp <b>A</b>\n2,Pots &amp; pans for every day\n")
    #expect(rule("name", in: found) == "{ from: name, strip_html: true, decode_entities: true }")
  }

  @Test(arguments: [
    ("K-1,Kettle,49.90\nK-2,Teapot,39.00\n", true), ("id,name,price\n1,Kettle,49.90\n", false),
    ("K-1,Kettle,https://x.example/a.jpg\nK-2,Teapot,https://x.example/b.jpg\n", true),
  ])
  func aFirstLineOfDataIsNoLineOfNames(csv: String, isData: Bool) throws {
    let workspace = try Workspace()
    let sample = try CatalogueSample(path: workspace.write("c.csv", csv))
    #expect((sample.firstRowWithoutNames != nil) == isData)
  }

  @Test func rowsThatAreNoRecordsAreLookedAtToo() throws {
    let workspace = try Workspace()
    let sample = try CatalogueSample(path: workspace.write("c.csv", "id,name\n1,Pot,more\n2,Pan\n3,Wok\n"))
    #expect(sample.rows == 3)
  }

  @Test func variantsOfOneNameAreToldApart() throws {
    let found = try guess("name,price,colour,stock\nMug,4.50,blue,yes\nMug,4.50,red,no\nCup,3.20,green,yes\n")
    #expect(rule("id", in: found) == "{ hash: [name, colour] }")
    let plain = try guess("name,price,colour\nMug,4.50,blue\nCup,4.50,red\n")
    #expect(rule("id", in: plain) == "{ hash: [name] }")
  }

  @Test func wordsSayWhetherOneColumnIsTakenOrAll() throws {
    let found = try guess("name,brand,rating,reviews\nOne lamp,A,4.5,7\nTwo lamps,B,4,9\n")
    func words(_ field: String) -> String? { found.fields.first { $0.field == field }?.words }
    #expect(words("id") == "from 'name' and 'brand'")
    #expect(words("rating") == "from 'rating' and 'reviews'")
    #expect(words("name") == "from 'name'")
  }

  @Test func aStatedCurrencyIsTaken() throws {
    let csv = "id,name,price\n1,Lamp,4.50\n"
    #expect(try guess(csv).currency == nil)
    #expect(try guess(csv, currency: "CHF").currency == "CHF")
    #expect(try guess("id,name,price\n1,Lamp,4.50 gbp\n").currency == "GBP")
  }

  @Test(arguments: ["a b", "x-y", "true", "No", "ü", "1st", "a\"b", "a: b", "{", "#c", "a.b", "_c"])
  func everyColumnCanBeNamedInAManifest(column: String) throws {
    let quoted = "\"\(column.replacingOccurrences(of: "\"", with: "\"\""))\""
    let workspace = try Workspace()
    let file = try workspace.write("c.csv", "id,\(quoted),name\n1,4006381333931,Lamp one\n2,4012345678901,Lamp two\n")
    let found = CatalogueGuess(try CatalogueSample(path: file))
    #expect(found.others == [column])
    let manifest = try Manifest(
      path: "m.yaml",
      text: """
        manifest: 1
        name: m
        inputs: { catalogue: { path: \(file), map: { gtin: \(CatalogueGuess.yaml(column)) } } }
        pipelines: { a: { for_each: products, stages: [ { id: a, use: x } ] } }
        """)
    let trial = try #require(manifest.catalogue).trial(rows: 2, currency: "EUR")
    #expect(trial.records == 2)
    #expect(!trial.description.contains("check digit"))
  }
}
