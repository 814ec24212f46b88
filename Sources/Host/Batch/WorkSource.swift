import Core

/// Hands out the pieces of a run's work, in order: first the profiles of the manifest itself, then the rows of the
/// input that drives the run.
///
/// Used under a lock.
final class WorkSource {
  enum Work {
    /// One profile of the manifest.
    case profile(Value)
    /// A range of the catalogue for one profile of the manifest.
    case catalogue(Value, pipeline: Int, Range<Int>)
    /// The rows that were put into the chunk.
    case rows
  }

  /// Products of one piece of work.
  static let productRange = 128

  private var pieces: [Work]
  private var nextPiece = 0
  private var tickets = 0
  let reader: RowReader?

  /// - Parameter pieces: what comes before the rows of `reader`.
  init(pieces: [Work], reader: RowReader?) {
    self.pieces = pieces
    self.reader = reader
  }

  /// The next piece with its ticket, or nil at the end.
  ///
  /// - Throws: `Diagnostic` where the input cannot be read on.
  func next(chunk: inout RowChunk) throws -> (ticket: Int, work: Work)? {
    if nextPiece < pieces.count {
      nextPiece += 1
      return (ticket(), pieces[nextPiece - 1])
    }
    guard let reader, try reader.next(into: &chunk) else { return nil }
    return (ticket(), .rows)
  }

  private func ticket() -> Int {
    tickets += 1
    return tickets - 1
  }
}
