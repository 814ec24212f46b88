import Glibc

/// The losses of a training run as a drawing: SVG 1.1.
struct LossCurve {
  let epochs: [Trainer.Epoch]
  let best: Int
  /// The loss of an n-gram model on the held-back texts, for comparison.
  let other: NGramComparison?

  private static let (width, height, margin) = (640.0, 360.0, 48.0)

  /// The drawing.
  var svg: String {
    let losses = epochs.flatMap { [$0.training, $0.validation] } + (other.map { [$0.loss] } ?? [])
    let (low, high) = (floor(losses.min() ?? 0), ceil((losses.max() ?? 1) + 1e-9))
    func x(_ epoch: Int) -> Double {
      Self.margin + (Self.width - 2 * Self.margin) * Double(epoch) / Double(max(1, epochs.count - 1))
    }
    func y(_ loss: Double) -> Double {
      Self.height - Self.margin - (Self.height - 2 * Self.margin) * (loss - low) / max(1, high - low)
    }
    func line(_ name: String, _ losses: [Double]) -> String {
      let points = losses.enumerated().map { "\(short(x($0))),\(short(y($1)))" }.joined(separator: " ")
      return #"<polyline class="\#(name)" points="\#(points)"/>"#
    }
    func label(_ text: String, _ x: Double, _ y: Double, _ anchor: String) -> String {
      #"<text x="\#(short(x))" y="\#(short(y))" text-anchor="\#(anchor)">\#(text)</text>"#
    }
    let (left, right, bottom) = (Self.margin, Self.width - Self.margin, Self.height - Self.margin)
    var parts = [
      #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(Int(Self.width)) \#(Int(Self.height))" role="img">"#,
      "<title>Loss by epoch: training and held-back texts, nats a token</title>",
      "<style>text{font:12px sans-serif}polyline,path{fill:none;stroke:#888}.training{stroke:#9a6b1f}"
        + ".validation{stroke:#1f4f9a;stroke-width:2}circle{fill:#1f4f9a}.other{stroke:#555;stroke-dasharray:4}</style>",
      #"<path d="M\#(short(left)) \#(short(Self.margin))V\#(short(bottom))H\#(short(right))"/>"#,
      label(short(high), left - 6, y(high) + 4, "end"), label(short(low), left - 6, y(low) + 4, "end"),
      label("1", left, bottom + 18, "middle"), label("\(epochs.count) epochs", right, bottom + 18, "end"),
      line("training", epochs.map(\.training)), line("validation", epochs.map(\.validation)),
      label("training", right, y(epochs.last?.training ?? low) + 16, "end"),
      label("held back", right, y(epochs.last?.validation ?? low) - 8, "end"),
    ]
    if let other {
      let level = short(y(other.loss))
      parts.append(#"<path class="other" d="M\#(short(left)) \#(level)H\#(short(right))"/>"#)
      parts.append(label("n-gram model, order \(other.order)", left + 8, y(other.loss) - 6, "start"))
    }
    if epochs.indices.contains(best) {
      let loss = epochs[best].validation
      parts.append(#"<circle cx="\#(short(x(best)))" cy="\#(short(y(loss)))" r="4"/>"#)
    }
    return parts.joined(separator: "\n") + "\n</svg>\n"
  }

  private func short(_ number: Double) -> String {
    // A run that diverged has losses that cannot be drawn.
    guard number.isFinite, abs(number) < 1e12 else { return "0" }
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
  }
}
