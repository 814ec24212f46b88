import Glibc

/// Lets through so many calls at once; the others wait.
final class CallGate: @unchecked Sendable {
  // A semaphore of POSIX, made for several threads; hence the unchecked conformance.
  private let semaphore: UnsafeMutablePointer<sem_t>

  /// - Parameter most: calls at once, at least 1.
  init(most: Int) {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, UInt32(most))
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  /// Makes a call when there is room for it.
  func pass<Answer>(_ call: () -> Answer) -> Answer {
    // Only a signal interrupts it.
    while sem_wait(semaphore) != 0 {}
    defer { sem_post(semaphore) }
    return call()
  }
}
