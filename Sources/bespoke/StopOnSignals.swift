import Dispatch
import Glibc

/// SIGINT and SIGTERM stop the work cleanly; a second one ends the program at once.
func stopOnSignals(_ stop: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
  [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      stop()
      signal(number, SIG_DFL)
    }
    source.resume()
    return source
  }
}
