public import CPluginABI

/// A plugin that makes a file, such as a model, out of other files.
///
/// Draft: behind "bespoke.train/1", which may still change.
public protocol TrainingPlugin: Plugin {
  /// JSON Schema (2020-12) of the options of training, as JSON text.
  static var trainingConfig: String { get }
  /// Makes the file at `run.output`.
  ///
  /// - Throws: `PluginError`; any other error counts as a bug of the plugin. The host then removes the file.
  static func train(_ run: TrainingRun) throws
}

/// What a training run is told.
///
/// Borrowed: valid until `train` returns.
public struct TrainingRun {
  /// The options: an object that fits the schema.
  public let config: Value
  /// The host's services.
  public let host: HostServices
  /// Paths of files to learn from, in the order given.
  public let inputs: [String]
  /// Path of the file to make; the host renames it when all is done.
  public let output: String
  /// The only source of chance.
  public let seed: UInt64
  /// How many threads may be used, the calling one included.
  public let threads: Int
  private let raw: bespoke_train_request_v1

  /// Wraps a request of the ABI; nil where it lacks a pointer that it must have.
  public init?(_ raw: bespoke_train_request_v1) {
    guard let host = raw.host, raw.progress != nil, raw.cancelled != nil else { return nil }
    self.raw = raw
    config = Value(raw.config, host.pointee.access)
    self.host = HostServices(host)
    inputs = (0..<Int(raw.input_count)).compactMap { index in
      raw.inputs.map { String(decoding: $0[index].buffer, as: UTF8.self) }
    }
    output = String(decoding: raw.output.buffer, as: UTF8.self)
    seed = raw.seed
    threads = Int(raw.threads)
  }

  /// Whether the host wants the file no longer; to be asked at least every 100 ms.
  public var isCancelled: Bool { raw.cancelled(raw.progress_ctx) != 0 }

  /// Says how far it is.
  ///
  /// - Parameters:
  ///   - total: 0 where it is not known.
  ///   - metric: a measure such as "loss" and its value, or an empty name.
  public func progress(step: UInt64, of total: UInt64 = 0, metric: StaticString = "", _ value: Double = 0) {
    raw.progress(raw.progress_ctx, step, total, bespoke_str(metric), value)
  }

  /// Tells people one fact of what was made, such as its perplexity.
  public func note(_ key: StaticString, _ value: String) {
    guard let report = raw.report else { return }
    Output(report, host.host.pointee.sink).note(key, value)
  }
}
