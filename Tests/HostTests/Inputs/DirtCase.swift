import Testing

@testable import Host

/// Rows with one kind of dirt, and what becomes of them.
struct DirtCase: Sendable, CustomTestStringConvertible {
  /// The number in the list of dirt found in real files.
  let number: Int
  let testDescription: String
  /// The text of each delivery, read one after another.
  let files: [String]
  let name: String
  let kind: RecordKind
  var map: String?
  var currency: String? = "EUR"
  var options = InputOptions()
  /// How often each kind is found.
  let dirt: [DirtKind: Int]
  /// Values of records by path; an empty text where there must be none.
  var values: [String: String] = [:]
  /// The lines and reasons of the first rejection, as a strict run prints it.
  var rejection: String?
}

/// Kinds of dirt in catalogues, profiles and events, in rows of our own.
enum DirtCases {
  static let products: [DirtCase] = [
    DirtCase(
      number: 5, testDescription: "price zero",
      files: ["{\"id\":1,\"name\":\"Tent\",\"price\":0}\n{\"id\":2,\"name\":\"Lamp\",\"price\":\"-3.00\"}"],
      name: "p.jsonl", kind: .product, dirt: [.priceNotPositive: 2, .missingPrice: 0],
      values: ["0/price": "", "1/price": ""]),
    DirtCase(
      number: 9, testDescription: "one id with several descriptions, one description with several ids",
      files: [
        "id,name,description\nm1,Mug,Holds tea\nm1,Mug red,Holds more tea\nm2,Cup,Keeps it warm\nm3,Bowl,Keeps it warm\n"
      ], name: "p.csv", kind: .product, dirt: [.duplicateID: 1, .repeatedDescription: 1],
      values: ["0/description": "Holds tea", "2/name": "Bowl"],
      rejection: "rejected row: duplicate id in field 'id': an earlier row has it (in p.csv:3)"),
    DirtCase(
      number: 10, testDescription: "staff notes as description",
      files: ["id,name,description\n1,Mug,?\n2,Cup,broken box\n3,Bowl,Blue glaze\n"], name: "p.csv", kind: .product,
      map: #"{"description":{"from":"description","except":["?","broken*"]}}"#,
      dirt: [.excludedValue: 2, .missingDescription: 0],
      values: ["0/description": "", "1/description": "", "2/description": "Blue glaze"]),
    DirtCase(
      number: 11, testDescription: "description missing", files: ["id,name,description\n1,Mug,\n2,Cup,Warm\n"],
      name: "p.csv", kind: .product, dirt: [.missingDescription: 1], values: ["0/description": ""]),
    DirtCase(
      number: 12, testDescription: "outer blanks, inner double blanks",
      files: ["id,name,brand\n1,  Red  mug ,\u{A0}Kiln & Co\n"], name: "p.csv", kind: .product,
      dirt: [.outerBlanks: 2, .innerBlanks: 1], values: ["0/name": "Red mug", "0/brand": "Kiln & Co"]),
    DirtCase(
      number: 13, testDescription: "letter case of an id varies", files: ["id,name\n71a,Mug\n71A,Mug again\n"],
      name: "p.csv", kind: .product, map: #"{"id":{"from":"id","case":"upper"}}"#,
      dirt: [.letterCase: 1, .duplicateID: 1], values: ["0/id": "71A"],
      rejection: "rejected row: duplicate id in field 'id': an earlier row has it (in p.csv:3)"),
    DirtCase(
      number: 17, testDescription: "HTML in a plain-text field",
      files: [#"{"id":1,"name":"Mug","description":"<ul><li>Holds 3 < 4 cups</li><li>Blue<br />glaze</li></ul>"}"#],
      name: "p.jsonl", kind: .product, map: #"{"description":{"strip_html":true}}"#, dirt: [.htmlTags: 1],
      values: ["0/description": "Holds 3 < 4 cups\nBlue\nglaze"]),
    DirtCase(
      number: 18, testDescription: "HTML entities",
      files: [#"{"id":1,"name":"Salt &amp; pepper","description":"It&#39;s hot &bull; &unknown; &#x20AC;5"}"#],
      name: "p.jsonl", kind: .product,
      map: #"{"name":{"decode_entities":true},"description":{"decode_entities":true}}"#, dirt: [.htmlEntities: 2],
      values: ["0/name": "Salt & pepper", "0/description": "It's hot • &unknown; €5"]),
    DirtCase(
      number: 19, testDescription: "description missing, equal to the part number, equal to the title",
      files: ["id,name,mpn,description\n1,Mug,M-1,M-1\n2,Cup,C-1,Cup\n3,Bowl,B-1,\n"], name: "p.csv", kind: .product,
      dirt: [.repeatedText: 2, .missingDescription: 1], values: ["0/description": "", "1/description": ""]),
    DirtCase(
      number: 20, testDescription: "description in another language, all capitals",
      files: [
        "id,name,description\n1,Mug,THE BEST MUG FOR YOUR DESK\n2,Cup,\"Die Tasse ist für den Tee und nicht für das Eis\"\n"
          + "3,Bowl,The bowl is for the soup and the rice\n"
      ], name: "p.csv", kind: .product, map: #"{"description":{"inspect":true,"language":"en-GB"}}"#,
      dirt: [.allCapitals: 1, .otherLanguage: 1]),
    DirtCase(
      number: 21, testDescription: "names and descriptions that repeat",
      files: ["id,name,description\n1,Mug,Warm\n2,Mug,Warm\n3,Mug,Cold\n"], name: "p.csv", kind: .product,
      dirt: [.repeatedName: 2, .repeatedDescription: 1]),
    DirtCase(
      number: 22, testDescription: "several EANs, a wrong check digit, zeros lost in a spreadsheet",
      files: [
        #"{"id":1,"name":"A","ean":["4006381333932","4006381333931","96385074"]}"#,
        #"{"id":2,"name":"B","ean":"4006381333932"}"#, #"{"id":3,"name":"C","ean":36000291452}"#,
      ], name: "p.jsonl", kind: .product, map: #"{"gtin":"ean"}"#,
      dirt: [.wrongCheckDigit: 2, .severalGTINs: 1, .paddedGTIN: 1],
      values: ["0/gtin": "4006381333931", "1/gtin": "", "2/gtin": "036000291452"]),
    DirtCase(
      number: 23, testDescription: "price unit not stated, integer cents",
      files: [#"{"id":1,"name":"A","price":4995}"#, #"{"id":2,"name":"B","price":4351995}"#], name: "p.jsonl",
      kind: .product, map: #"{"price":{"from":"price","scale":0.01}}"#, currency: nil, dirt: [.priceWithoutCurrency: 2],
      values: ["0/price": "49.95", "1/price": "43519.95", "0/currency": ""]),
    DirtCase(
      number: 24, testDescription: "thousands of attribute columns, few of them filled",
      files: [
        "id,name," + (0..<3000).map { "spec_\($0)" }.joined(separator: ",") + "\n1,Mug,"
          + (0..<3000).map { $0 % 1000 == 7 ? "v\($0)" : "" }.joined(separator: ",") + "\n"
      ], name: "p.csv", kind: .product, map: #"{"attributes":{"prefix":"spec_"}}"#, dirt: [:],
      values: ["0/attributes": "3", "0/attributes/1007": "v1007", "0/spec_7": ""]),
    DirtCase(
      number: 25, testDescription: "http image links, one missing, one unsafe",
      files: [
        "id,name,image\n1,A,http://shop.example/a.jpg\n2,B,\n3,C,javascript:alert(1)\n4,D,https://shop.example/d.jpg\n"
      ], name: "p.csv", kind: .product, dirt: [.insecureLink: 1, .missingImage: 1, .unsafeLink: 1],
      values: ["0/image": "http://shop.example/a.jpg", "2/image": ""]),
    DirtCase(
      number: 26, testDescription: "tags that must never be shown",
      files: ["id,name,tags\n1,A,warm | check stock | wool | Sent from abroad\n"], name: "p.csv", kind: .product,
      map: #"{"tags":{"from":"tags","split":"|","except":["check stock","Sent*"]}}"#, dirt: [.excludedValue: 2],
      values: ["0/tags": "2", "0/tags/0": "warm", "0/tags/1": "wool"]),
    DirtCase(
      number: 27, testDescription: "size table flattened into prose",
      files: [
        "id,name,description\n1,Boot,Firm sole. Size Heel Length 36 4 23.5 37 4 24.1 38 4.5 24.8 Wear them dry.\n"
      ],
      name: "p.csv", kind: .product, map: #"{"description":{"drop_tables":true}}"#, dirt: [.flattenedTable: 1],
      values: ["0/description": "Firm sole. Wear them dry."]),
    DirtCase(
      number: 28, testDescription: "type and category missing, out of stock, a range of prices",
      files: ["id,name,type,group,stock,min,max\n1,A,,,False,9.00,12.00\n2,B,Boots,,True,5.00,5.00\n"], name: "p.csv",
      kind: .product, map: #"{"category":["group","type"],"availability":"stock","price":"min"}"#,
      dirt: [.missingCategory: 1],
      values: [
        "0/availability": "out_of_stock", "1/category": "Boots", "0/price": "9.00", "0/max": "12.00",
        "1/availability": "in_stock",
      ]),
    DirtCase(
      number: 29, testDescription: "line breaks and inner separators in cells, empty columns, parents and variants",
      files: [
        "sku,name,parent,a,b,options\n1,\"Coat\nlong\",,,,\"size=M,colour=red|size=L,colour=blue\"\n1-M,,1,,,\n"
          + "2-M,Coat M,2,,,size=M\n"
      ], name: "p.csv", kind: .product,
      map: #"{"id":"sku","options":{"from":"options","split":"|","with":"; "}}"#,
      dirt: [.missingName: 1, .innerBlanks: 1, .noSeparator: 1],
      values: [
        "0/name": "Coat long", "0/options": "size=M,colour=red; size=L,colour=blue", "0/a": "", "1/parent": "2",
      ],
      rejection: "rejected row: missing name in field 'name': every product needs one (in p.csv:4)"),
    DirtCase(
      number: 30, testDescription: "copies that lie: mojibake, empty turned to 'Unknown'",
      files: ["id,name,price,description\n1,Caf\u{C3}\u{A9} mug,\u{C2}£40.00,Unknown\n"], name: "p.csv", kind: .product,
      map: #"""
        {"name":{"repair":"mojibake"},"price":{"repair":"mojibake"},"description":{"except":"Unknown"}}
        """#, dirt: [.mojibake: 2, .excludedValue: 1],
      values: ["0/name": "Café mug", "0/price": "40.00", "0/currency": "GBP", "0/description": ""]),
    DirtCase(
      number: 31, testDescription: "rows wholly empty, hashes where JSON is expected",
      files: [
        "id,name,spec\n1,A,\"{\"\"Size\"\"=>\"\"M\"\", \"\"Lining\"\"=>nil}\"\n,,\n\n , ,\t\n2,B,\"{\"\"Size\"\"=>\"\n"
      ], name: "p.csv", kind: .product, map: #"{"attributes":{"from":"spec","parse":"json"}}"#,
      dirt: [.hashNotation: 1, .emptyRow: 3, .unreadableValue: 1],
      values: ["0/attributes/Size": "M", "1/attributes": "", "1/name": "B"]),
    DirtCase(
      number: 32,
      testDescription: "brand missing, tabs and CRs in text, price in copy, words for a number, path without separator",
      files: [
        "id,name,brand,description,rating,path\n1,Red\tmug,,\"One\rtwo, now Rs. 379 only\",No rating yet,Home >> Cups\n"
          + "2,Cup,Kiln,Plain,4.5,Home\n"
      ], name: "p.csv", kind: .product,
      map: #"""
        {"description":{"inspect":true},"rating":{"value":"rating"},
         "category":{"from":"path","split":">>","with":" > "}}
        """#,
      dirt: [
        .missingBrand: 1, .innerBlanks: 1, .controlCharacter: 1, .priceInText: 1, .unreadableNumber: 1, .noSeparator: 1,
      ],
      values: [
        "0/name": "Red mug", "0/description": "One\ntwo, now Rs. 379 only", "0/rating": "", "1/rating/value": "4.5",
        "0/category": "Home > Cups",
      ]),
    DirtCase(
      number: 34, testDescription: "currency in the cell of the price, price 0 for unknown, manufacturer missing",
      files: [
        "id,name,manufacturer,price\n1,A,,69.71 gbp\n2,B,Kiln,0\n3,C,Kiln,$1,299\n".replacing(
          "$1,299", with: "\"$1,299\"")
      ],
      name: "p.csv", kind: .product, map: #"{"brand":"manufacturer"}"#,
      dirt: [.missingBrand: 1, .priceNotPositive: 1],
      values: ["0/price": "69.71", "0/currency": "GBP", "1/price": "", "2/price": "1299", "2/currency": "USD"]),
    DirtCase(
      number: 35, testDescription: "no-break spaces in numbers, price missing",
      files: ["id,name,offers,price\n1,A,5\u{A0}new,1\u{A0}299\u{202F}€\n2,B,,\n"], name: "p.csv", kind: .product,
      map: #"{"offers":{"from":"offers","at_least":0}}"#, dirt: [.numberWithWords: 1, .missingPrice: 1],
      values: ["0/offers": "5", "0/price": "1299", "0/currency": "EUR"]),
  ]
}
