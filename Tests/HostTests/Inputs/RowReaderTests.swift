import Core
import Testing

@testable import Host

struct RowReaderTests {
  private let products = "id,name\n1,Tent\n2,\"Lamp, small\"\n"

  @Test(arguments: ["\n", "\r\n", "\r"])
  func everyLineBreakEndsARow(lineBreak: String) throws {
    let text = "id,name\n1,Tent\n\"2\",\"Lamp\"\n3,Boots".split(separator: "\n").joined(separator: lineBreak)
    let input = try decode(text, named: "a.csv")
    #expect((0..<3).map { input.text("\($0)/name") } == ["Tent", "Lamp", "Boots"])
    #expect(input.report.rows == 3)
    let lines = try decode(
      #"{"id":1,"name":"A"}|{"id":2,"name":"B"}|"#.split(separator: "|").joined(separator: lineBreak), named: "a.jsonl")
    #expect(lines.text("1/name") == "B")
    #expect(lines.report.rows == 2)
  }

  @Test func everyEncodingGivesTheSameRecords() throws {
    let text = "id,name,brand\n1,Gürtel,Café\n2,🎒 Sack,Æther\n"
    let files: [([UInt8], TextEncoding)] = [
      (Array(text.utf8), .utf8), ([0xEF, 0xBB, 0xBF] + Array(text.utf8), .utf8),
      (utf16(text), .utf16LittleEndian), (utf16(text, bigEndian: true), .utf16BigEndian),
      (utf16(text, mark: false), .utf16LittleEndian), (utf16(text, bigEndian: true, mark: false), .utf16BigEndian),
    ]
    for (bytes, encoding) in files {
      let input = try decode(bytes, named: "a.csv")
      #expect(input.layout.encoding == encoding)
      #expect(input.text("0/name") == "Gürtel" && input.text("0/brand") == "Café")
      #expect(input.text("1/name") == "🎒 Sack" && input.text("1/brand") == "Æther")
    }
  }

  @Test func halvesOfSurrogatePairsBecomeReplacementCharacters() throws {
    var bytes = utf16("id,name\n1,A")
    bytes += [0x00, 0xD8] + utf16("B\n2,C", mark: false) + [0x3D, 0xD8]
    let input = try decode(bytes, named: "a.csv")
    #expect(input.text("0/name") == "A\u{FFFD}B")
    #expect(input.text("1/name") == "C\u{FFFD}")
  }

  @Test func bytesThatAreNotUTF8AreWindows1252() throws {
    var bytes = Array("id,name\n1,Caf".utf8) + [0xE9] + Array("\n2,5 ".utf8) + [0x80] + Array("\n3,na".utf8)
    bytes += [0xC3, 0xAF] + Array("ve ".utf8) + [0x93, 0x78, 0x94, 0x0A]
    let input = try decode(bytes, named: "a.csv")
    #expect(input.layout.encoding == .windows1252 && input.layout.encodingIsGuess)
    #expect((0..<3).map { input.text("\($0)/name") } == ["Café", "5 €", "naïve “x”"])
    #expect(input.report[.notUTF8].count == 3)
    #expect(input.report[.notUTF8].examples.map(\.line) == [2, 3, 4])
  }

  @Test func aStatedEncodingIsHeldTo() throws {
    var options = InputOptions()
    options.encoding = .utf8
    let strict = try decode(Array("id,name\n1,Caf".utf8) + [0xE9], named: "a.csv", options: options)
    #expect(strict.report[.invalidUTF8].count == 1 && strict.records.isEmpty)
    options.encoding = .windows1252
    let latin = try decode(Array("id,name\n1,".utf8) + [0xC3, 0x9F], named: "a.csv", options: options)
    #expect(latin.text("0/name") == "ÃŸ")
  }

  @Test(arguments: [",", ";", "\t", "|"])
  func theSeparatorIsFoundOut(separator: String) throws {
    let input = try decode(
      "id\(separator)name\(separator)price\n1\(separator)\"A, b; c | d\"\(separator)2\n", named: "a.csv")
    #expect(input.layout.columns == ["id", "name", "price"])
    #expect(input.text("0/name") == "A, b; c | d")
  }

  @Test func aSpreadsheetsFirstLineStatesTheSeparator() throws {
    let input = try decode("sep=;\r\nid;name\r\n1;a,b,c\r\n", named: "a.csv")
    #expect(input.text("0/name") == "a,b,c")
    #expect(input.report.rows == 1)
  }

  @Test func cellsMayHoldLineBreaksQuotesAndSeparators() throws {
    let input = try decode("id,name,note\n1,\"say \"\"hi\"\"\",\"a\nb,c\"\n2,24\" screen,x\n", named: "a.csv")
    #expect(input.text("0/name") == "say \"hi\"")
    #expect(input.text("0/note") == "a\nb,c")
    #expect(input.text("1/name") == "24\" screen")
  }

  @Test func aQuoteThatIsNotClosedCostsItsOwnLineOnly() throws {
    let rows = "id,name,note\n1,Tent,ok\n2,\"Lamp,bad\n3,Boots,fine\n4,\"Sack\",\"x\ny\"\n5,Hat,\"last\n"
    let input = try decode(rows, named: "a.csv")
    #expect(input.records.map { $0["name"].string } == ["Tent", "Boots", "Sack"])
    #expect(input.report[.unclosedQuote].count == 2)
    #expect(input.report[.unclosedQuote].examples.map(\.line) == [3, 7])
    #expect(input.rejects.map { String(decoding: $0, as: UTF8.self) } == ["2,\"Lamp,bad", "5,Hat,\"last"])
  }

  @Test func aRowThatIsTooLongIsSkippedWithoutBeingHeld() throws {
    var options = InputOptions()
    options.maxRowBytes = 100_000
    let long = String(repeating: "x", count: 3_000_000)
    let csv = try decode("id,name\n1,A\n2,\(long)\n3,C\n4,\"\(long)\"\n5,E\n", named: "a.csv", options: options)
    #expect(csv.records.map { $0["name"].string } == ["A", "C", "E"])
    #expect(csv.report[.rowTooLong].examples.map(\.line) == [3, 5])
    #expect(csv.rejects.allSatisfy { $0.count <= 4096 })
    let jsonl = try decode(
      "{\"id\":1,\"name\":\"A\"}\n{\"id\":2,\"name\":\"\(long)\"}\n{\"id\":3,\"name\":\"C\"}", named: "a.jsonl",
      options: options)
    #expect(jsonl.records.map { $0["name"].string } == ["A", "C"])
    #expect(jsonl.report[.rowTooLong].examples.map(\.line) == [2])
    let json = try decode(
      "[{\"id\":1,\"name\":\"A\"},{\"id\":2,\"name\":\"\(long)\"},{\"id\":3,\"name\":\"C\"}]", named: "a.json",
      options: options)
    #expect(json.records.map { $0["name"].string } == ["A", "C"])
    #expect(json.report[.rowTooLong].count == 1)
  }

  @Test(arguments: [
    "[{\"id\":1,\"name\":\"A\"},{\"id\":2,\"name\":\"B\"}]",
    "[\n  {\n    \"id\": 1,\n    \"name\": \"A\"\n  },\n  { \"id\": 2, \"name\": \"B\" }\n]\n",
    "{\n\"id\": 1, \"name\": \"A\" }\n{ \"id\": 2,\n\"name\": \"B\" }",
  ])
  func objectsOfAJSONFileAreRows(text: String) throws {
    let input = try decode(text, named: "a.json")
    #expect(input.layout.format == .json)
    #expect(input.records.map { $0["name"].string } == ["A", "B"])
    #expect(input.report.rows == 2)
  }

  @Test func aBrokenElementDoesNotSwallowTheNextOnes() throws {
    let text = """
      [
      {"id":1,"name":"A"},
      {"id":2,"name":"B",
      {"id":3,"name":"C"},
      {"id":4,"name":"D},
      {"id":5,"name":"E"},
      7,
      {"id":6,"name":"F","x":{"y":[1,2}
      ]
      """
    let input = try decode(text, named: "a.json")
    #expect(input.records.map { $0["name"].string }.contains("C"))
    #expect(input.records.map { $0["name"].string }.contains("E"))
    #expect(input.report.rows == input.rowCount)
    #expect(input.report[.invalidJSON].examples.first?.line == 3)
    #expect(input.report[.truncated].examples.map(\.line) == [8])
  }

  @Test func gzipIsSeenByItsBytes() throws {
    let packed = try gzipped(Array(products.utf8))
    #expect(try decode(packed, named: "a.csv.gz").text("1/name") == "Lamp, small")
    #expect(try decode(packed + gzipped(Array("3,Boots\n".utf8)), named: "a.csv").text("2/name") == "Boots")
    #expect(try decode(packed + [0, 0, 0], named: "a.csv.gz").report.rows == 2)
  }

  @Test func brokenGzipIsAClearError() throws {
    let packed = try gzipped((0..<5000).flatMap { Array("{\"id\":\($0),\"name\":\"n\($0)\"}\n".utf8) })
    func kind(_ bytes: [UInt8]) -> String? {
      #expect(throws: Diagnostic.self) { try decode(bytes, named: "a.jsonl.gz") }?.kind
    }
    #expect(kind(Array(packed.dropLast(200))) == "corrupt gzip")
    var flipped = packed
    flipped[packed.count / 2] ^= 0x55
    #expect(kind(flipped) == "corrupt gzip")
    #expect(kind(packed + Array("rest".utf8)) == "corrupt gzip")
  }

  @Test func gzipThatBlowsUpIsRefused() throws {
    var rows = [UInt8](repeating: UInt8(ascii: "x"), count: 70 << 20)
    for index in stride(from: 99_999, to: rows.count, by: 100_000) { rows[index] = 10 }
    let bomb = try gzipped(rows)
    let error = #expect(throws: Diagnostic.self) {
      try withFile(bomb, named: "a.csv.gz") { path in
        let reader = try RowReader(path: path)
        var chunk = RowChunk()
        while try reader.next(into: &chunk) {}
      }
    }
    #expect(error?.kind == "suspicious gzip")
    #expect(error?.help == "raise 'max_inflate_ratio' for this input if that is right")
  }

