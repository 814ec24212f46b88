import Core
import Glibc
import Synchronization

/// What an unfinished run leaves in its output folder, so that the next run can go on.
///
/// Nothing in it is trusted: an asset counts as written only where its file holds the very bytes that were made again,
/// and what a plugin wrote is found by a hash of all that it was asked. So the log needs no order among its entries, and
/// a run that was killed, or lost its power, at any moment costs no more than what it had not noted.
///
/// Thread-safe.
final class Checkpoint: @unchecked Sendable {
  // Immutable after init but for the file, which is appended to under a lock; hence the unchecked conformance.
  private let descriptor: Int32
  private let path: String
  private let folder: OutputFolder
  private let recalled: [CallKey: Range<Int>]
  /// The log as it was found, mapped until the end.
  private let log: UnsafeBufferPointer<UInt8>
  /// Held while an entry is appended; the first failure to do so.
  private let appending = Mutex<Diagnostic?>(nil)
  /// Whether an unfinished run of the same plan is gone on with.
  let resumes: Bool
  /// Paths of assets that a discarded run may have written.
  let discardedPaths: [String]

  private static let name = "checkpoint.log"

  /// Opens the checkpoint of a folder, or begins one.
  ///
  /// - Parameter restart: whether an unfinished run is discarded.
  /// - Throws: `Diagnostic` of kind "unfinished run" where another plan's checkpoint lies there, "damaged checkpoint"
  ///   where it cannot be read, and "cannot write".
  init(folder: OutputFolder, plan: PlanFingerprint, restart: Bool) throws(Diagnostic) {
    self.folder = folder
    path = "\(folder.path)/\(OutputFolder.workName)/\(Self.name)"
    descriptor = openat(folder.work, Self.name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw AtomicFile.failure(path) }
    log = Self.mapped(descriptor)
    do throws(Diagnostic) {
      let entries = try CheckpointEntries(log, path: path, toleratesDamage: restart)
      let former = entries.plan.flatMap(PlanFingerprint.init(json:))
      if let former, !restart, let difference = former.difference(from: plan) {
        throw Diagnostic(
          "unfinished run", "'\(folder.path)' holds an unfinished run of another plan: \(difference)",
          help: "finish it with what it began with, or discard it with '--restart'")
      }
      resumes = former != nil && !restart
      recalled = resumes ? entries.calls : [:]
      discardedPaths = (resumes ? entries.discarded : entries.discarded + entries.paths).flatMap { [log] place in
        log[place].split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
      }
      // What was torn off in the middle of an entry is forgotten.
      guard ftruncate(descriptor, resumes ? off_t(entries.end) : 0) == 0 else { throw AtomicFile.failure(path) }
      if !resumes {
        try append(.plan, Array(plan.json.utf8))
        if !discardedPaths.isEmpty { try append(.discarded, Array(discardedPaths.joined(separator: "\n").utf8)) }
      }
    } catch {
      Self.unmap(log)
      close(descriptor)
      throw error
    }
  }

  deinit {
    Self.unmap(log)
    close(descriptor)
  }

  private static func mapped(_ descriptor: Int32) -> UnsafeBufferPointer<UInt8> {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0,
      let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: Int(status.st_size))
  }

  private static func unmap(_ log: UnsafeBufferPointer<UInt8>) {
    if let start = log.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), log.count) }
  }

  /// Whether the unfinished run remembered anything that plugins wrote.
  var remembersCalls: Bool { !recalled.isEmpty }

  /// What a plugin wrote when it was asked the same before.
  func call(_ key: CallKey) -> RememberedCall? {
    guard let place = recalled[key] else { return nil }
    return RememberedCall(UnsafeBufferPointer(rebasing: log[place]))
  }

  /// Remembers what a plugin wrote; where that cannot be written, the next `note` throws.
  func remember(_ call: RememberedCall, as key: CallKey) {
    do throws(Diagnostic) {
      try append(.call, key.bytes + call.bytes)
    } catch {
      // `append` has kept it.
    }
  }

  /// Notes assets before they are written.
  ///
  /// - Throws: `Diagnostic` of kind "cannot write", that of an earlier `remember`, too.
  func note(paths: some Sequence<String>) throws(Diagnostic) {
    let text = paths.joined(separator: "\n")
    if !text.isEmpty { try append(.paths, Array(text.utf8)) }
  }

  /// The run is complete.
  func finish() {
    unlinkat(folder.work, Self.name, 0)
    folder.removeWork()
  }

  private func append(_ kind: CheckpointEntries.Kind, _ payload: [UInt8]) throws(Diagnostic) {
    let entry = CheckpointEntries.entry(kind, payload)
    let failure = appending.withLock { failure in
      if failure == nil {
        failure = entry.withUnsafeBufferPointer { bytes in
          do throws(Diagnostic) {
            try AtomicFile.writeAll(bytes, to: descriptor, path: path)
            return nil
          } catch {
            return error
          }
        }
      }
      return failure
    }
    if let failure { throw failure }
  }
}
