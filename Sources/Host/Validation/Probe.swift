import CPluginABI
import Core
import Glibc

/// One instance of a plugin, and what it answers.
///
/// For one thread at a time.
final class Probe {
  /// Why there is no instance.
  struct Refusal: Error {
    let status: bespoke_status
    let failure: OutputItem.Failure?

    var words: String {
      if status == Status.ok.rawValue { return "create answered ok without an instance" }
      let field = failure.map { $0.field.isEmpty ? "" : "option '\($0.field)': " } ?? ""
      return "create answered \(statusName(status)): \(field)\(failure?.message ?? "without a message")"
    }
  }

  /// A request to be made.
  struct Request {
    let brief: Value
    var seed: UInt64
    var deadline: UInt64 = 0
  }

  /// What became of a request.
  struct Answer: Equatable {
    let status: bespoke_status
    /// Content of each port; nil where nothing was written.
    let contents: [String?]
    let notes: [String]
    let failure: String?
    let misuses: UInt8
  }

  let plugin: LoadedPlugin
  private let instance: UnsafeMutableRawPointer
  // Both live as long as the instance, as the ABI promises.
  private let host: HostTable
  private let options: Document

  private init(plugin: LoadedPlugin, instance: UnsafeMutableRawPointer, host: HostTable, options: Document) {
    self.plugin = plugin
    self.instance = instance
    self.host = host
    self.options = options
  }

  deinit { plugin.table.pointee.destroy(instance) }

  /// Calls `create`, and `warm_up` where there is one.
  ///
  /// - Parameters:
  ///   - options: any value, fitting the schema or not.
  ///   - document: what the options lie in.
  static func make(
    plugin: LoadedPlugin, options: Value, keeping document: Document, resources: ResourceStore?
  ) -> Result<Probe, Refusal> {
    let table = plugin.table
    let host = HostTable(stage: "stage", resources: resources, catalogue: nil) { _ in }
    let errors = OutputItem(
      ports: plugin.description.writes, texts: DocumentBuilder(), limit: 1 << 20, isCancelled: { false })
    var made: UnsafeMutableRawPointer?
    var with = bespoke_create_v1(
      host: host.pointer, config: options.raw, stage: bespoke_str("stage"), slot: bespoke_str("stage"), threads: 1,
      reserved: 0, memory_limit_bytes: 0, errors: errors.pointer)
    var status = withExtendedLifetime(errors) { table.pointee.create(table.pointee.ctx, &with, &made) }
    guard status == Status.ok.rawValue, let made else {
      return .failure(Refusal(status: status, failure: errors.failure))
    }
    let probe = Probe(plugin: plugin, instance: made, host: host, options: document)
    if let warmUp = table.pointee.extension(table.pointee.ctx, BESPOKE_WARM_UP) {
      status = warmUp.assumingMemoryBound(to: bespoke_warm_up_v1.self).pointee.warm_up(made, errors.pointer)
      guard status == Status.ok.rawValue else {
        return .failure(Refusal(status: status, failure: errors.failure))
      }
    }
    return .success(probe)
  }

  /// Makes one call and answers for each request; of a batch that failed whole, `whole` is its status.
  func process(
    _ requests: [Request], isCancelled: Bool = false
  ) -> (whole: bespoke_status, answers: [Answer]) {
    let texts = DocumentBuilder()
    let items = requests.map { _ in
      OutputItem(
        ports: plugin.description.writes, texts: texts, limit: StepRunner.slotLimit, isCancelled: { isCancelled })
    }
    var statuses = [bespoke_status](repeating: Status.unset, count: requests.count)
    let calls = requests.map { bespoke_request_v1(brief: $0.brief.raw, seed: $0.seed, deadline_ns: $0.deadline) }
    let whole = withExtendedLifetime(items) {
      call(calls, items.map { $0.pointer as OpaquePointer? }, &statuses)
    }
    for item in items { item.finish() }
    return (whole, zip(items, statuses).map { Answer($0, status: $1, texts: texts) })
  }

  /// Makes one call with what the caller has laid out.
  func call(
    _ requests: [bespoke_request_v1], _ outs: [OpaquePointer?], _ statuses: inout [bespoke_status]
  ) -> bespoke_status {
    requests.withUnsafeBufferPointer { requests in
      outs.withUnsafeBufferPointer { outs in
        statuses.withUnsafeMutableBufferPointer { statuses in
          plugin.table.pointee.process(
            instance, requests.baseAddress, outs.baseAddress, statuses.baseAddress, UInt32(requests.count))
        }
      }
    }
  }
}

extension Probe.Answer {
  fileprivate init(_ item: OutputItem, status: bespoke_status, texts: DocumentBuilder) {
    self.status = status
    contents = item.contents.map { content in
      switch content {
      case .none: nil
      case .text(let range): String(decoding: texts.text(at: range), as: UTF8.self)
      case .media(let range, let type): "\(type)\n\(hexadecimal(texts.text(at: range)))"
      case .structure(let value): value.json
      }
    }
    notes = item.notes.map { "\($0.port) \($0.key) \($0.value)" }
    failure = item.failure.map { $0.field.isEmpty ? $0.message : "'\($0.field)': \($0.message)" }
    misuses = item.misuses.rawValue
  }
}

/// A status as headers and people call it.
func statusName(_ status: bespoke_status) -> String {
  Status(rawValue: status).map { "\($0)" } ?? "\(status), which is no status"
}
