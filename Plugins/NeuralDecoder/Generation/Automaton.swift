import Core

/// Recognises a pattern byte by byte; its states are made when they are first reached.
///
/// For one thread at a time. Source: Thompson 1968, "Regular expression search algorithm", made deterministic by the
/// subset construction.
final class Automaton {
  /// A deterministic state; negative for none.
  typealias State = Int32

  private struct Node {
    var steps: [(set: ByteSet, target: Int)] = []
    var free: [Int] = []
  }

  private var nodes: [Node] = []
  private var final = 0
  private var members: [[Int]] = []
  private var numbers: [[Int]: State] = [:]
  // 256 entries a state: the next state, `none`, or `unknown`; with room for `room` states.
  private var table: UnsafeMutablePointer<State>
  private var room = 16
  private static let none: State = -1
  private static let unknown: State = -2

  /// The most nodes a pattern may need.
  private static let mostNodes = 200_000

  init(_ pattern: Pattern) throws(Diagnostic) {
    table = .allocate(capacity: room << 8)
    let start = node()
    final = try add(pattern, from: start)
    _ = state([start])
  }

  deinit { table.deallocate() }

  /// The state before the first byte.
  var start: State { 0 }

  /// Whether the text may end here.
  func accepts(_ state: State) -> Bool { members[Int(state)].contains(final) }

  /// The state after a byte; negative where no text of the pattern goes on so.
  func step(_ state: State, _ byte: UInt8) -> State {
    let place = Int(state) << 8 | Int(byte)
    let known = table[place]
    return known != Self.unknown ? known : make(state, byte)
  }

  private func make(_ state: State, _ byte: UInt8) -> State {
    var targets: [Int] = []
    for node in members[Int(state)] {
      for step in nodes[node].steps where step.set.contains(byte) { targets.append(step.target) }
    }
    let next = targets.isEmpty ? Self.none : self.state(targets)
    table[Int(state) << 8 | Int(byte)] = next
    return next
  }

  /// The state after some bytes; negative where no text of the pattern begins so.
  func step(_ state: State, _ bytes: some Sequence<UInt8>) -> State {
    var state = state
    for byte in bytes where state >= 0 { state = step(state, byte) }
    return state
  }

  private func state(_ targets: [Int]) -> State {
    var seen = Set(targets)
    var open = targets
    while let node = open.popLast() {
      for next in nodes[node].free where seen.insert(next).inserted { open.append(next) }
    }
    // Only nodes from which something follows tell states apart.
    let set = seen.filter { $0 == final || !nodes[$0].steps.isEmpty }.sorted()
    if let known = numbers[set] { return known }
    let number = State(members.count)
    members.append(set)
    numbers[set] = number
    if members.count > room {
      let larger = UnsafeMutablePointer<State>.allocate(capacity: room << 9)
      larger.moveInitialize(from: table, count: room << 8)
      table.deallocate()
      (table, room) = (larger, room * 2)
    }
    (table + Int(number) << 8).initialize(repeating: Self.unknown, count: 256)
    return number
  }

  private func node() -> Int {
    nodes.append(Node())
    return nodes.count - 1
  }

  /// Adds nodes for a pattern and returns the one where it ends.
  private func add(_ pattern: Pattern, from start: Int) throws(Diagnostic) -> Int {
    guard nodes.count < Self.mostNodes else {
      throw Diagnostic("bad constraint", "it is too large", help: "allow fewer repetitions or shorter texts")
    }
    switch pattern {
    case .byte(let set):
      let end = node()
      nodes[start].steps.append((set, end))
      return end
    case .literal(let bytes):
      var end = start
      for byte in bytes { end = try add(.byte(ByteSet([byte])), from: end) }
      return end
    case .sequence(let parts):
      var end = start
      for part in parts { end = try add(part, from: end) }
      return end
    case .choice(let parts):
      let end = node()
      for part in parts {
        let first = node()
        nodes[start].free.append(first)
        nodes[try add(part, from: first)].free.append(end)
      }
      return end
    case .repeated(let part, let least, let most):
      var end = start
      for _ in 0..<least { end = try add(part, from: end) }
      guard let most else {
        let loop = node()
        nodes[end].free.append(loop)
        nodes[try add(part, from: loop)].free.append(loop)
        let after = node()
        nodes[loop].free.append(after)
        return after
      }
      let after = node()
      for _ in least..<max(least, most) {
        nodes[end].free.append(after)
        let next = node()
        nodes[end].free.append(next)
        end = try add(part, from: next)
      }
      nodes[end].free.append(after)
      return after
    }
  }
}
