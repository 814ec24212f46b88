internal import CPluginABI
internal import Core

/// Where a value was missing.
struct GapSite: Hashable {
  var code: Code
  var place: Int32
  /// Whether a `default` stood in for it.
  var fellBack: Bool
}

/// What runs programs: the variables, the output and the memory of one render, kept from one render to the next.
///
/// Variables are bindings in one list. `current` says for each name which binding holds now, and a binding says which
/// one it hides, so that finding, adding and dropping a variable takes the same short time however many there are. A
/// binding of another frame than the present one is not seen: that is what isolates partials.
struct Machine: ~Copyable {
  var out = ByteBuffer()
  var arena = Arena()
  var host: Host
  var scope: Scope
  var root: Datum
  var fault: RenderFault?
  /// Where the fault is, when that is closer than the operation's place.
  var faultPlace: Int32 = -1
  /// The program in which it is, and the chain of calls that led there.
  var faultTrace: [(template: Template, place: Int)] = []
  /// Values that were missing, where they are recorded.
  var gaps: [GapSite] = []
  /// Names that the text of a `t` filter filled in with nothing, where gaps are recorded.
  var emptyFillings: [Bytes] = []
  /// Faults shown in place.
  var failures: [Diagnostic] = []

  var bindings = FlatArray<Binding>()
  var current = FlatArray<Int32>()
  /// For each place in a program that reads a member: where it was found last, plus one.
  var hints = FlatArray<UInt16>()
  var frame: Frame
  /// The scope's extra names, copied for this render.
  var extras = FlatArray<RenderMemory.Entry>()
  /// Arguments of the filters that are being evaluated.
  var operands = FlatArray<Datum>()
  var memory = RenderMemory()
  var names: Unmanaged<NameTable>?
  /// The program that the render began with.
  var main: Code?
  /// Templates that were found only while rendering.
  var called: [Template] = []
  /// Which block replaces which, where a layout is at work.
  var blocks: [BlockChain] = []

  var limits = Limits()
  var showsFailures = false
  var kind = OutputKind.text
  var dialect = TemplateOptions.Dialect.bespoke
  var options = TemplateOptions()
  var stepsLeft = 0
  var turnsLeft = 0
  var depth = 0
  /// Inside `render`, `include` is not allowed.
  var isIsolated = false
  /// A child template runs for its variables only.
  var isSkippingBlocks = false
  var lastFrame: Int32 = 0
  var formats = LocaleFormats()
  /// The texts that `t` used last, of this render.
  var texts: TranslationChain?

  /// A variable.
  struct Binding: BitwiseCopyable {
    var value: Datum
    var name: Int32
    var frame: Int32
    /// The binding that this one hides, or -1.
    var hidden: Int32
    /// Of the variables set by `assign` in one frame: the one before, or -1.
    var earlier: Int32
    var isAssigned: Bool
  }

  /// One isolated set of variables: the template itself, or a partial called with `render`.
  struct Frame: BitwiseCopyable {
    var number: Int32 = 0
    /// The newest variable set by `assign`, or -1.
    var assigned: Int32 = -1
    /// The innermost `for`, or null.
    var loop = Datum.null
    /// Where this frame's cycles, counters and offsets begin.
    var memoryStart = 0
    var seesGlobals = true
  }

  init(host: Host, scope: Scope) {
    self.host = host
    self.scope = scope
    root = .null
    frame = Frame()
  }

  // MARK: Failing

  /// Notes what went wrong; the caller throws what this returns.
  @inline(never)
  mutating func fail(_ fault: RenderFault, at place: Int32 = -1) -> Stop {
    if self.fault == nil {
      self.fault = fault
      faultPlace = place
    }
    return .failed
  }

  @inline(never)
  mutating func limitReached() -> Stop {
    if out.overflowed { return fail(.limit(what: "bytes of output", most: limits.outputBytes)) }
    if arena.retired > limits.valueBytes { return fail(.limit(what: "bytes of values", most: limits.valueBytes)) }
    if turnsLeft < 0 { return fail(.limit(what: "turns of loops", most: limits.loopTurns)) }
    return fail(.limit(what: "steps", most: limits.steps))
  }

  @inline(__always)
  mutating func countStep() throws(Stop) {
    stepsLeft &-= 1
    if stepsLeft < 0 || out.overflowed || arena.retired > limits.valueBytes { throw limitReached() }
  }

  @inline(__always)
  mutating func countTurn() throws(Stop) {
    turnsLeft &-= 1
    if turnsLeft < 0 { throw limitReached() }
  }

  mutating func countTurns(_ count: Int) throws(Stop) {
    turnsLeft -= min(count, turnsLeft + 1)
    if turnsLeft < 0 { throw limitReached() }
  }

  // MARK: Variables

  /// Adds a variable of the innermost scope; returns what it hides, for `unbind`.
  @inline(__always)
  mutating func bind(_ name: Int32, _ value: Datum) -> Int32 {
    let hidden = current[Int(name)]
    current[Int(name)] = Int32(truncatingIfNeeded: bindings.count)
    bindings.append(
      Binding(value: value, name: name, frame: frame.number, hidden: hidden, earlier: -1, isAssigned: false))
    return Int32(truncatingIfNeeded: bindings.count &- 1)
  }

  /// Drops a variable that `bind` added; what it hid is seen again.
  @inline(__always)
  mutating func unbind(_ binding: Int32) {
    let found = bindings[Int(binding)]
    current[Int(found.name)] = found.hidden
    // Variables assigned meanwhile lie behind this one and stay.
    if Int(binding) == bindings.count - 1 { bindings.truncate(to: Int(binding)) }
  }

  /// Sets a variable of the whole frame.
  mutating func assign(_ name: Int32, _ value: Datum) {
    let first = current[Int(name)]
    var last: Int32 = -1
    var index = first
    while index >= 0, bindings[Int(index)].frame == frame.number {
      if bindings[Int(index)].isAssigned {
        bindings.start[Int(index)].value = value
        return
      }
      last = index
      index = bindings[Int(index)].hidden
    }
    // The scopes of loops go before the frame does: the new variable lies under theirs.
    let new = Int32(truncatingIfNeeded: bindings.count)
    bindings.append(
      Binding(
        value: value, name: name, frame: frame.number, hidden: index, earlier: frame.assigned, isAssigned: true))
    frame.assigned = new
    if last >= 0 { bindings.start[Int(last)].hidden = new } else { current[Int(name)] = new }
  }

  /// Drops what was assigned in the present frame.
  mutating func dropAssigned() {
    var index = frame.assigned
    while index >= 0 {
      let binding = bindings[Int(index)]
      current[Int(binding.name)] = binding.hidden
      index = binding.earlier
    }
    frame.assigned = -1
  }

  /// After a failure anything may be bound; nothing may stay.
  mutating func dropAll() {
    for index in 0..<current.count { current[index] = -1 }
  }
}
