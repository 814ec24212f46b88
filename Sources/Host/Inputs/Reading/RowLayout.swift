import Glibc

/// How the rows of an input are laid out: what the reader found out and the decoder needs.
public struct RowLayout: Sendable {
  /// The form of the input.
  public let format: InputOptions.Format
  /// The byte between two cells; 0 where rows are JSON.
  public let separator: UInt8
  /// The names of the columns; empty where rows are JSON.
  public let columns: [String]
  /// The encoding, and whether it is a guess.
  public let encoding: TextEncoding
  /// Whether the encoding was guessed from the bytes rather than stated.
  public let encodingIsGuess: Bool

  /// Whether rows are cells rather than JSON.
  package var hasCells: Bool { format == .csv || format == .tsv }
}

extension InputOptions {
  /// The form of a file, by what is stated, then its name, then its first bytes.
  func format(name: String, head: UnsafeBufferPointer<UInt8>) -> Format {
    if let format { return format }
    var stem = name[...]
    if stem.hasSuffix(".gz") { stem = stem.dropLast(3) }
    let first = head.first { !isBlank($0) }
    switch stem.split(separator: ".").last?.lowercased() {
    case "jsonl", "ndjson": return .jsonl
    case "tsv", "tab": return .tsv
    case "csv": return .csv
    case "json": return first == UInt8(ascii: "{") ? jsonFormat(of: head) : .json
    default:
      if first == UInt8(ascii: "[") { return .json }
      return first == UInt8(ascii: "{") ? jsonFormat(of: head) : .csv
    }
  }

  /// One object a line, or objects over several lines.
  private func jsonFormat(of head: UnsafeBufferPointer<UInt8>) -> Format {
    let line = head.prefix { $0 != 10 && $0 != 13 }
    return line.last { !isBlank($0) } == UInt8(ascii: "}") || line.count == head.count ? .jsonl : .json
  }

  /// The byte between cells: what is stated, or the one that parts the first lines most evenly.
  func separator(of format: Format, head: UnsafeBufferPointer<UInt8>) -> UInt8 {
    if let separator { return separator }
    if format == .tsv { return 9 }
    let candidates: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), 9, UInt8(ascii: "|")]
    var best = candidates[0]
    var bestScore = 0
    for candidate in candidates {
      let counts = separatorCounts(candidate, head: head)
      guard let first = counts.first, first > 0 else { continue }
      // A separator that gives every line the same number of cells beats one that occurs more often.
      let even = counts.allSatisfy { $0 == first }
      let score = first + (even ? 1000 : 0)
      if score > bestScore { (best, bestScore) = (candidate, score) }
    }
    return best
  }

  /// How often a byte stands outside quotes on each of the first lines, an incomplete last one left out.
  private func separatorCounts(_ separator: UInt8, head: UnsafeBufferPointer<UInt8>) -> [Int] {
    var counts: [Int] = []
    var count = 0
    var quoted = false
    var empty = true
    for byte in head {
      if byte == UInt8(ascii: "\"") { quoted.toggle() }
      if !quoted, byte == 10 || byte == 13 {
        if !empty { counts.append(count) }
        if counts.count == 20 { break }
        (count, empty) = (0, true)
        continue
      }
      empty = false
      if byte == separator, !quoted { count += 1 }
    }
    return counts.isEmpty ? [count] : counts
  }
}

/// Whether a byte is a blank, a tab or part of a line break.
@inline(__always)
func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 9 || byte == 10 || byte == 13 }
