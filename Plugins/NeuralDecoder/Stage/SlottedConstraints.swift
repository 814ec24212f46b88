import Core
import Synchronization

/// The constraints for sets of slots, made once a set.
final class SlottedConstraints: Sendable {
  private let wording: Wording?
  private let known = Mutex<[[String]: Constraint]>([:])

  /// - Parameter wording: what may be written around slots; nil for free text.
  init(_ wording: Wording?) { self.wording = wording }

  /// The constraint under which only these slots can be written.
  func constraint(_ names: [String], _ decoder: Decoder) throws(Diagnostic) -> Constraint {
    if let found = known.withLock({ $0[names] }) { return found }
    let made = try Constraint(wording?.pattern(slots: names) ?? .slotted(names), decoder)
    return known.withLock { known in
      if let found = known[names] { return found }
      known[names] = made
      return made
    }
  }
}
