import Dispatch
import Host

/// A line on standard error that shows how far a long work is.
final class ProgressLine {
  private let timer: (any DispatchSourceTimer)?
  private let isShown: Bool

  /// Starts to show; `read` is given the seconds since then, five times a second.
  init(isShown: Bool, read: @escaping @Sendable (Double) -> String) {
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
      writeToTerminal("\r\u{1B}[K\(read(seconds))")
    }
    timer.resume()
    self.timer = timer
  }

  /// Takes the line away.
  func stop() {
    timer?.cancel()
    if isShown { writeToTerminal("\r\u{1B}[K") }
  }

  /// "[######..................] 25 %".
  static func bar(_ part: Double) -> String {
    let filled = Int(part * 24)
    return
      "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: 24 - filled))] \(Int(part * 100)) %"
  }
}

extension Progress {
  /// "[####....] 25 %  1200 assets, 400/s, 9 s left".
  func words(seconds: Double) -> String {
    let rate = Int(Double(assets) / max(seconds, 0.001))
    let line = "\(assets) assets, \(rate)/s"
    guard let size, size > 0 else { return line }
    let part = min(1, Double(read) / Double(size))
    let left = part > 0.01 ? ", \(Int(seconds / part - seconds + 0.5)) s left" : ""
    return "\(ProgressLine.bar(part))  \(line)\(left)"
  }
}
