import Core
import Glibc

/// Hands a probe to another thread for a while: the caller waits until it has it back.
final class Shared: @unchecked Sendable {
  // Used by one thread at a time: the caller joins the thread before it looks; hence the unchecked conformance.
  private let probe: Probe
  private let requests: [Probe.Request]
  private(set) var answers: [Probe.Answer] = []

  init(_ probe: Probe, _ requests: [Probe.Request]) {
    self.probe = probe
    self.requests = requests
  }

  /// Makes the requests one by one on a new thread, and waits for it.
  func runOnThread() throws {
    var thread = pthread_t()
    let failed = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let shared = Unmanaged<Shared>.fromOpaque(context).takeUnretainedValue()
        shared.answers = shared.requests.flatMap { shared.probe.process([$0]).answers }
        return nil
      }, Unmanaged.passUnretained(self).toOpaque())
    guard failed == 0 else { throw Diagnostic("internal error", "no thread could be made") }
    pthread_join(thread, nil)
  }
}
