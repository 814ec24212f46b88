public import CPluginABI

/// A plugin.
///
/// One instance serves one stage; its calls never overlap unless it is a `ConcurrentPlugin`.
///
/// ```swift
/// struct Hello: Plugin {
///   static let info = PluginInfo(id: "com.example.hello", version: "1.0.0", reads: ["profile.first_name"])
///   init(_ setup: Setup) throws {}
///   func process(_ request: Request, into output: Output) throws {
///     output.write("Hello, \(request.profile["first_name"].string ?? "friend")!")
///   }
/// }
/// ```
public protocol Plugin {
  /// What the plugin says of itself; always the same.
  static var info: PluginInfo { get }
  /// Makes an instance.
  ///
  /// - Throws: `PluginError`, by custom with code `config`; any other error counts as a bug of the plugin.
  init(_ setup: Setup) throws
  /// Works on one brief.
  ///
  /// - Throws: `PluginError`; any other error counts as a bug of the plugin. Only this item fails.
  func process(_ request: Request, into output: Output) throws
}

/// A plugin that wants a whole batch at once.
public protocol BatchPlugin: Plugin {
  /// Works on all items of a batch.
  func process(_ batch: Batch) throws
}

extension BatchPlugin {
  /// Works on a batch of one.
  public func process(_ request: Request, into output: Output) throws {
    preconditionFailure("the host calls process(_: Batch) of a batch plugin")
  }
}

/// A plugin whose `process` may run on several threads at once, so that one instance serves a stage.
public protocol ConcurrentPlugin: Plugin, Sendable {
  /// How many calls at once an instance bears; more wait in the host. 0 for no limit, which is the default.
  static var mostCalls: Int { get }
}

extension ConcurrentPlugin {
  /// No limit.
  public static var mostCalls: Int { 0 }
}

/// A plugin with work that is better done before the first request.
public protocol WarmUpPlugin: Plugin {
  /// Called once, before the first `process`.
  func warmUp() throws
}

/// What a new instance is told.
///
/// Its configuration and host stay valid as long as the instance.
public struct Setup {
  /// The stage's options: an object that fits the plugin's schema.
  public let config: Value
  /// The host's services.
  public let host: HostServices
  /// Id of the stage, for messages.
  public let stage: String
  /// The slot that the unnamed port stands for.
  public let slot: String
  /// How many threads this instance may use, itself included.
  public let threads: Int
  /// Memory it may use, in bytes; 0 where no limit is stated.
  public let memoryLimit: UInt64
}

/// One brief to work on.
///
/// Borrowed: valid until `process` returns.
public struct Request {
  /// The whole brief.
  public let brief: Value
  /// The only source of chance.
  public let seed: UInt64
  /// Nanoseconds of CLOCK_MONOTONIC; 0 for none.
  public let deadline: UInt64

  /// Wraps a request of the ABI.
  @inlinable
  public init(_ request: bespoke_request_v1, _ access: UnsafePointer<bespoke_access_v1>) {
    brief = Value(request.brief, access)
    seed = request.seed
    deadline = request.deadline_ns
  }

  /// The recipient.
  public var profile: Value { brief["profile"] }
  /// The product that the brief is about, if it is about one.
  public var product: Value { brief["product"] }
  /// What earlier stages wrote.
  public var slots: Value { brief["slots"] }
  /// The stage's options, with those that hold Liquid rendered for this brief.
  public var params: Value { brief["params"] }
  /// The locale, as in "de-DE".
  public var locale: Value { brief["locale"] }

  /// The value at a path of keys such as "profile.first_name"; missing where a step is.
  public subscript(path path: StaticString) -> Value {
    var value = brief
    let bytes = UnsafeBufferPointer(start: path.utf8Start, count: path.utf8CodeUnitCount)
    for key in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      value = value[UnsafeBufferPointer(rebasing: key)]
    }
    return value
  }

  /// The string at a path of keys such as "profile.first_name".
  ///
  /// - Throws: `PluginError` with code `input` that names the path, where there is no string.
  public func string(at path: StaticString) throws -> String {
    let value = self[path: path]
    if value.kind == .string, let text = value.string { return text }
    throw PluginError(.input, field: "\(path)", value.exists ? "must be a string, got \(value.kind)" : "is missing")
  }
}

/// The items of one call.
///
/// Borrowed: valid until `process` returns.
public struct Batch {
  let requests: UnsafePointer<bespoke_request_v1>?
  let outs: UnsafePointer<OpaquePointer?>?
  let statuses: UnsafeMutablePointer<bespoke_status>?
  let host: UnsafePointer<bespoke_host_v1>
  /// How many items there are; may be 0.
  public let count: Int

  /// The request at an index in 0..<count.
  public func request(_ index: Int) -> Request {
    precondition(0..<count ~= index, "a batch index is in 0..<count")
    guard let requests else { preconditionFailure("a batch with items has requests") }
    return Request(requests[index], host.pointee.access)
  }

  /// The output of the item at an index in 0..<count.
  public func output(_ index: Int) -> Output {
    precondition(0..<count ~= index, "a batch index is in 0..<count")
    guard let outs, let out = outs[index] else { preconditionFailure("a batch with items has outputs") }
    return Output(out, host.pointee.sink)
  }

  /// Lets one item fail, or skips it; the others go on.
  public func fail(_ index: Int, _ error: PluginError) {
    output(index).fail(error)
    statuses?[index] = error.code.status
  }
}
