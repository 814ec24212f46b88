import CPluginABI
import Core
import Glibc

/// An instance of a plugin.
final class PluginInstance: @unchecked Sendable {
  // Calls to one instance never overlap, unless the plugin offered bespoke.concurrent/1; hence the unchecked conformance.
  private let table: UnsafePointer<bespoke_plugin_v1>
  private let instance: UnsafeMutableRawPointer?
  // Lives as long as the instance, as the ABI promises.
  private let host: HostTable
  private let config: Document
  private let gate: CallGate?
  /// The files that it read to make itself ready, sorted by name.
  private(set) var files: [ResourceStore.File] = []

  /// - Throws: `Diagnostic` of kind "stage 'ID'" with the plugin's own words.
  init(_ step: CompiledStep, host: HostTable, threads: Int) throws(Diagnostic) {
    let table = step.plugin.table
    self.table = table
    self.host = host
    config = step.config
    gate = step.plugin.mostCalls > 0 ? CallGate(most: step.plugin.mostCalls) : nil
    let errors = OutputItem(
      ports: step.plugin.description.writes, texts: DocumentBuilder(), limit: 1 << 20, isCancelled: { false })
    func failure(_ status: Status) -> Diagnostic {
      let failure = errors.failure
      let field = failure.map { $0.field.isEmpty ? "" : "option '\($0.field)': " } ?? ""
      return Diagnostic(
        "stage '\(step.stage)'", "\(field)\(failure?.message ?? "'\(step.name)' could not be made ready (\(status))")",
        at: step.place(of: failure?.field ?? ""))
    }
    var made: UnsafeMutableRawPointer?
    var stage = step.stage
    var slot = step.slot
    let status = stage.withUTF8 { stage in
      slot.withUTF8 { slot in
        var with = bespoke_create_v1(
          host: host.pointer, config: step.config.root.raw, stage: bespoke_str(stage), slot: bespoke_str(slot),
          threads: UInt32(threads), reserved: 0, memory_limit_bytes: 0, errors: errors.pointer)
        return Status(abi: table.pointee.create(table.pointee.ctx, &with, &made))
      }
    }
    instance = made
    guard status == .ok else { throw failure(status) }
    guard made != nil else {
      throw Diagnostic(
        "stage '\(step.stage)'", "'\(step.name)' answered ok to 'create' without setting an instance",
        help: "set '*instance' to something other than NULL before BESPOKE_OK is answered")
    }
    if let table = table.pointee.extension(table.pointee.ctx, BESPOKE_WARM_UP) {
      let warmUp = table.assumingMemoryBound(to: bespoke_warm_up_v1.self)
      let status = Status(abi: warmUp.pointee.warm_up(made, errors.pointer))
      guard status == .ok else { throw failure(status) }
    }
    files = host.sealFiles()
  }

  deinit {
    if let instance { table.pointee.destroy(instance) }
  }

  func process(
    _ requests: UnsafePointer<bespoke_request_v1>, _ outs: UnsafePointer<OpaquePointer?>,
    _ statuses: UnsafeMutablePointer<bespoke_status>, count: Int
  ) -> Status {
    func call() -> Status { Status(abi: table.pointee.process(instance, requests, outs, statuses, UInt32(count))) }
    return gate?.pass(call) ?? call()
  }
}

/// Runs one step for one thread and keeps what it wrote until `reset`.
final class StepRunner {
  /// How one item fared.
  enum Outcome {
    case wrote
    case skipped(reason: String)
    case failed(code: Status, field: String, message: String)
  }

  let step: CompiledStep
  private let instance: PluginInstance
  private let texts = DocumentBuilder()
  private let items: [OutputItem]
  private var requests: [bespoke_request_v1] = []
  private var outs: [OpaquePointer?] = []
  private var statuses: [bespoke_status] = []
  private let checkpoint: () -> Checkpoint?
  /// What every call of the step is asked alike, for `CallKey`.
  private let identity: [UInt8]
  private var scratch: [UInt8] = []
  /// Whether the last call is worth remembering.
  private var wasDear = false
  /// What costs more for one brief is remembered; what costs less is made again.
  private static let dearNanoseconds: UInt64 = 200_000
  /// Bytes that one slot may hold.
  static let slotLimit = 16 << 20

  /// - Parameter checkpoint: where calls are remembered, once there is one.
  init(
    _ step: CompiledStep, instance: PluginInstance, batchSize: Int?, isCancelled: @escaping () -> Bool,
    checkpoint: @escaping () -> Checkpoint?
  ) {
    self.step = step
    self.instance = instance
    self.checkpoint = checkpoint
    identity = Array(
      "\(step.plugin.id) \(step.plugin.version) \(step.stage) \(step.slot) \(step.config.root.json)".utf8)
    let texts = texts
    let preferred = step.plugin.description.preferredBatch
    items = (0..<min(preferred, batchSize ?? preferred)).map { _ in
      OutputItem(
        ports: step.plugin.description.writes, texts: texts, limit: Self.slotLimit, isCancelled: isCancelled)
    }
  }

  /// The files that its instance read to make itself ready, sorted by name.
  var files: [ResourceStore.File] { instance.files }

  /// Most items of one call.
  var batchSize: Int { items.count }

  /// Forgets all that was written.
  func reset() { texts.reset() }

