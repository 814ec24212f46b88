/// The name closest to a misspelt one: at most two edits away (swaps of neighbours count once), or nil.
///
/// Of equally close names the first in the order given.
public func nearestName(to name: String, among names: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars)
  // Two edits turn any two-letter name into any other, so short names get less room.
  let room = wanted.count <= 3 ? 1 : 2
  var best: (name: String, distance: Int)?
  for candidate in names {
    let distance = editDistance(wanted, Array(candidate.lowercased().unicodeScalars))
    if distance <= room, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// Optimal string alignment distance.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  guard abs(left.count - right.count) <= 2 else { return .max }
  var beforeLast = [Int]()
  var last = Array(0...right.count)
  for (row, a) in left.enumerated() {
    var current = [row + 1]
    for (column, b) in right.enumerated() {
      var cost = min(last[column] + (a == b ? 0 : 1), last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, a == right[column - 1], left[row - 1] == b {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    (beforeLast, last) = (last, current)
  }
  return last[right.count]
}
