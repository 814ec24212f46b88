/// One node of an expression, addressed by its index.
struct Expression: BitwiseCopyable {
  enum Kind: UInt8, BitwiseCopyable {
    /// Constant a.
    case constant
    /// Name a, its text from b, c long.
    case variable
    /// The variable whose name is the value of expression a.
    case dynamicVariable
    /// Expression a, then c segments from b.
    case path
    /// From expression a to expression b.
    case range
    /// Expression a, then c filter calls from b.
    case filtered
    /// Expressions a and b.
    case equal, unequal, less, lessOrEqual, greater, greaterOrEqual, contains, both, either
    /// Operator unknown to Liquid, which lax parsing lets through; its text from b, c long.
    case unknownOperator
    /// Expression a.
    case negation
  }

  var kind: Kind
  var a: Int32 = 0
  var b: Int32 = 0
  var c: Int32 = 0
  /// Offset in the source.
  var place: Int32 = 0
}

/// One step of a path.
struct Segment: BitwiseCopyable {
  enum Kind: UInt8, BitwiseCopyable {
    /// A key: source text from a, b long.
    case key
    /// The same, where the key is also a question that arrays and strings answer.
    case size, first, last
    /// A key in brackets and quotes.
    case quoted
    /// The value of expression a.
    case computed
  }

  var kind: Kind
  var a: Int32
  var b: Int32 = 0
}

/// One filter with its arguments.
struct FilterCall: BitwiseCopyable {
  var filter: Filter
  var firstArgument: Int32
  var argumentCount: UInt16
  /// How many of the arguments, at their end, have names.
  var namedCount: UInt16
  var nameText: TextRange
}
