import Dispatch

/// A line on standard error that a command rewrites while it works, ten times a second at most.
final class StatusLine {
  private let isShown: Bool
  private let started = DispatchTime.now().uptimeNanoseconds
  private var last: UInt64 = 0

  init(isShown: Bool) { self.isShown = isShown }

  /// Shows a text, how much of the whole it is, and the time left.
  func show(_ text: @autoclosure () -> String, position: Int, size: Int?) {
    guard isShown else { return }
    let now = DispatchTime.now().uptimeNanoseconds
    guard now - last > 100_000_000 else { return }
    last = now
    var line = text()
    if let size, size > 0, position > 0 {
      let part = min(1, Double(position) / Double(size))
      let seconds = Double(now - started) / 1e9
      line += ", \(Int(part * 100)) %, \(Int(seconds / part - seconds + 0.5)) s left"
    }
    writeToTerminal("\r\u{1B}[K\(line)")
  }

  /// Takes the line away.
  func clear() { if isShown { writeToTerminal("\r\u{1B}[K") } }
}
