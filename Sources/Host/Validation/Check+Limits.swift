import CPluginABI
import Core
import Glibc

// What a plugin does with the host's time and the process's things.
extension Check {
  /// A plugin asks at least every 10 ms; the rest is for a busy machine.
  private static let patience: UInt64 = 100_000_000

  static let cancel = Check(name: "cancel", attempts: 3) { context in
    let probe = try context.probe()
    let (requests, documents) = try context.requests(16)
    let start = monotonicNanoseconds()
    _ = probe.process(requests, isCancelled: true)
    let time = monotonicNanoseconds() - start
    withExtendedLifetime(documents) {}
    guard time < patience else {
      throw Fault(
        "went on for \(time / 1_000_000) ms after the host had cancelled", help: "ask 'cancelled' every 10 ms of work")
    }
    return "stopped after \(time / 1000) us"
  }

  static let deadline = Check(name: "deadline", attempts: 3) { context in
    let probe = try context.probe()
    let (plain, documents) = try context.requests(16)
    for ahead in [0, 5_000_000] as [UInt64] {
      let start = monotonicNanoseconds()
      let requests = plain.map { Probe.Request(brief: $0.brief, seed: $0.seed, deadline: start + ahead) }
      _ = probe.process(requests)
      let time = monotonicNanoseconds() - start
      guard time < patience + ahead else {
        throw Fault(
          "went on for \((time - ahead) / 1_000_000) ms after the deadline",
          help: "compare 'deadline_ns' with CLOCK_MONOTONIC every 10 ms of work, and answer deadline")
      }
    }
    withExtendedLifetime(documents) {}
    return "past ones and near ones"
  }

  static let memory = Check(name: "memory", attempts: 3) { context in
    let trial = try context.trial()
    let (requests, documents) = try context.requests(4)
    let made = try noGrowth("create and destroy", seconds: context.seconds * 0.3) { _ = try trial.probe() }
    let probe = try trial.probe()
    let called = try noGrowth("process", seconds: context.seconds * 0.3) { _ = probe.process(requests) }
    withExtendedLifetime(documents) {}
    return "no growth in \(made) instances and \(called) calls"
  }

  /// Throws where each of three windows of rounds leaves more memory taken than the one before.
  ///
  /// - Parameter seconds: what all rounds may take together; slow ones are fewer.
  /// - Returns: how many rounds there were.
  private static func noGrowth(_ words: String, seconds: Double, _ body: () throws -> Void) throws -> Int {
    let start = monotonicNanoseconds()
    try body()
    let once = Double(max(1, monotonicNanoseconds() - start))
    let rounds = Int(max(1, min(250, seconds * 1e9 / once / 4)))
    func window() throws -> (heap: Int, resident: Int) {
      for _ in 0..<rounds { try body() }
      return (MemoryUse.heapBytes(), MemoryUse.residentBytes())
    }
    let marks = try (0..<4).map { _ in try window() }
    func growth(_ size: ((heap: Int, resident: Int)) -> Int, over least: Int) -> Int? {
      let steps = zip(marks.dropFirst(), marks).map { size($0) - size($1) }
      return steps.allSatisfy { $0 >= least } ? steps.min() : nil
    }
    // Sixteen bytes a round is the least that a leak can be, but looking takes some memory too; pages come and go, so they
    // need a wider margin.
    if let bytes = growth({ $0.heap }, over: max(rounds * 16, 4000)) ?? growth({ $0.resident }, over: 1 << 20) {
      throw Fault("\(words) leaves \(bytes / rounds) bytes taken each time", help: "free what the call has allocated")
    }
    return rounds * 4
  }

  static let quiet = Check(name: "quiet", needsInstance: false) { context in
    guard let file = tmpfile() else { throw Skip(detail: "no temporary file could be made") }
    fflush(nil)
    let kept = dup(STDOUT_FILENO)
    dup2(fileno(file), STDOUT_FILENO)
    let outcome = Result {
      _ = try context.plugin()
      // What it cannot do without options is looked at elsewhere.
      guard let probe = try? context.probe() else { return }
      let (requests, documents) = try context.requests(4)
      _ = probe.process(requests)
      withExtendedLifetime(documents) {}
    }
    fflush(nil)
    dup2(kept, STDOUT_FILENO)
    close(kept)
    try outcome.get()
    var buffer = [UInt8](repeating: 0, count: 80)
    let count = pread(fileno(file), &buffer, buffer.count, 0)
    guard count <= 0 else {
      let text = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").first ?? ""
      throw Fault("wrote '\(text)' to stdout", help: "use the host's log, or stderr")
    }
    return "nothing on stdout"
  }

  static let leftovers = Check(name: "leftovers") { context in
    let trial = try context.trial()
    let (requests, documents) = try context.requests(4)
    func round() throws { _ = try trial.probe().process(requests) }
    let files = openFiles()
    let threads = threadCount()
    try round()
    // The host keeps resources open; the system's event queues may be made once for the life of a process.
    let kept = Set(trial.resources.opened.map(\.descriptor))
    for (descriptor, name) in openFiles() where files[descriptor] == nil && !kept.contains(descriptor) {
      if !name.hasPrefix("anon_inode:") { throw Fault("left '\(name)' open", help: "close what the instance opened") }
    }
    let settled = openFiles().count
    for _ in 0..<4 { try round() }
    guard openFiles().count <= settled else {
      throw Fault("leaves file descriptors open each time", help: "close what the instance opened")
    }
    // Pools let idle threads go after some seconds.
    let patience = monotonicNanoseconds() + 8_000_000_000
    while threadCount() > threads {
      guard monotonicNanoseconds() < patience else {
        throw Fault("left \(threadCount() - threads) threads running after destroy", help: "join them in destroy")
      }
      usleep(10_000)
    }
    withExtendedLifetime(documents) {}
    return "no file, no thread"
  }

  /// What each descriptor is open on.
  private static func openFiles() -> [Int32: String] {
    var files: [Int32: String] = [:]
    for entry in folderEntries("/proc/self/fd") {
      var name = [UInt8](repeating: 0, count: 256)
      let count = name.withUnsafeMutableBytes {
        $0.withMemoryRebound(to: CChar.self) { name in
          name.baseAddress.map { readlink("/proc/self/fd/\(entry)", $0, name.count) } ?? 0
        }
      }
      // The descriptor with which the folder is read is gone by now.
      guard let descriptor = Int32(entry), count > 0 else { continue }
      files[descriptor] = String(decoding: name[..<count], as: UTF8.self)
    }
    return files
  }

  private static func threadCount() -> Int { folderEntries("/proc/self/task").count }
}
