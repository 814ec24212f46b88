import Core
import Foundation
import Host
import Testing

/// One archive and one stream of lines hold what a folder does.
struct SinkTests {
  private let workspace: Workspace
  private let long = String(repeating: "far-", count: 30)

  init() throws {
    workspace = try Workspace()
    try workspace.write("templates/page.liquid", "<p>{{ product.name }} & \"{{ profile.id }}\"</p>\n")
    try workspace.write("static/style.css", "p { color: black }\n")
  }

  /// Pages of 300 products, among whose names are long ones and ones beyond ASCII.
  private var manifest: String {
    let products = (0..<300).map { number in
      let id = number == 7 ? "Kännchen" : number == 8 ? "\(long)8" : number == 9 ? "\(long)9" : "K-\(number)"
      return "{ id: \(id), name: Kettle \(number), price: 5 }"
    }
    return """
      manifest: 1
      name: pages
      site: { name: Shop, base_url: "https://shop.example", currency: EUR }
      run_time: 2026-03-01T08:00:00Z
      inputs:
        catalogue: { inline: [ \(products.joined(separator: ", ")) ] }
        profiles: { inline: [ { id: a }, { id: b } ] }
      pipelines:
        pages: { for_each: products, stages: [ { id: page, use: template-filler, with: { template: page.liquid } } ] }
      assets: [ { slot: page, path: "{{ profile.id }}/{{ product.id }}/\(long)/index.html" } ]
      static: [ { from: static, to: assets } ]
      feeds: [ { kind: sitemap, path: sitemap.xml } ]
      """
  }

  private func generate(_ sink: SinkKind, threads: Int = 2) throws -> RunReport {
    try workspace.generate(manifest, threads: threads) { $0.sink = sink }
  }

  /// Runs a program of the system in the workspace and returns what it printed.
  private func run(_ program: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: workspace.path)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return text
  }

  private var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: workspace.path) } }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/tar"), "there is no 'tar'"))
  func anArchiveHoldsWhatAFolderDoes() throws {
    let report = try generate(.folder("\(workspace.path)/out"))
    #expect(report.written == 600)
    #expect(try generate(.tar("\(workspace.path)/site.tar")).written == 600)
    try FileManager.default.createDirectory(atPath: "\(workspace.path)/unpacked", withIntermediateDirectories: false)
    _ = try run("/usr/bin/tar", "xf", "site.tar", "-C", "unpacked")
    let (expected, found) = (try workspace.files(in: "out"), try workspace.files(in: "unpacked"))
    #expect(expected.count == 600 + 1 + 1 + 2)
    #expect(Set(found.keys) == Set(expected.keys))
    for (name, bytes) in expected where found[name] != bytes { Issue.record("'\(name)' differs") }
    let listed = try run("/usr/bin/tar", "tf", "site.tar").split(separator: "\n")
    #expect(listed.first == "assets/style.css" && listed.last == "sitemap.xml")
    #expect(try names.filter { $0.hasPrefix(".") }.isEmpty)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"), "there is no 'python3'"))
  func pythonReadsTheArchive() throws {
    _ = try generate(.tar("\(workspace.path)/site.tar"))
    let script = """
      import tarfile
      with tarfile.open('site.tar') as archive:
          members = archive.getmembers()
          assert len(members) == 604, len(members)
          assert len({m.name for m in members}) == 604
          assert all(m.isreg() and m.mtime == 1772352000 and m.uid == 0 and m.mode == 0o644 for m in members)
          page = archive.extractfile('a/Kännchen/\(long)/index.html').read()
          assert page == b'<p>Kettle 7 & "a"</p>\\n', page
          archive.extractfile('b/\(long)9/\(long)/index.html').read()
          print('read')
      """
    #expect(try run("/usr/bin/python3", "-c", script) == "read\n")
  }

  @Test func anArchiveHasTheSameBytesWithAnyNumberOfThreads() throws {
    var archives: [Data] = []
    for threads in [1, 2, 8] {
      _ = try generate(.tar("\(workspace.path)/site.tar"), threads: threads)
      archives.append(try Data(contentsOf: URL(fileURLWithPath: "\(workspace.path)/site.tar")))
    }
    #expect(archives[0].count % 10_240 == 0 && archives[0].count > 600 * 1024)
    #expect(archives[0] == archives[1] && archives[1] == archives[2])
  }

  @Test func aStreamHasALineForEachAssetInTheirOrder() throws {
    let report = try generate(.jsonLines("\(workspace.path)/assets.jsonl"))
    #expect(report.written == 600)
    let lines = try workspace.read("assets.jsonl").split(separator: "\n")
    #expect(lines.count == 600)
    let line = try Document(json: String(lines[7]))
    withExtendedLifetime(line) {
      #expect(line.root["path"].string == "a/Kännchen/\(long)/index.html")
      #expect(line.root["pipeline"].string == "pages" && line.root["slot"].string == "page")
      #expect(line.root["profile"].string == "a" && line.root["product"].string == "Kännchen")
      #expect(line.root["locale"].string == "en-US" && line.root["media_type"].string == "text/html")
      #expect(line.root["content"].string == "<p>Kettle 7 & \"a\"</p>\n")
    }
    let first = try Data(contentsOf: URL(fileURLWithPath: "\(workspace.path)/assets.jsonl"))
    _ = try generate(.jsonLines("\(workspace.path)/assets.jsonl"), threads: 8)
    #expect(try Data(contentsOf: URL(fileURLWithPath: "\(workspace.path)/assets.jsonl")) == first)
  }

  @Test func aRunThatFailsLeavesNoPartOfAnArchive() throws {
    let broken = manifest.replacingOccurrences(of: "template: page.liquid", with: "template: missing.liquid")
    for sink in [SinkKind.tar("\(workspace.path)/site.tar"), .jsonLines("\(workspace.path)/assets.jsonl")] {
      #expect(throws: (any Error).self) { try workspace.generate(broken) { $0.sink = sink } }
    }
    #expect(try names.filter { $0.contains("site") || $0.contains("assets") || $0.hasPrefix(".") }.isEmpty)
  }

  @Test func aFolderInTheWayIsSaidBeforeTheRun() throws {
    try workspace.write("site.tar/file", "")
    let text = message { _ = try generate(.tar("\(workspace.path)/site.tar")) }
    #expect(text.contains("site.tar' is a folder, expected a file"))
    #expect(try names.filter { $0.hasPrefix(".") }.isEmpty)
  }
}
