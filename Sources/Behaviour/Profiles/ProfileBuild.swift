import Core
import Foundation
import GRDB

/// Makes profiles of the events in a database, as pipelines read them.
///
/// What a person's own events say is kept and made anew for people with new events only; what needs the comparison of
/// all is worked out at each build.
public struct ProfileBuild {
  /// How profiles are made.
  public struct Options: Sendable {
    /// The moment that counts as now, in milliseconds since 1970; that of the newest event where nil.
    public var now: Int64?
    /// The purpose for which people must let their data be used.
    public var purpose = "personalise"
    /// Whether people who never said are taken to agree.
    public var assumesConsent = true
    /// What replaces the ids; nil leaves them as they are.
    public var pseudonyms: Pseudonyms?
    /// Which tags people get.
    public var tags = TagRules.usual
    /// Whether everybody is made anew.
    public var startsOver = false

    /// The usual options.
    public init() {}
  }

  /// What a build did.
  public struct Report: Sendable, Equatable {
    /// People whose own facts were made anew.
    public var rebuilt = 0
    /// Profiles written.
    public var written = 0
    /// People who do not agree: left out, or written with nothing but what their account needs.
    public var withheld = 0
  }

  private let store: EventStore
  private let options: Options

  /// A build on a database.
  public init(_ store: EventStore, options: Options = Options()) {
    self.store = store
    self.options = options
  }

  /// Brings all facts up to date and writes every profile as a line of JSON, by id.
  ///
  /// Of people with an account who do not agree, id, locale and consent are written: their pages need no more.
  public func run(write: (UnsafeBufferPointer<UInt8>) throws -> Void) throws -> Report {
    var report = Report()
    report.rebuilt = try store.refreshFacts(startsOver: options.startsOver)
    let now = try options.now ?? store.newestTime()
    let withheld = try store.withheld(options.purpose, assumesConsent: options.assumesConsent)
    let population = PopulationModel(try store.buyers(without: withheld), today: now / 86_400_000)
    let writer = ProfileWriter(
      options: options, population: population, groups: try store.savedGroups(), consents: try store.consents(),
      erasures: try store.read { try store.erasures($0) })
    try store.read { db in
      let facts = try RowStatement(
        db, "SELECT p.id, f.facts, f.days FROM profile_facts f JOIN profiles p ON p.key = f.profile ORDER BY p.id")
      let accounts = try RowStatement(db, "SELECT id, json FROM accounts ORDER BY id")
      var (hasFacts, hasAccount) = (try facts.next(), try accounts.next())
      // What is read lies apart: a value does not outlive that its builder goes on.
      let (ofFacts, ofAccount) = (DocumentBuilder(), DocumentBuilder())
      var line: [UInt8] = []
      // Both come in the order of the ids' bytes, so that one pass joins them.
      while hasFacts || hasAccount {
        let isFacts = hasFacts && (!hasAccount || !accounts.text(0).precedes(facts.text(0)))
        let isAccount = hasAccount && (!hasFacts || !facts.text(0).precedes(accounts.text(0)))
        ofFacts.reset()
        ofAccount.reset()
        let person = ProfileWriter.Person(
          id: (isFacts ? facts : accounts).string(0),
          facts: isFacts ? try ofFacts.parseJSON(facts.text(1)) : .missing,
          days: isFacts ? facts.string(2) : "",
          account: isAccount ? try ofAccount.parseJSON(accounts.text(1)) : .missing)
        let agrees = writer.agrees(person)
        if !agrees { report.withheld += 1 }
        if agrees || isAccount {
          line.removeAll(keepingCapacity: true)
          let profile = Document { agrees ? writer.write(person, to: $0) : writer.writeBare(person, to: $0) }
          withExtendedLifetime(profile) { line.appendJSON(profile.root) }
          line.append(10)
          try line.withUnsafeBufferPointer(write)
          report.written += 1
        }
        if isFacts { hasFacts = try facts.next() }
        if isAccount { hasAccount = try accounts.next() }
      }
    }
    return report
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a text comes before another by its bytes, as SQLite orders them.
  fileprivate func precedes(_ other: Self) -> Bool { lexicographicallyPrecedes(other) }
}
