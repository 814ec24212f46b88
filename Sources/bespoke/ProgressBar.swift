import Dispatch
import Host

/// A line on standard error that shows how far a run is.
final class ProgressBar {
  private let timer: (any DispatchSourceTimer)?
  private let isShown: Bool

  /// Starts to show; `read` is asked five times a second.
  init(isShown: Bool, read: @escaping @Sendable () -> Progress) {
    self.isShown = isShown
    guard isShown else {
      timer = nil
      return
    }
    let started = DispatchTime.now()
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + 0.2, repeating: 0.2)
    timer.setEventHandler {
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds) / 1e9
      writeToTerminal("\r\u{1B}[K\(Self.line(read(), seconds: seconds))")
    }
    timer.resume()
    self.timer = timer
  }

  /// Takes the line away.
  func stop() {
    timer?.cancel()
    if isShown { writeToTerminal("\r\u{1B}[K") }
  }

  static func line(_ progress: Progress, seconds: Double) -> String {
    let rate = Int(Double(progress.assets) / max(seconds, 0.001))
    var line = "\(progress.assets) assets, \(rate)/s"
    if let size = progress.size, size > 0 {
      let part = min(1, Double(progress.read) / Double(size))
      let filled = Int(part * 24)
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
      line = "[\(bar)] \(Int(part * 100)) %  \(line)"
      if part > 0.01 { line += ", \(Int(seconds / part - seconds + 0.5)) s left" }
    }
    return line
  }
}
