import CPluginABI
public import Core
import Glibc
import Synchronization

/// One run of a plugin's "bespoke.train/1": makes a file, such as a model, out of other files.
///
/// `progress` and `cancel` may be used from any thread while `run` works.
public final class Training: Sendable {
  /// How far a run is.
  public struct Progress: Sendable, Equatable {
    /// Steps done.
    public var step: UInt64 = 0
    /// Steps in all; 0 where that is not known.
    public var total: UInt64 = 0
    /// A measure by name, such as "loss"; empty for none.
    public var metric = ""
    /// The measure's value.
    public var value = 0.0
  }

  /// What was made.
  public struct Report: Sendable {
    /// Path of the file.
    public let output: String
    /// Its size.
    public let bytes: Int
    /// What the plugin has to say of it, by key, in its order.
    public let notes: [(key: String, value: String)]
  }

  private let plugin: LoadedPlugin
  private let inputs: [String]
  private let output: String
  private let options: Document
  private let seed: UInt64
  private let threads: Int
  private let log: @Sendable (String) -> Void
  private let latest = Mutex(Progress())
  private let isCancelled = Atomic(false)

  /// The schema of a plugin's training options.
  ///
  /// - Throws: `Diagnostic` where the plugin does not train.
  public static func schema(of plugin: LoadedPlugin) throws(Diagnostic) -> ConfigSchema {
    guard let table = plugin.offered(BESPOKE_TRAIN, as: bespoke_train_v1.self) else {
      throw Diagnostic(
        "cannot train", "'\(plugin.shortName)' does not train", help: "'bespoke plugins list' shows which plugins do")
    }
    return try plugin.schema(table.config, of: BESPOKE_TRAIN)
  }

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - options: fit `schema(of:)`.
  ///   - output: the file to make; one that is there is replaced when all is done, and kept otherwise.
  ///   - log: is given what the plugin says while it works; called on any thread.
  public init(
    _ plugin: LoadedPlugin, inputs: [String], output: String, options: Document, seed: UInt64, threads: Int,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.plugin = plugin
    self.inputs = inputs
    self.output = output
    self.options = options
    self.seed = seed
    self.threads = threads
    self.log = log
  }

  /// How far the run is.
  public var progress: Progress { latest.withLock { $0 } }

  /// Asks the run to stop; the file is not made then.
  public func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// Makes the file.
  ///
  /// - Throws: `Diagnostic`: a missing input, a full disk, or what the plugin says; nothing is left behind then.
  public func run() throws(Diagnostic) -> Report {
    guard let table = plugin.offered(BESPOKE_TRAIN, as: bespoke_train_v1.self) else {
      throw Diagnostic("cannot train", "'\(plugin.shortName)' does not train")
    }
    for input in inputs where access(input, R_OK) != 0 {
      throw Diagnostic("missing file", "'\(input)': \(String(cString: strerror(errno)))")
    }
    try makeFolders(parentFolder(of: output))
    let temporary = AtomicFile.temporaryName(for: output)
    unlink(temporary)
    // Whether a file can be made is known before hours are spent.
    let probe = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard probe >= 0 else { throw AtomicFile.failure(output) }
    close(probe)
    unlink(temporary)
    let folder = parentFolder(of: output)
    let store = ResourceStore(templateFolders: [], modelFolder: folder.isEmpty ? "." : folder)
    let tool = PluginTool(plugin, resources: store, kind: .text, log: log) {
      self.isCancelled.load(ordering: .relaxed)
    }
    do throws(Diagnostic) {
      let status = call(table, tool, temporary: temporary)
      try tool.finish(status, "training", file: output)
      if isCancelled.load(ordering: .relaxed) { throw Diagnostic("cancelled", "'\(output)' was not made") }
      return Report(
        output: output, bytes: try publish(temporary), notes: tool.out.notes.map { ($0.key, $0.value) })
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private func call(_ table: bespoke_train_v1, _ tool: PluginTool, temporary: String) -> bespoke_status {
    let lent = inputs.map { LentText($0) }
    let lentOutput = LentText(temporary)
    let status = lent.map(\.view).withUnsafeBufferPointer { inputs in
      var request = bespoke_train_request_v1(
        host: tool.host.pointer, config: options.root.raw, inputs: inputs.baseAddress,
        input_count: UInt32(inputs.count), threads: UInt32(max(1, threads)), output: lentOutput.view, seed: seed,
        progress_ctx: Unmanaged.passUnretained(self).toOpaque(),
        progress: { ctx, step, total, metric, value in
          Training.from(ctx)?.latest.withLock {
            $0 = Progress(step: step, total: total, metric: metric.string, value: value)
          }
        },
        cancelled: { ctx in Training.from(ctx)?.isCancelled.load(ordering: .relaxed) == true ? 1 : 0 },
        report: tool.out.pointer)
      return table.train(plugin.table.pointee.ctx, &request)
    }
    return withExtendedLifetime((lent, lentOutput, options)) { status }
  }

  private static func from(_ ctx: UnsafeMutableRawPointer?) -> Training? {
    ctx.map { Unmanaged<Training>.fromOpaque($0).takeUnretainedValue() }
  }

  private func publish(_ temporary: String) throws(Diagnostic) -> Int {
    var status = stat()
    guard stat(temporary, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Diagnostic("training failed", "'\(output)': '\(plugin.shortName)' answered ok and made no file")
    }
    guard rename(temporary, output) == 0 else { throw AtomicFile.failure(output) }
    return Int(status.st_size)
  }
}

/// A text in memory that stays where it is as long as this object.
private final class LentText {
  private let bytes: UnsafeMutableBufferPointer<UInt8>

  init(_ text: String) {
    bytes = .allocate(capacity: text.utf8.count)
    _ = bytes.initialize(from: text.utf8)
  }

  deinit { bytes.deallocate() }

  var view: bespoke_str { bespoke_str(UnsafeBufferPointer(bytes)) }
}
