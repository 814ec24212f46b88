import Core
import Testing

@testable import Host

/// What is checked while a feed is written.
struct FeedCheckTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes pieces into a feed, with those of a part in between, and makes it visible.
  private func commit(_ pieces: [String], part: [String] = [], then rest: [String] = []) throws {
    let file = try FeedFile(path: folder.path + "/a.xml")
    func write(_ pieces: [String], into file: FeedFile) throws {
      for piece in pieces {
        var bytes = Array(piece.utf8)
        try file.write(&bytes)
      }
    }
    try write(pieces, into: file)
    if !part.isEmpty {
      let items = try FeedFile(path: folder.path + "/a.xml", part: ".items")
      items.assume(Array("<r>".utf8))
      try write(part, into: items)
      items.assume(Array("</r>".utf8))
      try file.write(contentsOf: items)
    }
    try write(rest, into: file)
    try file.commit()
  }

  @Test func piecesMayEndAnywhere() throws {
    let text = "<r a='1'>x<!-- c --><b>ü</b><![CDATA[ ]]]]><![CDATA[> ]]></r>"
    try commit(text.unicodeScalars.map { String($0) })
    #expect(try folder.text(of: "a.xml") == text)
  }

  @Test func aPartStandsWhereItWasPut() throws {
    try commit(["<r>", "<h/>"], part: ["<i>1</i>", "<i>2</i>"], then: ["</r>"])
    #expect(try folder.text(of: "a.xml") == "<r><h/><i>1</i><i>2</i></r>")
  }

  @Test(arguments: [
    (["<r>\n<b></r>"], [], [], "a.xml:2"), (["<r>", "\n\n&x;", "</r>"], [], [], "a.xml:3"),
    (["<r>\n"], ["<i>\n<b></i>"], ["</r>"], "a.xml:3"), (["<r>"], ["<i/>"], [], "a.xml:1"),
    (["<!DOCTYPE r><r/>"], [], [], "DOCTYPE"), ([""], [], [], "malformed"),
  ])
  func whatIsMalformedIsNamedWithItsPlaceAndNeverVisible(
    pieces: [String], part: [String], rest: [String], place: String
  ) throws {
    let error = #expect(throws: Diagnostic.self) { try commit(pieces, part: part, then: rest) }
    #expect(error?.description.contains(place) == true, "\(String(describing: error))")
    #expect(!folder.names.contains("a.xml"))
  }
}
