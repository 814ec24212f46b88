internal import Synchronization

/// Numbers for the names of variables, the same in all templates of a set.
///
/// Thread-safe; names are never forgotten, and there are only as many as templates mention.
final class NameTable: Sendable {
  private struct State {
    var names = ByteTable(["forloop", "tablerowloop"])
    var hints = 0
  }

  private let state = Mutex(State())

  func number(of name: Bytes) -> Int32 { state.withLock { Int32($0.names.number(of: name)) } }

  func number(of text: String) -> Int32 {
    var text = text
    return text.withUTF8 { number(of: $0) }
  }

  /// The number of a name that is already known.
  func existing(_ name: Bytes) -> Int32? { state.withLock { $0.names.existing(name).map { Int32($0) } } }

  func text(of number: Int32) -> String { state.withLock { $0.names.text(of: Int(number)) } }

  /// Above every number given out.
  var limit: Int { state.withLock { $0.names.count } }

  /// Reserves places for hints and returns the first.
  func reserveHints(_ count: Int) -> Int {
    state.withLock { state in
      defer { state.hints += count }
      return state.hints
    }
  }
}

/// The numbers that names have in every table.
enum Names {
  static let forloop: Int32 = 0
  static let tablerowloop: Int32 = 1
}
