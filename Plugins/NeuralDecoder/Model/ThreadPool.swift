import CDecoderKernels
import Glibc

/// A few threads that work on one thing together, the caller among them.
public final class ThreadPool: @unchecked Sendable {
  // `job` is written by the caller before the threads meet and read by them after; hence the unchecked conformance.
  private final class Shared: @unchecked Sendable {
    let barrier: UnsafeMutablePointer<decoder_barrier>
    var job: ((Int) -> Void)?

    init(count: Int) {
      barrier = .allocate(capacity: 1)
      barrier.initialize(to: decoder_barrier(count: UInt32(count), arrived: 0, generation: 0, sleepers: 0))
    }

    deinit { barrier.deallocate() }
  }

  private final class Start {
    let shared: Shared
    let index: Int

    init(_ shared: Shared, _ index: Int) {
      self.shared = shared
      self.index = index
    }
  }

  /// How many threads there are, the caller included.
  public let count: Int
  private let shared: Shared
  private var threads: [pthread_t] = []

  /// Starts `count` - 1 threads, 63 at most; the system must not refuse them.
  public init(count wanted: Int) {
    let count = max(1, min(wanted, 64))
    self.count = count
    shared = Shared(count: count)
    for index in 1..<max(1, count) {
      var thread = pthread_t()
      let start = Unmanaged.passRetained(Start(shared, index))
      let status = pthread_create(
        &thread, nil,
        { start in
          guard let start else { return nil }
          ThreadPool.work(Unmanaged<Start>.fromOpaque(start).takeRetainedValue())
          return nil
        }, start.toOpaque())
      precondition(status == 0, "a thread can be started")
      threads.append(thread)
    }
  }

  deinit {
    shared.job = nil
    if count > 1 { decoder_meet(shared.barrier) }
    for thread in threads { pthread_join(thread, nil) }
  }

  private static func work(_ start: Start) {
    while true {
      decoder_meet(start.shared.barrier)
      guard let job = start.shared.job else { return }
      job(start.index)
      decoder_meet(start.shared.barrier)
    }
  }

  /// Runs `body` on every thread at once and returns when all are done; for one caller at a time.
  public func run(_ body: @escaping (Int) -> Void) {
    guard count > 1 else { return body(0) }
    shared.job = body
    decoder_meet(shared.barrier)
    body(0)
    decoder_meet(shared.barrier)
    // What the body holds is its caller's, and is not kept.
    shared.job = nil
  }

  /// Inside `run`: returns once all threads have come here.
  func meet() { decoder_meet(shared.barrier) }
}
