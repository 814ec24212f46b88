import Glibc

/// Calls with parts of 0..<count, on as many threads at once, this one among them; returns when all parts are done.
///
/// The parts must not touch what another one writes. Where the system gives no thread, this one does its part too.
func inParallel(_ threads: Int, _ count: Int, _ body: (Range<Int>) -> Void) {
  run(parts: min(threads, count / smallestPart), count, body)
}

/// Calls with each number below `count`, all at once.
func inParallel(each count: Int, _ body: (Int) -> Void) { run(parts: count, count) { $0.forEach(body) } }

private func run(parts: Int, _ count: Int, _ body: (Range<Int>) -> Void) {
  guard parts > 1 else { return body(0..<count) }
  withoutActuallyEscaping(body) { body in
    var started: [pthread_t] = []
    for index in 1..<parts {
      let part = Unmanaged.passRetained(Part(body, count * index / parts..<count * (index + 1) / parts))
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { raw in
          if let raw { Unmanaged<Part>.fromOpaque(raw).takeRetainedValue().run() }
          return nil
        }, part.toOpaque())
      if status == 0 { started.append(thread) } else { part.takeRetainedValue().run() }
    }
    body(0..<count / parts)
    for thread in started { pthread_join(thread, nil) }
  }
}

/// Below this, starting a thread costs more than it saves.
private let smallestPart = 512

private final class Part {
  private let body: (Range<Int>) -> Void
  private let range: Range<Int>

  init(_ body: @escaping (Range<Int>) -> Void, _ range: Range<Int>) {
    self.body = body
    self.range = range
  }

  func run() { body(range) }
}
