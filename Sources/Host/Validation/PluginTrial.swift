import CPluginABI
public import Core

/// One brief put through one plugin, for people to look at.
public struct PluginTrial {
  /// What lies in a port.
  public struct Slot: Sendable {
    /// The port; empty for the stage's own slot.
    public let port: String
    /// Its kind.
    public let kind: SlotKind
    /// The text, or a structure as JSON, or a media slot's type and its bytes in hexadecimal; nil where nothing was written.
    public let content: String?
  }

  /// What the plugin answered: "ok", "skip", "input", ...
  public let status: String
  /// Why it failed or skipped; nil where it said nothing.
  public let message: String?
  /// The slots in the order in which the plugin lists them.
  public let slots: [Slot]
  /// Whether the run would take what was written.
  public let isWritten: Bool
  /// Time of the call in nanoseconds.
  public let nanoseconds: UInt64

  /// Makes an instance and one request.
  ///
  /// - Throws: `Diagnostic` where a file cannot be used, or no instance can be made.
  public init(_ plugin: LoadedPlugin, input: TrialInput, seed: UInt64) throws(Diagnostic) {
    let trial = try Trial(plugin: plugin, input: input, inventsOptions: false)
    let probe = try trial.probe()
    let start = monotonicNanoseconds()
    let (whole, answers) = probe.process([Probe.Request(brief: trial.brief.root, seed: seed)])
    nanoseconds = monotonicNanoseconds() - start
    let answer = answers.first
    let status = whole == Status.ok.rawValue ? answer?.status ?? whole : whole
    // As in a run: what the sink refused weighs more than the status.
    let isRefused = status == Status.ok.rawValue && answer?.failure != nil
    self.status = statusName(isRefused || status == Status.unset ? Status.internal.rawValue : status)
    let isSilent = status != Status.ok.rawValue && status != Status.skip.rawValue
    message = answer?.failure ?? (isSilent ? Status.words(status, of: plugin.shortName) : nil)
    slots = zip(plugin.description.writes, answer?.contents ?? []).map {
      Slot(port: $0.name, kind: $0.kind, content: $1)
    }
    isWritten = status == Status.ok.rawValue && answer?.failure == nil
    withExtendedLifetime(trial) {}
  }
}
