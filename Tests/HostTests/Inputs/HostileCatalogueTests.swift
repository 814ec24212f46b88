import Core
import Testing

@testable import Host

struct HostileCatalogueTests {
  @Test func everyRowIsARecordOrIsRejectedForItsReason() throws {
    let input = try decode(files: [fixture("hostile.jsonl")])
    #expect(input.rowCount == 63 && input.report.rows == 63)
    #expect(input.records.count == 48 && input.records.count + input.report.rejected == input.rowCount)
    let rejected = DirtKind.allCases.filter { $0.outcome == .rejected && input.report[$0].count > 0 }
    #expect(
      Dictionary(uniqueKeysWithValues: rejected.map { ($0, input.report[$0].examples.map(\.line)) }) == [
        .invalidJSON: [29, 44, 52], .missingID: [35, 36, 40], .missingName: [37, 38], .duplicateID: [31],
        .notAnObject: [53, 54], .emptyRow: [55, 56],
      ])
    #expect(input.report[.invalidJSON].count == 5)
    #expect(
      input.report.strictFailure(file: "hostile.jsonl")?.location == SourceLocation(file: "hostile.jsonl", line: 29))
  }

  @Test func everyRecordHasASafeSlugAndCleanText() throws {
    let input = try decode(files: [fixture("hostile.jsonl")])
    for record in input.records {
      #expect(Slug.isSlug(record["slug"].text), "\(record["id"].scalarText ?? "")")
      #expect(Blanks.isCleanLabel(record["name"].text))
      #expect(UTF8Check.isValid(record["name"].text) && UTF8Check.isValid(record["description"].text))
      #expect(record["price"].kind != .string && (record["price"].double ?? 1) > 0)
    }
    #expect(Set(input.records.compactMap { $0["slug"].string }).count == input.records.count)
  }

  @Test func textOfEveryScriptStaysAsItIs() throws {
    let input = try decode(files: [fixture("hostile.jsonl")])
    #expect(input.text("0/name") == "轻便防水背包" && input.text("0/category") == "户外 > 背包")
    #expect(input.text("3/price") == "1299.00" && input.text("3/currency") == "RUB")
    #expect(input.text("8/name") == "👩‍🔧 Tool roll 🧰")
    #expect(input.text("12/name") == "Mug ]]> with the end of a section")
    #expect(input.text("13/name") == "</script><script>alert(1)</script> lamp")
  }

  @Test func latin1AndUTF16FilesAreRead() throws {
    let latin = try decode(files: [fixture("hostile.latin1.csv")])
    #expect(latin.layout.encoding == .windows1252 && latin.layout.separator == UInt8(ascii: ";"))
    #expect(latin.records.map { $0["name"].string } == ["Café crème", "“Quoted” – dashed…", "Ærø blanket", "Straße"])
    #expect(latin.report[.unclosedQuote].examples.map(\.line) == [6] && latin.report[.emptyRow].count == 1)
    #expect(latin.rowCount == latin.records.count + latin.report.rejected)
    let utf16 = try decode(files: [fixture("hostile.utf16.tsv")])
    #expect(utf16.layout.encoding == .utf16LittleEndian)
    #expect(utf16.records.map { $0["name"].string } == ["轻便背包", "👩‍🔧 Rolle", "</script>"])
    #expect(utf16.text("0/description") == "两行\n文字")
    #expect(utf16.rowCount == 4 && utf16.report[.duplicateID].examples.map(\.line) == [6])
  }

  @Test(arguments: ["a.jsonl", "a.json", "a.csv", "a.tsv"])
  func aMillionCharactersFitInAField(name: String) throws {
    let long = String(repeating: "轻便 und <b>warm</b> ", count: 50_000)
    let rows =
      switch name {
      case "a.csv": "id,name,description\n1,A,\"\(long)\"\n2,B,x\n"
      case "a.tsv": "id\tname\tdescription\n1\tA\t\(long)\n2\tB\tx\n"
      case "a.json": "[{\"id\":1,\"name\":\"A\",\"description\":\"\(long)\"},\n{\"id\":2,\"name\":\"B\"}]"
      default: "{\"id\":1,\"name\":\"A\",\"description\":\"\(long)\"}\n{\"id\":2,\"name\":\"B\"}\n"
      }
    let input = try decode(rows, named: name, map: #"{"description":{"strip_html":true}}"#)
    #expect(input.records.count == 2 && input.rowCount == 2)
    let text = try #require(input.text("0/description"))
    #expect(text.unicodeScalars.count == 50_000 * 12 - 1 && text.hasPrefix("轻便 und warm 轻便"))
  }
}
