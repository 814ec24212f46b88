import Core
import Testing

@testable import Host

struct FieldMapTests {
  private func problems(_ map: String, kind: RecordKind = .product) throws -> [String] {
    let document = try Document(json: map)
    var problems: [Diagnostic] = []
    withExtendedLifetime(document) { _ = FieldMap(document.root, for: kind, problems: &problems) }
    return problems.map { "\($0.kind): \($0.detail)" + ($0.help.map { " | \($0)" } ?? "") }
  }

  @Test func withoutAMapCanonicalRowsStayAsTheyAre() throws {
    let row = #"""
      {"id":"1","name":"Tent","slug":"tent-1","brand":"Norda","category":"Outdoor","price":12.50,"currency":"EUR",
       "availability":"in_stock","image":"https://x.example/1.jpg","description":"Dry","gtin":"4006381333931",
       "rating":{"value":4,"count":2},"attributes":{"a":1},"tags":["x"],"own":[1,{"b":null}]}
      """#.replacing("\n", with: "")
    let input = try decode(row, named: "a.jsonl")
    let record = try #require(input.records.first)
    #expect((0..<record.count).map { String(decoding: record.key(at: $0), as: UTF8.self) }.first == "id")
    #expect(record.count == 15)
    #expect(input.text("0/price") == "12.50" && input.text("0/own") == "2")
    #expect(DirtKind.Outcome.allCases.allSatisfy { input.report.count(of: $0) == 0 }, "\(input.report)")
  }

  @Test func fieldsComeFromOtherFields() throws {
    let input = try decode(
      #"{"sku":7,"title":"Tent","vendor":"","maker":"Norda","more":{"colour":["red","blue"]},"a.b":1,"kept":true}"#,
      named: "a.jsonl",
      map: #"""
        {"id":"sku","name":"title","brand":["vendor","maker"],"colour":"more.colour.1","dotted":"a.b",
         "condition":{"constant":"new"},"both":{"join":["title","maker"],"with":" / "}}
        """#)
    #expect(input.text("0/id") == "7" && input.text("0/name") == "Tent" && input.text("0/brand") == "Norda")
    #expect(input.text("0/colour") == "blue" && input.text("0/dotted") == "1" && input.text("0/condition") == "new")
    #expect(input.text("0/both") == "Tent / Norda")
    #expect(input.text("0/kept") == "true" && input.text("0/more") == "1")
    #expect(input.text("0/title") == nil && input.text("0/maker") == nil, "what was mapped has moved")
  }

  @Test func valuesAreTranslated() throws {
    let rows = "id,name,stock,kind\n1,A,True,N\n2,B,7,X\n3,C,on order soon,R1\n4,D,PreOrder,\n"
    let input = try decode(
      rows, named: "a.csv",
      map: #"""
        {"availability":{"from":"stock","values":{"True":"in_stock","on order*":"backorder"}},
         "condition":{"from":"kind","values":{"N":"new","R*":"refurbished"},"otherwise":"used"}}
        """#)
    #expect((0..<4).map { input.text("\($0)/availability") } == ["in_stock", "in_stock", "backorder", "preorder"])
    #expect((0..<4).map { input.text("\($0)/condition") } == ["new", "used", "refurbished", nil])
  }

  @Test(
    arguments: [
      ("In Stock", "in_stock"), ("https://schema.org/OutOfStock", "out_of_stock"), ("0", "out_of_stock"),
      ("12", "in_stock"),
      ("sold-out", "out_of_stock"), ("有货", "in_stock"), ("ausverkauft", "out_of_stock"), ("pre order", "preorder"),
      ("perhaps", nil),
    ] as [(String, String?)])
  func shopsWordsForAvailabilityAreKnown(word: String, expected: String?) throws {
    let input = try decode("id,name,availability\n1,A,\(word)\n", named: "a.csv")
    #expect(input.text("0/availability") == expected)
    #expect(input.report[.unknownWord].count == (expected == nil ? 1 : 0))
  }

  @Test func translationsAreMadeFieldByField() throws {
    let input = try decode(
      "id,name,name_de,text_de\n1,Boots, Stiefel ,<b>Warm</b>\n2,Hat,,\n", named: "a.csv",
      map: #"""
        {"translations":{"de-DE":{"name":"name_de","description":{"from":"text_de","strip_html":true}}}}
        """#)
    #expect(input.text("0/translations/de-DE/name") == "Stiefel")
    #expect(input.text("0/translations/de-DE/description") == "Warm")
    #expect(input.text("1/translations") == nil)
  }

  @Test func pricesKnowTheirCurrency() throws {
    let rows = "id,name,price,sale_price,currency\n1,A,10.00,8.00,\n2,B,£10,12.00,EUR\n3,C,10,,usd\n4,D,10,,Taler\n"
    let input = try decode(rows, named: "a.csv", map: #"{"price":{"from":"price","currency":"CHF"}}"#)
    #expect((0..<4).map { input.text("\($0)/currency") } == ["CHF", "GBP", "USD", "CHF"])
    #expect(input.text("0/sale_price") == "8.00" && input.text("1/sale_price") == nil)
    #expect(input.report[.salePriceNotLower].count == 1 && input.report[.currencyMismatch].count == 1)
    #expect(input.report[.unknownWord].count == 1)
  }

  @Test func rowsWithoutAnIDGetAHash() throws {
    let input = try decode(
      "name,size\nTent,S\nTent,L\nTent,S\n", named: "a.csv", map: #"{"id":{"hash":["name","size"]}}"#)
    #expect(input.records.count == 2 && input.report[.duplicateID].count == 1)
    #expect(input.text("0/id")?.utf8.count == 16 && input.text("0/id") != input.text("1/id"))
    #expect(input.text("0/size") == "S")
  }

  @Test func listsAreSplitAsTheyAreWritten() throws {
    let rows = "id,name,tags,images\n1,A,a | b;c,https://x/1,2.jpg https://x/2.jpg\n".replacing(
      "1,2.jpg", with: "1.jpg")
    let input = try decode(rows + "2,B,\"a, b\",javascript:x|https://x/3.jpg\n3,C,a;;b,\n", named: "a.csv")
    #expect(input.text("0/tags/1") == "b;c" && input.text("1/tags/1") == "b" && input.text("2/tags") == "2")
    #expect(input.text("0/images/1") == "https://x/2.jpg" && input.text("1/images") == "1")
    #expect(input.report[.unsafeLink].count == 1)
  }

  @Test func slugsAreSafeWhateverTheData() throws {
    let long = String(repeating: "long", count: 30)
    let rows = "id,name,slug\n1,Tent,tent\n2,Hat,../../Hat!\n3,轻便,\n4,Sack,\(long)\n"
    let input = try decode(rows, named: "a.csv")
    #expect((0..<3).map { input.text("\($0)/slug") } == ["tent", "hat", "3"])
    #expect(input.text("3/slug")?.hasSuffix("-4") == true && input.text("3/slug")?.utf8.count ?? 99 <= 80)
    #expect(input.report[.unsafeSlug].count == 2)
  }

  @Test(arguments: [
    (
      #"{"price":{"from":"p","skale":0.01}}"#,
      ["invalid field map: field 'price' has no option 'skale' | did you mean 'scale'?"]
    ),
    (#"{"brand":{"form":"x"}}"#, ["invalid field map: field 'brand' has no option 'form' | did you mean 'from'?"]),
    (#"{"nmae":"x"}"#, ["field map: 'nmae' is no field that products are known by | did you mean 'name'?"]),
    (#"{"brand":7}"#, ["invalid field map: field 'brand' must be a name, a list of names or an object, got 7"]),
    (#"{"tags":{"from":"x","split":""}}"#, ["invalid field map: 'split' of field 'tags' must not be empty"]),
    (
      #"{"id":{"from":"x","case":"title"}}"#,
      ["invalid field map: 'case' of field 'id' must be 'upper' or 'lower', got 'title'"]
    ),
    (
      #"{"price":{"from":"x","scale":"much","currency":"Taler"}}"#,
      [
        "invalid field map: 'scale' of field 'price' must be a number, got 'much'",
        "invalid field map: 'currency' of field 'price' must be an ISO 4217 code, got 'Taler'",
      ]
    ),
    (
      #"{"brand":{"from":"x","constant":"y"}}"#,
      ["invalid field map: field 'brand' has 'from' and 'constant', expected one of them"]
    ),
    (#"[]"#, ["invalid field map: 'map' must be an object, got a list"]),
    (
      #"{"name":{"from":"x","strip_html":"yes"}}"#,
      ["invalid field map: 'strip_html' of field 'name' must be true or false, got 'yes'"]
    ),
    (#"{"name":[]}"#, ["invalid field map: 'from' of field 'name' must be a name or a list of names, got a list"]),
  ])
  func whatIsWrongIsSaidAtOnce(map: String, expected: [String]) throws {
    #expect(try problems(map) == expected)
  }

  @Test func columnsThatAFileDoesNotHaveAreNamed() throws {
    let document = try Document(json: #"{"brand":["vendor","maker"],"price":"prise","rating":{"count":"reviews"}}"#)
    var problems: [Diagnostic] = []
    let map = withExtendedLifetime(document) { FieldMap(document.root, for: .product, problems: &problems) }
    try withFile(Array("id,name,vendor,price\n".utf8), named: "a.csv") { path in
      let found = map.problems(with: try RowReader(path: path).layout, file: "a.csv")
      #expect(
        found.map(\.detail) == [
          "field 'price' is made from 'prise', which 'a.csv' does not have",
          "field 'count' is made from 'reviews', which 'a.csv' does not have",
        ])
      #expect(found.first?.help == "did you mean 'price'?")
    }
  }

  @Test func optionsOfAnInputAreChecked() throws {
    let document = try Document(
      json: #"{"format":"xml","separator":";;","columns":"a","encoding":"latin-1","max_row_bytes":0,"path":"x"}"#)
    var problems: [Diagnostic] = []
    let options = withExtendedLifetime(document) { InputOptions(document.root, problems: &problems) }
    #expect(
      problems.map(\.detail) == [
        "'format' must be one of 'jsonl', 'json', 'csv', 'tsv', got 'xml'",
        "'max_row_bytes' must be a whole number in 1...1073741824, got 0",
        "'separator' must be one ASCII character, 'tab' or 'blank', got ';;'",
        "'columns' must be a list of names, got 'a'",
      ])
    #expect(options.encoding == .windows1252)
  }
}
