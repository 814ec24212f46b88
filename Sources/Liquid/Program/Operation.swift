/// One step of a program: 16 bytes, addressed by its index.
///
/// Bodies of tags are ranges of operations; `c` is where a tag ends, and so where rendering goes on after a failure.
struct Operation: BitwiseCopyable {
  enum Code: UInt8, BitwiseCopyable {
    case nothing
    /// Source bytes from a, b long.
    case literal
    /// Expression a, in HTML in context b.
    case output
    /// Name a, expression b.
    case assign
    /// Name a; the body follows, up to c.
    case capture
    /// Expression a; go to b unless it is true.
    case test
    /// Expression a; go to b if it is true.
    case testNot
    /// To b.
    case jump
    /// Clauses a, b of them, up to c.
    case choose
    /// Loop a, up to c.
    case loop
    /// Table a, up to c.
    case rows
    /// Cycle a.
    case cycle
    /// Name a, its text expression b.
    case increment, decrement
    /// The body follows, up to c.
    case ifChanged
    /// Partial call a.
    case render, include
    case breakLoop, continueLoop
    /// Block a; the body follows, up to c.
    case block
    /// The body that the innermost block replaces.
    case parentBlock
    /// Expression a: the reason.
    case abort
  }

  var code: Code
  /// Shows nothing, so that the text of a failure is not shown either.
  var isBlank = false
  var a: Int32 = 0
  var b: Int32 = 0
  var c: Int32 = 0

  init(_ code: Code, a: Int32 = 0, b: Int32 = 0, c: Int32 = 0) {
    self.code = code
    self.a = a
    self.b = b
    self.c = c
  }
}

/// Where a text lies in the source.
struct TextRange: BitwiseCopyable {
  var offset: Int32
  var count: Int32

  static var none: TextRange { TextRange(offset: 0, count: 0) }

  var range: Range<Int> { Int(offset)..<Int(offset) + Int(count) }
}

/// `{% for %}`.
///
/// Expression -1 means that there is none; `from` -2 means `offset: continue`.
struct LoopPlan: BitwiseCopyable {
  var variable: Int32
  var variableText: TextRange
  /// The name under which `offset: continue` finds where an earlier loop ended.
  var key: Int32
  var collection: Int32
  var limit: Int32 = -1
  var from: Int32 = -1
  var isReversed = false
  var body: Span
  var otherwise: Span
}

/// A range of operations.
struct Span: BitwiseCopyable {
  var from: Int32
  var to: Int32

  static var none: Span { Span(from: 0, to: 0) }
}

/// `{% tablerow %}`.
struct RowPlan: BitwiseCopyable {
  var variable: Int32
  var variableText: TextRange
  var collection: Int32
  var limit: Int32 = -1
  var from: Int32 = -1
  var columns: Int32 = -1
  var body: Span
}

/// One value of a `{% when %}`, or its `{% else %}` (condition -1).
struct Clause: BitwiseCopyable {
  var condition: Int32
  var body: Span
}

/// `{% cycle %}`: the values are consecutive expressions listed in the program's `items`.
struct CyclePlan: BitwiseCopyable {
  /// Expression of the group's name.
  var group: Int32
  var first: Int32
  var count: Int32
}

/// `{% render %}` and `{% include %}`.
struct PartialCall: BitwiseCopyable {
  /// Expression of the template's name.
  var name: Int32
  /// Expression after `with` or `for`, or -1.
  var subject: Int32 = -1
  var isLoop = false
  /// Name of the variable that holds the subject, and its text; -1 when it follows from the template's name.
  var alias: Int32 = -1
  var aliasText = TextRange.none
  var firstArgument: Int32 = 0
  var argumentCount: Int32 = 0
  /// Index in the template's links, or -1 when the name is known only while rendering.
  var link: Int32 = -1
}

/// A named argument, or an unnamed one (name -1).
struct Argument: BitwiseCopyable {
  var name: Int32
  var nameText: TextRange
  var value: Int32
}

/// `{% block %}`.
struct BlockPlan: BitwiseCopyable {
  var name: Int32
  var body: Span
}
