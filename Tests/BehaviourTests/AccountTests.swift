import Core
import Foundation
import Testing

@testable import Behaviour

struct AccountTests {
  private let folder: TemporaryFolder
  private let store: EventStore

  init() throws {
    folder = try TemporaryFolder()
    store = try EventStore(path: folder.path + "/events.db")
    _ = try EventImport(into: store, options: .init(), now: 1_717_200_000_000).run(
      folder.file(
        "events.csv",
        """
        user,product,time,quantity,price
        anna,tent,2024-05-01,1,99
        bert,tent,2024-05-02,1,99
        zoe,tent,2024-05-03,1,99

        """))
  }

  private func load(_ lines: String) throws -> EventStore.AccountReport {
    try store.loadAccounts(folder.file("accounts.jsonl", lines))
  }

  private func profiles(_ options: ProfileBuild.Options = .init()) throws -> [String] {
    var text = ""
    _ = try ProfileBuild(store, options: options).run { text += String(decoding: $0, as: UTF8.self) }
    return text.split(separator: "\n").map(String.init)
  }

  private let accounts = """
    {"id":"anna","locale":"de-DE","first_name":"Anna","orders":900,"consent":{"email":true},"attributes":{"size":"M","events":7}}
    {"id":"bert","locale":"en-US","first_name":"Bert","consent":{"personalise":false}}
    {"id":"carl","locale":"zh-CN","consent":{"personalise":true}}
    {"locale":"zh-CN"}
    half a li
    """

  @Test func whatPeopleToldIsJoinedToWhatTheyDid() throws {
    #expect(try load(accounts) == .init(kept: 3, unreadable: 2, erased: 0))
    let lines = try profiles()
    #expect(lines.count == 4)
    // What events say wins over what the account claims.
    #expect(lines[0].hasPrefix(#"{"id":"anna","locale":"de-DE","first_name":"Anna","segments":["#))
    #expect(
      lines[0].contains(#""orders":1,"#) && lines[0].contains(#""size":"M""#) && lines[0].contains(#""events":1,"#))
    #expect(lines[0].contains(#""consent":{"email":true,"personalise":true}"#))
    // Nobody has to have done anything.
    #expect(lines[2].contains(#""id":"carl""#) && lines[2].contains(#""orders":0,"lifetime_value":0"#))
    #expect(lines[3].hasPrefix(#"{"id":"zoe","segments""#))
  }

  @Test func ofThoseWhoDeclinedOnlyWhatTheirPagesNeedIsWritten() throws {
    _ = try load(accounts)
    #expect(try profiles()[1] == #"{"id":"bert","locale":"en-US","consent":{"personalise":false}}"#)
    try store.setConsent("bert", purpose: "personalise", granted: true, time: 1)
    #expect(try profiles()[1].contains(#""first_name":"Bert""#))
    try store.setConsent("zoe", purpose: "personalise", granted: false, time: 1)
    #expect(try profiles().count == 3)
  }

  @Test func consentIsAskedForAtEachUse() throws {
    _ = try load(accounts)
    try store.setConsent("zoe", purpose: "measure", granted: false, time: 1)
    func exported(_ purpose: String?) throws -> Int {
      var selection = EventStore.Selection()
      selection.purpose = purpose
      return try store.export(selection) { _ in }
    }
    #expect(try exported(nil) == 3)
    #expect(try exported("personalise") == 2)
    #expect(try exported("measure") == 2)
    #expect(try store.purchases().userIDs == ["anna", "bert"])
    #expect(try store.purchases().filters.contains("1 people left out who do not agree to 'measure'"))
    #expect(try store.purchases(purpose: "personalise").userIDs == ["anna", "zoe"])
    #expect(throws: Diagnostic.self) { try exported("a\"b") }
  }

  @Test(
    arguments: [
      ("false", false), ("\"no\"", false), ("[]", false), ("[\"measure\"]", false), ("{\"personalise\":\"no\"}", false),
      ("{\"personalise\":true,\"personalise\":false}", false), ("true", true), ("[\"personalise\"]", true),
      ("{\"personalise\":\"yes\"}", true), ("{\"personalise\":1}", true), ("{\"measure\":false}", true), ("null", true),
    ])
  func consentIsReadInEveryForm(consent: String, agrees: Bool) throws {
    _ = try load("{\"id\":\"anna\",\"consent\":\(consent)}\n")
    var selection = EventStore.Selection()
    selection.purpose = "personalise"
    var exported = ""
    _ = try store.export(selection) { exported += String(decoding: $0, as: UTF8.self) }
    #expect(exported.contains("\"anna\"") == agrees)
    let anna = try #require(try profiles().first { $0.contains("\"anna\"") })
    #expect(anna.contains("\"attributes\"") == agrees && anna.contains("\"personalise\":\(agrees)"))
  }

  @Test func theErasedHaveNoAccountAndGetNoneAgain() throws {
    _ = try load(accounts)
    let receipt = try store.erase("anna", at: 5)
    #expect(receipt.root["removed"]["accounts"].int == 1)
    #expect(try load(accounts) == .init(kept: 2, unreadable: 2, erased: 1))
    #expect(try profiles().allSatisfy { !$0.contains("anna") })
  }

  @Test func pseudonymsAreNotNamed() throws {
    _ = try load(accounts)
    var options = ProfileBuild.Options()
    options.pseudonyms = Pseudonyms(key: Array("a key of some length".utf8))
    let lines = try profiles(options)
    #expect(lines[0].contains(#""locale":"de-DE""#) && !lines[0].contains("Anna") && !lines[0].contains("\"M\""))
  }

  @Test func aTableIsRefused() throws {
    do {
      _ = try store.loadAccounts(folder.file("accounts.csv", "id,locale\nanna,de-DE\n"))
      Issue.record("a table was taken")
    } catch let error as Diagnostic { #expect(error.kind == "invalid accounts") }
  }
}
