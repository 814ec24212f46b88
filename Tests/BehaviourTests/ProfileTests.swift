import Core
import Foundation
import GRDB
import Testing

@testable import Behaviour

struct ProfileTests {
  private let folder: TemporaryFolder
  private let store: EventStore
  private let now: Int64 = 1_717_200_000_000

  private let events = """
    {"id":"1","event":"view","user":"anna","product":"t1","name":"Trail tent","category":"tents","brand":"Nord","time":"2024-03-01T08:00:00+01:00"}
    {"id":"2","event":"search","user":"anna","query":"light tent","time":"2024-03-01T08:05:00+01:00"}
    {"id":"3","event":"purchase","user":"anna","product":"t1","order":"o1","quantity":2,"price":100.50,"time":"2024-03-01T08:10:00+01:00"}
    {"id":"4","event":"purchase","user":"anna","product":"s1","order":"o1","quantity":1,"price":20,"name":"Gas stove","category":"stoves","brand":"Nord","time":"2024-03-01T08:10:00+01:00"}
    {"id":"5","event":"purchase","user":"anna","product":"t1","order":"o2","quantity":1,"price":90,"time":"2024-04-10T20:00:00+02:00"}
    {"id":"6","event":"refund","user":"anna","product":"t1","order":"o3","quantity":1,"price":90,"time":"2024-04-12T20:00:00+02:00"}
    {"id":"7","event":"purchase","user":"bert","product":"t1","order":"o4","quantity":1,"price":100.50,"time":"2024-05-01T10:00:00Z"}
    {"id":"8","event":"view","user":"carl","product":"s1","time":"2024-05-02T10:00:00Z","channel":"mail"}

    """

  init() throws {
    folder = try TemporaryFolder()
    store = try EventStore(path: folder.path + "/events.db")
    try add(events)
  }

  private func add(_ lines: String) throws {
    _ = try EventImport(into: store, options: ImportOptions(), now: now).run(
      folder.file("\(UUID().uuidString).jsonl", lines))
  }

  private func build(_ options: ProfileBuild.Options = .init()) throws -> (ProfileBuild.Report, [Document]) {
    var text = ""
    let report = try ProfileBuild(store, options: options).run { text += String(decoding: $0, as: UTF8.self) }
    return (report, try text.split(separator: "\n").map { try Document(json: String($0)) })
  }

  @Test func valuesAreThoseOfTheEvents() throws {
    let (report, profiles) = try build()
    #expect(report == .init(rebuilt: 3, written: 3, withheld: 0))
    let anna = try #require(profiles.first)
    let root = anna.root
    #expect(root["id"].string == "anna")
    // The refunded tent is taken off the second order, which is then empty.
    #expect(root["orders"].int == 1 && root["lifetime_value"].double == 221)
    #expect(root["attributes"]["pieces"].int == 3)
    #expect(root["attributes"]["average_order_value"].double == 221)
    #expect(root["attributes"]["purchase_count"].int == 3 && root["attributes"]["refund_count"].int == 1)
    #expect(root["attributes"]["active_days"].int == 3)
    #expect(root["attributes"]["visits"].int == 3)
    #expect(root["attributes"]["first_seen"].string == "2024-03-01T07:00:00Z")
    #expect(root["attributes"]["days_since_order"].int == 62)
    #expect(root["attributes"]["top_brand_share"].double == 1)
    #expect(root["interests"][0].string == "tents" && root["interests"].count == 2)
    #expect(root["searches"][0].string == "light tent")
    #expect(root["shares"]["hours"][0]["name"].string == "8")
    #expect(root["history"].count == 2)
    #expect(root["consent"]["personalise"].bool == true)
    let carl = try #require(profiles.last)
    #expect(carl.root["orders"].int == 0 && carl.root["shares"]["channels"][0]["name"].string == "mail")
    withExtendedLifetime(profiles) {}
  }

