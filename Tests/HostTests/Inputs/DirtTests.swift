import Core
import Testing

@testable import Host

struct DirtTests {
  @Test(arguments: DirtCases.products + DirtCases.events + DirtCases.profiles)
  func isRepairedOrReported(_ dirt: DirtCase) throws {
    let input = try withFiles(dirt.files.map { Array($0.utf8) }, named: dirt.name) {
      try decode(
        files: $0, as: dirt.kind, map: dirt.map, options: dirt.options, currency: dirt.currency)
    }
    for (kind, count) in dirt.dirt {
      #expect(input.report[kind].count == count, "\(kind.name)\n\(input.report)")
      if count > 0 { #expect(input.report[kind].examples.allSatisfy { $0.line > 0 }) }
    }
    for (path, text) in dirt.values { #expect(input.text(path) ?? "" == text, "\(path)\n\(input.report)") }
    let failure = input.report.strictFailure(file: dirt.name)
    #expect(failure.map { "\($0.kind): \($0.detail) (in \($0.location?.description ?? ""))" } == dirt.rejection)
    #expect(input.rowCount == input.records.count + input.report.rejected)
    #expect(input.report.rows == input.rowCount && input.report.records == input.records.count)
  }

  @Test func everyKindOfTheListHasACase() {
    let numbers = Set((DirtCases.products + DirtCases.events + DirtCases.profiles).map(\.number))
    // 33 is bytes rather than text: the next test.
    #expect(numbers.union([33]) == Set(1...35).union([41, 42]))
  }

  @Test func latin1RowsAreReadAndReported() throws {
    let bytes = Array("id,name\n1,Caf".utf8) + [0xE9] + Array("\n2,Tee".utf8)
    let input = try decode(bytes, named: "p.csv")
    #expect(input.text("0/name") == "Café")
    #expect(input.report[.notUTF8].examples.map(\.line) == [2])
    #expect(input.report[.notUTF8].examples.map(\.reason) == ["read as Windows-1252"])
  }

  @Test func rowsAboutPeopleShowNoValues() throws {
    let input = try decode(
      "{\"id\":\"u1\",\"orders\":\"secret\"}\n{\"name\":\"secret\"}\nsecret", named: "u.jsonl", as: .profile)
    #expect(input.report[.unreadableNumber].count == 1)
    #expect(input.report.rejected == 2)
    #expect(!input.report.description.contains("secret"))
    #expect(input.report.strictFailure(file: "u.jsonl")?.description.contains("secret") == false)
  }

  @Test func consentIsGivenOnlyByAYes() throws {
    let input = try decode(
      #"{"id":1,"consent":{"personalise":"yes","email":"maybe","push":false,"sms":null,"post":1}}"#, named: "u.jsonl",
      as: .profile)
    let consent = try #require(input.records.first)["consent"]
    #expect((0..<5).map { consent[$0].bool } == [true, false, false, false, true])
    #expect(input.report[.unknownWord].count == 2)
  }

  @Test func consentsInColumnsAreCollected() throws {
    let input = try decode(
      "id,ok_email,ok_push\n1,Yes,\n2,no,1\n", named: "u.csv", as: .profile, map: #"{"consent":{"prefix":"ok_"}}"#)
    #expect(input.records.map { $0["consent"]["email"].bool } == [true, false])
    #expect(input.records.map { $0["consent"]["push"].bool } == [nil, true])
  }

  private func withFiles<R>(_ files: [[UInt8]], named name: String, _ body: ([String]) throws -> R) throws -> R {
    func open(_ rest: ArraySlice<[UInt8]>, _ paths: [String]) throws -> R {
      guard let first = rest.first else { return try body(paths) }
      return try withFile(first, named: name) { try open(rest.dropFirst(), paths + [$0]) }
    }
    return try open(files[...], [])
  }
}
