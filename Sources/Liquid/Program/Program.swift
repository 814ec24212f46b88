/// A program where the machine reads it: in the memory of its template.
typealias Code = UnsafePointer<Program>

/// The flat arrays of a parsed template.
///
/// Immutable once the template is made; freed with it.
struct Program {
  var source: UnsafePointer<UInt8>
  var sourceCount: Int
  var operations: UnsafePointer<Operation>
  /// Source offset of each operation.
  var places: UnsafePointer<Int32>
  var operationCount: Int32
  var expressions: UnsafePointer<Expression>
  var segments: UnsafePointer<Segment>
  var constants: UnsafePointer<Datum>
  var filterCalls: UnsafePointer<FilterCall>
  var arguments: UnsafePointer<Argument>
  /// Expressions that stand in a list.
  var items: UnsafePointer<Int32>
  var loops: UnsafePointer<LoopPlan>
  var rows: UnsafePointer<RowPlan>
  var clauses: UnsafePointer<Clause>
  var cycles: UnsafePointer<CyclePlan>
  var partialCalls: UnsafePointer<PartialCall>
  var blocks: UnsafePointer<BlockPlan>
  var blockCount: Int32
  /// Number of the first place where this template's paths remember what they found (see `Machine.hints`).
  var firstHint: Int
  var expressionCount: Int
  /// The number of hints: one an expression, one a segment.
  var hintCount: Int
  /// Above every name that the program uses.
  var nameLimit: Int
  /// The programs of the templates that are called by a fixed name, where they are known before the render.
  var linked: UnsafePointer<Code?>
  var hasLayout: Bool
  /// The template that owns this program, and so lives whenever it runs.
  var template: Unmanaged<Template>?

  func text(_ range: TextRange) -> Bytes {
    Bytes(start: source + Int(range.offset), count: Int(range.count))
  }
}

/// What a parser collects before it becomes a `Program`.
struct ProgramBuilder {
  var operations: [Operation] = []
  var places: [Int32] = []
  var expressions: [Expression] = []
  var segments: [Segment] = []
  var constants: [Datum] = []
  var filterCalls: [FilterCall] = []
  var arguments: [Argument] = []
  var items: [Int32] = []
  var loops: [LoopPlan] = []
  var rows: [RowPlan] = []
  var clauses: [Clause] = []
  var cycles: [CyclePlan] = []
  var partialCalls: [PartialCall] = []
  var blocks: [BlockPlan] = []

  /// The index of the next operation.
  var position: Int32 { Int32(operations.count) }

  @discardableResult
  mutating func emit(_ operation: Operation, at place: Int) -> Int {
    operations.append(operation)
    places.append(Int32(truncatingIfNeeded: place))
    return operations.count - 1
  }

  mutating func add(_ expression: Expression) -> Int32 {
    expressions.append(expression)
    return Int32(expressions.count - 1)
  }

  mutating func constant(_ datum: Datum, at place: Int) -> Int32 {
    constants.append(datum)
    return add(Expression(kind: .constant, a: Int32(constants.count - 1), place: Int32(place)))
  }
}

/// Memory that holds a program's arrays.
struct ProgramStorage {
  private var owned: [UnsafeMutableRawPointer] = []

  /// Moves an array into memory of its own.
  mutating func keep<Element: BitwiseCopyable>(_ array: [Element]) -> UnsafePointer<Element> {
    let start = UnsafeMutablePointer<Element>.allocate(capacity: max(array.count, 1))
    array.withUnsafeBufferPointer { elements in
      if let base = elements.baseAddress { start.initialize(from: base, count: elements.count) }
    }
    owned.append(UnsafeMutableRawPointer(start))
    return UnsafePointer(start)
  }

  mutating func keep(_ bytes: Bytes) -> Bytes {
    Bytes(start: keep(Array(bytes)), count: bytes.count)
  }

  mutating func absorb(_ other: ProgramStorage) { owned += other.owned }

  mutating func free() {
    for pointer in owned { pointer.deallocate() }
    owned.removeAll()
  }
}
