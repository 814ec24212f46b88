import Core
import Testing

@testable import Host

struct AssetPathTests {
  private func clean(_ path: String) -> String {
    var path = path
    return path.withUTF8 { raw in
      do throws(AssetPath.Refusal) { return try AssetPath.clean(raw) } catch { return "refused: \(error)" }
    }
  }

  @Test(arguments: [
    ("en-US/pack.html", "en-US/pack.html"),
    ("de/rucksäcke.html", "de/rucksäcke.html"),
    ("a/../b.html", "refused: leavesFolder"),
    ("/etc/passwd", "refused: leavesFolder"),
    ("a//b.html", "refused: empty"),
    ("", "refused: empty"),
    ("a/./b", "refused: leavesFolder"),
    ("a/b\u{0}c.html", "a/b-c.html"),
    ("a/b\\c:d.html", "a/b-c-d.html"),
    ("a/con.html", "a/_con.html"),
    ("a/name. ", "a/name"),
    (".bespoke/asset-0", "_.bespoke/asset-0"),
    (".Bespoke-7-x.html", "_.Bespoke-7-x.html"),
    ("a/...", "refused: empty"),
    ("a/ .html", "a/ .html"),
  ])
  func nothingLeavesTheFolder(path: String, expected: String) {
    #expect(clean(path) == expected)
  }

  @Test func longNamesAreCutAndStayApart() {
    let one = clean(String(repeating: "字", count: 300) + "1.html")
    let two = clean(String(repeating: "字", count: 300) + "2.html")
    #expect(one.utf8.count <= 200)
    #expect(one.hasSuffix(".html"))
    #expect(one != two)
  }

  @Test func anyBytesGiveAPathInsideOrARefusal() {
    var random = SeededRandom(seed: 11)
    let pool: [UInt8] = Array("ab./\\ \u{0}..//:é%".utf8)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        pool[Int.random(in: 0..<pool.count, using: &random)]
      }
      let path = bytes.withUnsafeBufferPointer { raw in
        do throws(AssetPath.Refusal) { return try AssetPath.clean(raw) } catch { return "ok" }
      }
      #expect(!path.isEmpty && !path.hasPrefix("/") && !path.utf8.contains(0))
      #expect(!path.split(separator: "/", omittingEmptySubsequences: false).contains { ["", ".", ".."].contains($0) })
    }
  }
}
