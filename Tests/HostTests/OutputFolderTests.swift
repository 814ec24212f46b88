import Core
import Foundation
import Glibc
import Testing

@testable import Host

struct OutputFolderTests {
  /// Whether the file was written anew.
  private func write(_ text: String, to path: String, in folder: OutputFolder) throws -> Bool {
    var sink = SinkWriter(folder, archive: nil, number: 0)
    try Array(text.utf8).withUnsafeBufferPointer { try sink.write($0, path: path) }
    return sink.unchanged == 0
  }

  @Test func aSecondRunOnTheSameFolderIsRefused() throws {
    let workspace = try Workspace()
    let first = try OutputFolder(path: "\(workspace.path)/out")
    let refusal = message { _ = try OutputFolder(path: "\(workspace.path)/out") }
    #expect(refusal.contains("folder in use: another run writes to"))
    withExtendedLifetime(first) {}
  }

  @Test func theFolderIsFreeAgainAfterARun() throws {
    let workspace = try Workspace()
    for _ in 0..<2 { _ = try write("a", to: "de/a.html", in: OutputFolder(path: "\(workspace.path)/out")) }
    #expect(try workspace.files(in: "out").keys.sorted() == ["de/a.html"])
  }

  @Test func unchangedFilesAreLeftAlone() throws {
    let workspace = try Workspace()
    try workspace.write("out/a/b.html", "one")
    let folder = try OutputFolder(path: "\(workspace.path)/out")
    #expect(try !write("one", to: "a/b.html", in: folder))
    #expect(try write("two", to: "a/b.html", in: folder))
    #expect(try workspace.read("out/a/b.html") == "two")
  }

  @Test func aLinkedFolderIsRefusedAndALinkedFileReplaced() throws {
    let workspace = try Workspace()
    try workspace.write("outside/file", "kept")
    let folder = try OutputFolder(path: "\(workspace.path)/out")
    #expect(symlink("../outside", "\(workspace.path)/out/linked") == 0)
    #expect(symlink("../outside/file", "\(workspace.path)/out/page.html") == 0)
    #expect(message { _ = try write("x", to: "linked/file", in: folder) }.contains("cannot write"))
    #expect(try write("new", to: "page.html", in: folder))
    #expect(try workspace.read("outside/file") == "kept")
    #expect(try workspace.read("out/page.html") == "new")
  }

  @Test func aFolderThatMayOnlyBeReadIsNamedWithItsReason() {
    // Nobody may make a folder there, whoever runs the tests.
    let refusal = message { _ = try OutputFolder(path: "/sys/kernel") }
    #expect(refusal.contains("cannot write: '/sys/kernel'") && !refusal.contains("No such file"))
  }

  @Test func theWorkFolderGoesWithTheCheckpointThoughTheFolderIsStillHeld() throws {
    let workspace = try Workspace()
    let folder = try OutputFolder(path: "\(workspace.path)/out")
    let plan = try #require(PlanFingerprint(json: "{}"))
    try Checkpoint(folder: folder, plan: plan, restart: false).finish()
    #expect(folderEntries("\(workspace.path)/out").isEmpty)
    withExtendedLifetime(folder) {}
  }

  @Test func whatAKilledRunLeftHalfWrittenIsRemoved() throws {
    let workspace = try Workspace()
    try workspace.write("out/.bespoke-checkpoint/asset-1", "hal")
    try workspace.write("out/.bespoke-77-provenance.jsonl", "{\"pa")
    try workspace.write("out/kept.html", "whole")
    _ = try OutputFolder(path: "\(workspace.path)/out")
    #expect(try workspace.files(in: "out").keys.sorted() == ["kept.html"])
  }
}
