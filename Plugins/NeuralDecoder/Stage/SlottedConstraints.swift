import Core
import Synchronization

/// The constraints for sets of slots, made once a set.
final class SlottedConstraints: Sendable {
  private let known = Mutex<[[String]: Constraint]>([:])

  /// The constraint under which only these slots can be written.
  func constraint(_ names: [String], _ decoder: Decoder) throws(Diagnostic) -> Constraint {
    if let found = known.withLock({ $0[names] }) { return found }
    let made = try Constraint(.slotted(names), decoder)
    return known.withLock { known in
      if let found = known[names] { return found }
      known[names] = made
      return made
    }
  }
}