  @Test func missingFilesAndFoldersAreNamed() {
    let missing = #expect(throws: Diagnostic.self) { try RowReader(path: "no/such.csv") }
    #expect(missing?.description == "missing input: no file 'no/such.csv'")
    let folder = #expect(throws: Diagnostic.self) { try RowReader(path: "/tmp") }
    #expect(folder?.detail == "'/tmp' is a folder, expected a file")
  }

  @Test func columnNamesWithoutAnEndAreAnError() {
    let error = #expect(throws: Diagnostic.self) { try decode("id,\"name\n1,A\n", named: "a.csv") }
    #expect(error?.kind == "unreadable input" && error?.location?.line == 1)
  }

  @Test func emptyFilesHaveNoRows() throws {
    for name in ["a.csv", "a.tsv", "a.jsonl", "a.json", "a"] {
      #expect(try decode("", named: name).report.rows == 0)
      #expect(try decode("\n\n", named: name).records.isEmpty)
    }
  }

  @Test func unknownNamesAreToldApartByTheirFirstBytes() throws {
    #expect(try decode("{\"id\":1,\"name\":\"A\"}\n{\"id\":2,\"name\":\"B\"}", named: "feed").layout.format == .jsonl)
    #expect(try decode(" [{\"id\":1,\"name\":\"A\"}]", named: "feed").layout.format == .json)
    #expect(try decode("id\tname\n1\tA", named: "feed").layout.separator == 9)
  }

  @Test func chunksKeepTheOrderAndTheLinesWhateverTheirSize() throws {
    let text = "id,name\n" + (1...500).map { "\($0),\"n\($0)\(String(repeating: "\ny", count: $0 % 4))\"\n" }.joined()
    try withFile(Array(text.utf8), named: "a.csv") { path in
      var seen: [[Int]] = []
      for (bytes, rows) in [(1 << 18, 4096), (64, 4096), (1 << 18, 1), (1000, 7)] {
        let reader = try RowReader(path: path)
        var chunk = RowChunk(targetBytes: bytes, maxRows: rows)
        var lines: [Int] = []
        var index = 0
        while try reader.next(into: &chunk) {
          #expect(chunk.index == index && chunk.rows.count <= rows)
          index += 1
          lines += chunk.rows.map(\.line)
        }
        #expect(reader.position == text.utf8.count && reader.size == text.utf8.count)
        seen.append(lines)
      }
      #expect(seen[0].count == 500 && seen[0][4] == 2 + 1 + 2 + 3 + 4)
      #expect(Set(seen).count == 1)
    }
  }
}