  /// Has up to `batchSize` briefs answered: by the checkpoint, where the same was asked before, or by the plugin.
  ///
  /// - Parameter harvest: told, for each brief, how it fared and the content of its slots by their index.
  func run(
    _ briefs: [(brief: Value, seed: UInt64)],
    harvest: (Int, Outcome, [(slot: Int, value: Value)], [OutputItem.Note]) -> Void
  ) {
    guard let checkpoint = checkpoint() else { return call(briefs, harvest: harvest) }
    var absent = Array(briefs.indices)
    if checkpoint.remembersCalls {
      absent = briefs.indices.filter { index in
        guard let call = checkpoint.call(key(of: briefs[index])) else { return true }
        harvest(index, call.skipReason.map { .skipped(reason: $0) } ?? .wrote, recall(call), call.notes)
        return false
      }
      if absent.isEmpty { return }
    }
    var calls: [(index: Int, call: RememberedCall)] = []
    call(absent.map { briefs[$0] }) { index, outcome, slots, notes in
      if wasDear, let call = RememberedCall(outcome, slots, notes) { calls.append((absent[index], call)) }
      harvest(absent[index], outcome, slots, notes)
    }
    for (index, call) in calls { checkpoint.remember(call, as: key(of: briefs[index])) }
  }

  private func key(of brief: (brief: Value, seed: UInt64)) -> CallKey {
    CallKey(step: identity, brief: brief.brief, seed: brief.seed, scratch: &scratch)
  }

  private func recall(_ call: RememberedCall) -> [(slot: Int, value: Value)] {
    call.slots.map { slot, content in
      switch content {
      case .text(let text): text.withUnsafeBufferPointer { texts.string($0) }
      case .json(let json):
        // It was written by us, and its checksum was right.
        if let document = try? Document(json: String(decoding: json, as: UTF8.self)) {
          withExtendedLifetime(document) { texts.copy(document.root) }
        } else {
          texts.null()
        }
      }
      return (slot, texts.finishRoot())
    }
  }

  private func call(
    _ briefs: [(brief: Value, seed: UInt64)],
    harvest: (Int, Outcome, [(slot: Int, value: Value)], [OutputItem.Note]) -> Void
  ) {
    let count = briefs.count
    precondition(count <= batchSize, "a call has at most as many briefs as the plugin prefers")
    let deadline = step.timeoutSeconds.map { monotonicNanoseconds() + UInt64($0 * 1e9) } ?? 0
    requests.removeAll(keepingCapacity: true)
    outs.removeAll(keepingCapacity: true)
    statuses.removeAll(keepingCapacity: true)
    for index in 0..<count {
      items[index].reset()
      requests.append(
        bespoke_request_v1(brief: briefs[index].brief.raw, seed: briefs[index].seed, deadline_ns: deadline))
      outs.append(items[index].pointer)
      statuses.append(Status.unset)
    }
    let start = monotonicNanoseconds()
    let whole = requests.withUnsafeBufferPointer { requests in
      outs.withUnsafeBufferPointer { outs in
        statuses.withUnsafeMutableBufferPointer { statuses in
          guard let requests = requests.baseAddress, let outs = outs.baseAddress, let statuses = statuses.baseAddress
          else { return Status.ok }
          return instance.process(requests, outs, statuses, count: count)
        }
      }
    }
    // What a plugin would answer otherwise another time is always worth it.
    wasDear =
      !step.plugin.description.isDeterministic
      || monotonicNanoseconds() - start > Self.dearNanoseconds * UInt64(max(1, count))
    // Values are handed out only when all is written, as writing may move them.
    var roots: [(item: Int, slot: Int, root: Int)] = []
    for index in 0..<count {
      items[index].finish()
      for (port, content) in items[index].contents.enumerated() {
        switch content {
        case .none: continue
        case .text(let range), .media(let range, _): texts.string(at: range)
        case .structure(let value): texts.copy(value)
        }
        roots.append((index, step.portSlots[port], Int(texts.finishRoot().raw.node)))
      }
    }
    var next = 0
    for index in 0..<count {
      var slots: [(slot: Int, value: Value)] = []
      while next < roots.count, roots[next].item == index {
        slots.append((roots[next].slot, texts.root(at: roots[next].root)))
        next += 1
      }
      harvest(index, outcome(index, whole: whole), slots, items[index].notes)
    }
  }

  private func outcome(_ index: Int, whole: Status) -> Outcome {
    let status = whole == .ok ? Status(abi: statuses[index]) : whole
    let failure = items[index].failure ?? (whole == .ok ? nil : items[0].failure)
    switch status {
    case .ok:
      // A call that the sink refused makes the item fail, whatever the plugin says of it.
      guard let failure else { return .wrote }
      return .failed(code: failure.code, field: failure.field, message: failure.message)
    case .skip: return .skipped(reason: failure?.message ?? "")
    default:
      return .failed(
        code: status, field: failure?.field ?? "",
        message: failure?.message ?? Status.words(whole == .ok ? statuses[index] : status.rawValue, of: step.name))
    }
  }
}

extension RememberedCall {
  /// Nil for a failure, which is worth another try.
  fileprivate init?(
    _ outcome: StepRunner.Outcome, _ slots: [(slot: Int, value: Value)], _ notes: [OutputItem.Note]
  ) {
    self.init()
    switch outcome {
    case .failed: return nil
    case .skipped(let reason): skipReason = reason
    case .wrote: break
    }
    self.slots = slots.map { slot, value in
      if value.kind == .string { return (slot, .text(Array(value.text))) }
      var json: [UInt8] = []
      json.appendJSON(value)
      return (slot, .json(json))
    }
    self.notes = notes
  }
}

/// CLOCK_MONOTONIC, in nanoseconds.
func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
