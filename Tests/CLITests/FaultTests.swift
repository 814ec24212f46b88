import Foundation
import Glibc
import Testing

/// What is left where a run ends in the middle, and what the next run makes of it.
struct FaultTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-faults-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: "\(folder)/templates", withIntermediateDirectories: true)
    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    let products = (0..<600).map {
      "{\"id\":\"k\($0)\",\"name\":\"Kettle \($0)\",\"price\":\($0 % 90 + 1),\"currency\":\"EUR\"}"
    }
    try write("products.jsonl", products.joined(separator: "\n"))
    try write("templates/card.liquid", "{{ product.name }}{% for i in (1..100) %} {{ i }}{% endfor %}")
    try write(
      "shop.yaml",
      """
      manifest: 1
      name: cards
      run_time: 2026-03-01T08:00:00Z
      site: { name: Shop, base_url: "https://shop.example" }
      inputs: { catalogue: { path: products.jsonl } }
      pipelines: { cards: { for_each: products, stages: [ { id: card, use: template-filler, with: { template: card.liquid } } ] } }
      assets: [ { slot: card, path: "{{ product.price }}/{{ product.id }}.txt" } ]
      feeds: [ { kind: sitemap, path: sitemap.xml, slot: card }, { kind: jsonl, path: pages.jsonl, slot: card } ]
      """)
  }

  private func remove() { try? FileManager.default.removeItem(atPath: folder) }

  private func files(in name: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    let root = "\(folder)/\(name)"
    for path in (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? [] {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder), !isFolder.boolValue {
        found[path] = try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(path)"))
      }
    }
    return found
  }

  private func isOwn(_ path: String) -> Bool { path.split(separator: "/").contains { $0.hasPrefix(".") } }

  /// The moments are chosen by a seed that failures show.
  @Test func aRunThatIsKilledAtAnyMomentIsGoneOnWithToTheSameBytes() throws {
    defer { remove() }
    let started = ContinuousClock.now
    #expect(try Command(arguments: ["generate", "shop.yaml", "--output", "whole", "--quiet"], in: folder).status == 0)
    let length = ContinuousClock.now - started
    let whole = try files(in: "whole")
    let seed = UInt64.random(in: 0...UInt64.max)
    var state = seed
    for round in 0..<6 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let process = Command.process(["generate", "shop.yaml", "--output", "out", "--quiet"], in: folder)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      let moment = length * Double(state >> 32) / Double(UInt32.max)
      usleep(UInt32(moment.components.attoseconds / 1_000_000_000_000 + moment.components.seconds * 1_000_000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let wrong = try files(in: "out").filter { !isOwn($0.key) && whole[$0.key] != $0.value }.keys
      #expect(wrong.isEmpty, "seed \(seed), round \(round)")
    }
    let last = try Command(arguments: ["generate", "shop.yaml", "--output", "out", "--quiet"], in: folder)
    #expect(last.status == 0, "\(last.errors)")
    #expect(try files(in: "out") == whole, "seed \(seed)")
  }

  @Test(.enabled(if: geteuid() == 0, "only root can mount a small disk"))
  func aFullDiskIsAClearErrorAndTheRunGoesOnOnceThereIsRoom() throws {
    defer { remove() }
    let disk = "\(folder)/disk"
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    guard mount("tmpfs", disk, "tmpfs", 0, "size=256k") == 0 else {
      print("skipped: this machine lets nobody mount a small disk")
      return
    }
    defer { umount2(disk, Int32(MNT_DETACH)) }
    let full = try Command(arguments: ["generate", "shop.yaml", "--output", "disk/out", "--quiet"], in: folder)
    #expect(full.status == 75)
    #expect(full.errors.contains("cannot write: 'disk/out/") && full.errors.contains("No space left on device"))
    #expect(!(try files(in: "disk/out")).isEmpty)
    #expect(mount("tmpfs", disk, "tmpfs", UInt(MS_REMOUNT), "size=64m") == 0)
    let again = try Command(arguments: ["generate", "shop.yaml", "--output", "disk/out", "--json"], in: folder)
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output.contains("\"resumed\":true"))
    _ = try Command(arguments: ["generate", "shop.yaml", "--output", "whole", "--quiet"], in: folder)
    #expect(try files(in: "disk/out") == files(in: "whole"))
  }

  @Test(.enabled(if: geteuid() == 0, "only root can mount a disk"))
  func aFolderThatIsReadOnlyIsAClearError() throws {
    defer { remove() }
    let disk = "\(folder)/disk"
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    guard mount("tmpfs", disk, "tmpfs", UInt(MS_RDONLY), "size=512k") == 0 else {
      print("skipped: this machine lets nobody mount a disk")
      return
    }
    defer { umount2(disk, Int32(MNT_DETACH)) }
    for output in ["disk", "disk/out"] {
      let refused = try Command(arguments: ["generate", "shop.yaml", "--output", output, "--quiet"], in: folder)
      #expect(refused.status == 75)
      #expect(refused.errors.contains("cannot write: '\(output)': Read-only file system"), "\(refused.errors)")
    }
  }

  @Test func aSecondRunIntoTheSameFolderIsRefused() throws {
    defer { remove() }
    let first = Command.process(["generate", "shop.yaml", "--output", "out", "--quiet", "--threads", "1"], in: folder)
    first.standardOutput = FileHandle.nullDevice
    first.standardError = FileHandle.nullDevice
    try first.run()
    defer {
      first.terminate()
      first.waitUntilExit()
    }
    // The first run holds the folder as long as its checkpoint lies there.
    var isHeld = false
    while !isHeld, first.isRunning {
      isHeld = FileManager.default.fileExists(atPath: "\(folder)/out/.bespoke-checkpoint/checkpoint.log")
    }
    kill(first.processIdentifier, SIGSTOP)
    defer { kill(first.processIdentifier, SIGCONT) }
    let second = try Command(arguments: ["generate", "shop.yaml", "--output", "out", "--quiet"], in: folder)
    #expect(second.status == 75)
    #expect(second.errors.contains("folder in use: another run writes to 'out'"))
  }
}
