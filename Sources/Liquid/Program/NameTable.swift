internal import Synchronization

/// Numbers for the names of variables, the same in all templates of a set.
///
/// Thread-safe; names are never forgotten, and there are only as many as templates mention.
final class NameTable: Sendable {
  private struct State {
    var numbers: [String: Int32] = ["forloop": Names.forloop, "tablerowloop": Names.tablerowloop]
    var texts = ["forloop", "tablerowloop"]
    var hints = 0
  }

  private let state = Mutex(State())

  func number(of text: String) -> Int32 {
    state.withLock { state in
      if let number = state.numbers[text] { return number }
      let number = Int32(state.texts.count)
      state.numbers[text] = number
      state.texts.append(text)
      return number
    }
  }

  /// The number of a name that is already known.
  func existing(_ text: String) -> Int32? { state.withLock { $0.numbers[text] } }

  func text(of number: Int32) -> String { state.withLock { $0.texts[Int(number)] } }

  /// Above every number given out.
  var limit: Int { state.withLock { $0.texts.count } }

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
