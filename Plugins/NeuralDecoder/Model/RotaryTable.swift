import Glibc

/// Cosines and sines of the rotary position embedding, made as positions are first used.
///
/// Source: Su et al. 2021, "RoFormer".
final class RotaryTable: @unchecked Sendable {
  // Grown by the one thread that begins a pass, read by all during it; hence the unchecked conformance.
  private let frequencies: [Double]
  private(set) var cosines: [Float] = []
  private(set) var sines: [Float] = []

  init(_ rotated: Int, base: Double, factor: Double, _ factors: [Float]?) {
    frequencies = (0..<rotated / 2).map { index in
      pow(base, -Double(2 * index) / Double(rotated)) / factor / Double(factors?[index] ?? 1)
    }
  }

  /// Makes sure of all positions up to a count.
  func reserve(_ positions: Int) {
    var position = cosines.count / max(1, frequencies.count)
    while position < positions {
      for frequency in frequencies {
        cosines.append(Float(cos(Double(position) * frequency)))
        sines.append(Float(sin(Double(position) * frequency)))
      }
      position += 1
    }
  }

  /// Turns a head's vector in place: halves against each other, or neighbours where `interleaved`.
  func turn(_ head: UnsafeMutablePointer<Float>, position: Int, interleaved: Bool) {
    let half = frequencies.count
    let row = position * half
    for index in 0..<half {
      let first = interleaved ? 2 * index : index
      let second = interleaved ? 2 * index + 1 : index + half
      let (x, y) = (head[first], head[second])
      let (cosine, sine) = (cosines[row + index], sines[row + index])
      head[first] = x * cosine - y * sine
      head[second] = x * sine + y * cosine
    }
  }
}