  @Test func onlyPeopleWithNewEventsAreMadeAnew() throws {
    let (_, before) = try build()
    #expect(try build().0.rebuilt == 0)
    try add(#"{"id":"9","event":"view","user":"bert","product":"t1","time":"2024-05-01T11:00:00Z"}"# + "\n")
    let (report, after) = try build()
    #expect(report.rebuilt == 1 && report.written == 3)
    #expect(before.map(\.json)[0] == after.map(\.json)[0])
    #expect(before.map(\.json)[1] != after.map(\.json)[1])
    var fresh = ProfileBuild.Options()
    fresh.startsOver = true
    #expect(try build(fresh).1.map(\.json) == after.map(\.json))
  }

  @Test func consentIsCarriedThroughAndChecked() throws {
    try store.setConsent("anna", purpose: "personalise", granted: false, time: 5)
    try store.setConsent("anna", purpose: "personalise", granted: true, time: 4)
    try store.setConsent("bert", purpose: "measure", granted: false, time: 4)
    let (report, profiles) = try build()
    #expect(report.withheld == 1 && report.written == 2)
    #expect(profiles[0].root["consent"]["measure"].bool == false)
    #expect(profiles[0].root["consent"]["personalise"].bool == true)
    var strict = ProfileBuild.Options()
    strict.assumesConsent = false
    #expect(try build(strict).0.written == 0)
    withExtendedLifetime(profiles) {}
  }

  @Test func pseudonymsAreKeyedHashes() throws {
    let key = try folder.file("key", "0123456789abcdef0123456789abcdef")
    var options = ProfileBuild.Options()
    options.pseudonyms = try Pseudonyms(keyFile: key)
    let (_, profiles) = try build(options)
    let name = try #require(profiles.first?.root["id"].string)
    #expect(name.count == 32 && !profiles.contains { $0.json.contains("anna") })
    #expect(options.pseudonyms?.name(of: "anna") == name)
    let other = Pseudonyms(key: Array("another key of some length".utf8))
    #expect(other.name(of: "anna") != name)
    // RFC 4231, test case 2, the first 128 bits.
    #expect(
      Pseudonyms(key: Array("Jefe".utf8)).name(of: "what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c7"
    )
    let weak = try folder.file("weak", "short")
    #expect(throws: Diagnostic.self) { try Pseudonyms(keyFile: weak) }
  }

  @Test func whoIsErasedIsGoneAndStaysOut() throws {
    #expect(try build().1.allSatisfy { !$0.root["erasures"].exists })
    let receipt = try store.erase("anna", at: now)
    #expect(receipt.root["removed"]["events"].int == 6)
    #expect(!receipt.json.contains("anna"))
    let (built, profiles) = try build()
    #expect(built.written == 2 && profiles.allSatisfy { $0.root["erasures"].int == 1 })
    var exported = ""
    _ = try store.export { exported += String(decoding: $0, as: UTF8.self) }
    #expect(exported.split(separator: "\n").map { $0.hasSuffix(#","erasures":1}"#) } == [true, false])
    let importer = EventImport(into: store, options: ImportOptions(), now: now)
    let report = try importer.run(folder.file("again.jsonl", events)).report
    #expect(report[.erased, .dropped].count == 6 && report.events == 0)
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasPrefix("events.db") {
      let bytes = try #require(FileManager.default.contents(atPath: folder.path + "/" + file))
      #expect(bytes.range(of: Data("anna".utf8)) == nil, "\(file)")
    }
  }

  @Test func nothingThatNamesWhoIsErasedStaysInTheDatabase() throws {
    let lines = [
      #"{"event":"purchase","user":"zoe@x.org","product":"t1","order":"zoe@x.org-1","price":5,"time":"2024-05-01","region":"zoe@x.org's"}"#,
      #"{"event":"zoe@x.org","user":"bert","product":"t1","time":"2024-05-01"}"#,
    ]
    try add(lines.joined(separator: "\n"))
    _ = try store.loadAccounts(folder.file("accounts.jsonl", #"{"id":" zoe@x.org ","email":"zoe@x.org"}"#))
    let receipt = try store.erase(" zoe@x.org", at: now)
    #expect(receipt.root["removed"]["orders"].int == 1 && receipt.root["removed"]["accounts"].int == 1)
    #expect(try store.loadAccounts(folder.path + "/accounts.jsonl").erased == 1)
    withExtendedLifetime(receipt) {}
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasPrefix("events.db") {
      let bytes = try #require(FileManager.default.contents(atPath: folder.path + "/" + file))
      #expect(bytes.range(of: Data("zoe@x".utf8)) == nil, "\(file)")
    }
  }

  @Test func aReaderThatKeepsOldPagesIsToldInTheReceipt() throws {
    try store.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA busy_timeout = 0") }
    let reader = try DatabaseQueue(path: folder.path + "/events.db")
    let receipt = try reader.read { db in
      _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM events")
      return try store.erase("anna", at: now).json
    }
    #expect(receipt.contains(#""events":6"#) && receipt.contains("to_do"))
    #expect(receipt.contains(#""not_erased_in":["\#(folder.path)/events.db"]"#))
    #expect(try !store.erase("anna", at: now).json.contains("not_erased_in"))
  }

  @Test func aRefundOfTheSameDayIsTakenOff() throws {
    for user in 0..<8 {
      try add(
        """
        {"event":"refund","user":"d\(user)","product":"t1","quantity":1,"price":-9,"time":"2024-05-01"}
        {"event":"purchase","user":"d\(user)","product":"t1","quantity":3,"price":9,"time":"2024-05-01"}
        """)
    }
    let (_, profiles) = try build()
    let own = profiles.filter { $0.root["id"].string?.hasPrefix("d") == true }
    #expect(own.count == 8 && own.allSatisfy { $0.root["lifetime_value"].double == 18 })
    withExtendedLifetime(profiles) {}
  }

  @Test func amountsOfDifferentCurrenciesAreNotAddedUp() throws {
    try add(
      """
      {"event":"purchase","user":"eva","product":"t1","order":"1","price":"100 EUR","time":"2024-05-01"}
      {"event":"purchase","user":"eva","product":"t1","order":"2","price":100,"currency":"EUR","time":"2024-05-02"}
      {"event":"purchase","user":"eva","product":"t1","order":"3","price":9000,"currency":"JPY","time":"2024-05-03"}
      """)
    let (_, profiles) = try build()
    let eva = profiles.first { $0.root["id"].string == "eva" }
    #expect(eva?.root["orders"].int == 3 && eva?.root["lifetime_value"].double == 200)
    #expect(eva?.root["attributes"]["purchases_in_other_currencies"].int == 1)
    var products = ""
    _ = try store.exportProducts { products += String(decoding: $0, as: UTF8.self) }
    #expect(products.contains(#""currency":"EUR""#) && !products.contains("9000"))
    withExtendedLifetime(profiles) {}
  }

  @Test func whoDeclinesIsNoMeasureForOthers() throws {
    try add(#"{"event":"purchase","user":"rich","product":"t1","price":9000,"time":"2024-05-02T10:00:00Z"}"#)
    func tierOfAnna() throws -> Int64? {
      let (_, profiles) = try build()
      return withExtendedLifetime(profiles) { profiles.first?.root["attributes"]["rfm_monetary"].int }
    }
    #expect(try tierOfAnna() == 2)
    try store.setConsent(" rich ", purpose: "personalise", granted: false, time: 1)
    #expect(try tierOfAnna() == 3)
  }

  @Test func productsThatWereSoldMakeACatalogue() throws {
    var text = ""
    #expect(try store.exportProducts { text += String(decoding: $0, as: UTF8.self) } == 2)
    #expect(
      text.split(separator: "\n").map(String.init) == [
        #"{"id":"s1","name":"Gas stove","category":"stoves","brand":"Nord","price":"20"}"#,
        #"{"id":"t1","name":"Trail tent","category":"tents","brand":"Nord","price":"97"}"#,
      ])
  }

  @Test func eachValueIsExplainedByItsEvents() throws {
    let values = try store.explain("anna")
    let orders = try #require(values.first { $0.value == "orders" })
    #expect(orders.events == 2 && orders.first.contains("purchase") && orders.last.contains("2024-03-01"))
    #expect(values.first { $0.value == "events" }?.events == 6)
    #expect(throws: Diagnostic.self) { try store.explain("nobody") }
  }

  @Test func tagsFollowTheirRules() throws {
    let rules = try TagRules(
      yaml: folder.file(
        "tags.yaml",
        "tags:\n  big: { lifetime_value: { above: 1 }, orders: { at_least: 1 } }\n  seen: { events: { at_least: 1, at_most: 3 } }\n"
      ))
    #expect(rules.tags(["events": 2]) == ["seen"])
    #expect(rules.tags(["events": 4, "lifetime_value": 2, "orders": 1]) == ["big"])
    var options = ProfileBuild.Options()
    options.tags = rules
    #expect(try build(options).1.map { $0.root["segments"][0].string } == [nil, "seen", "seen"])
    do {
      _ = try TagRules(yaml: folder.file("bad.yaml", "tags:\n  big: { orders: { at_leest: 1 } }\n"))
      Issue.record("a misspelt bound was accepted")
    } catch let error { #expect("\(error)".contains("did you mean 'at_least'?") && "\(error)".contains("bad.yaml:2")) }
  }
}
