import Synchronization
import Glibc

/// Lets threads through one at a time, in the order of their tickets, whatever order they arrive in.
final class Turnstile: @unchecked Sendable {
  // `next` and `isOpen` are only touched with `mutex` held; hence the unchecked conformance.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var next = 0
  private var isOpen = true

  init() {
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Waits until all tickets below `ticket` have passed, then runs `body`; false where the turnstile was closed before.
  func pass(_ ticket: Int, _ body: () throws -> Void) rethrows -> Bool {
    pthread_mutex_lock(mutex)
    while isOpen, next != ticket { pthread_cond_wait(changed, mutex) }
    let goes = isOpen
    pthread_mutex_unlock(mutex)
    guard goes else { return false }
    // Nobody else passes meanwhile: only the holder of the next ticket advances it.
    defer {
      pthread_mutex_lock(mutex)
      next += 1
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(mutex)
    }
    try body()
    return true
  }

  /// Sends everyone who waits, or will, away.
  func close() {
    pthread_mutex_lock(mutex)
    isOpen = false
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
  }
}

/// Runs `body` on so many threads at once and returns when all are done; `body` is told its number.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  final class Start: Sendable {
    let number: Int
    let body: @Sendable (Int) -> Void
    init(_ number: Int, _ body: @escaping @Sendable (Int) -> Void) {
      self.number = number
      self.body = body
    }
  }
  if count == 1 { return body(0) }
  var threads: [pthread_t] = []
  for number in 0..<count {
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Start(number, body))
    let status = pthread_create(
      &thread, nil,
      { raw in
        guard let raw else { return nil }
        let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
        start.body(start.number)
        return nil
      }, start.toOpaque())
    if status == 0 {
      threads.append(thread)
    } else {
      start.release()
    }
  }
  // Where the system gives no thread at all, this one does the work.
  if threads.isEmpty { body(0) }
  for thread in threads { pthread_join(thread, nil) }
}
