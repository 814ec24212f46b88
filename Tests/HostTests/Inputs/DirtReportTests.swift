import Core
import Testing

@testable import Host

struct DirtReportTests {
  @Test func mergedReportsReadLikeOne() {
    var whole = DirtReport()
    var parts = [DirtReport(), DirtReport(), DirtReport()]
    for line in 1...30 {
      let part = (line - 1) / 10
      if line % 4 == 0 {
        whole.add(.missingName, line: line, field: "name", reason: "every product needs one")
        parts[part].add(.missingName, line: line, field: "name", reason: "every product needs one")
      } else {
        whole.addRecord()
        parts[part].addRecord()
      }
    }
    var merged = DirtReport()
    for part in parts { merged.merge(part) }
    #expect(merged == whole)
    #expect(merged.description == whole.description)
    #expect(merged.rows == 30 && merged.rejected == 7 && merged.records == 23)
    #expect(merged.strictFailure(file: "x.csv") == whole.strictFailure(file: "x.csv"))
    #expect(merged.strictFailure(file: "x.csv")?.location == SourceLocation(file: "x.csv", line: 4))
  }

  @Test func isReadByPeople() throws {
    let input = try decode("id,name,price\n1,  A,free\n,B,2\n2,A,3\n", named: "a.csv")
    #expect(
      input.report.description == """
        3 rows: 2 records, 1 rejected
          rejected 1: missing id (line 3, id: every product needs one)
          repaired 1: outer blanks (line 2, name)
          noted 2: missing brand (line 2, brand; line 4, brand)
          noted 2: missing category (line 2, category; line 4, category)
          noted 2: missing description (line 2, description; line 4, description)
          noted 2: missing image (line 2, image; line 4, image)
          noted 1: repeated name (line 4, name 'A')
          noted 1: unreadable price (line 2, price 'free')
        """)
  }

  @Test func aStrictRunNamesFileLineAndReason() throws {
    let input = try decode("\n{\"id\":1,\"name\":\"A\"}\n{\"id\":2,]\n7\n", named: "a.jsonl")
    #expect(input.report[.emptyRow].count == 1, "an empty row is counted and stops nothing")
    #expect(
      input.report.strictFailure(file: "a.jsonl")?.description == """
        rejected row: invalid JSON: found ']', expected a quoted key (at byte 8) (in a.jsonl:3)
          3 | {"id":2,]
          help: mend the row, or run without '--strict'
        """)
  }

  @Test func excerptsAreShortAndOnOneLine() {
    var report = DirtReport()
    var text = "a\u{2028}b\n\t" + String(repeating: "é", count: 200)
    text.withUTF8 { report.add(.unreadablePrice, line: 1, excerpt: $0) }
    let excerpt = report[.unreadablePrice].examples.first?.excerpt
    #expect(excerpt?.unicodeScalars.count == 80)
    #expect(excerpt?.hasPrefix("a b  é") == true)
  }

  @Test func theFilterHoldsManyIDs() throws {
    let rows = (0..<5000).map { "{\"id\":\($0 % 4000),\"name\":\"n\($0)\"}\n" }.joined()
    let input = try decode(rows, named: "a.jsonl")
    #expect(input.records.count == 4000 && input.report[.duplicateID].count == 1000)
    #expect(input.report[.duplicateID].examples.map(\.line) == [4001, 4002, 4003])
  }
}
