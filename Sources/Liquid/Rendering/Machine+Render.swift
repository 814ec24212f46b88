internal import Core

extension Machine {
  /// Makes ready for a render; costs next to nothing.
  @inline(__always)
  mutating func start(_ template: Template, _ scope: Scope) {
    if host.table != scope.access { host = Host(scope.access) }
    self.scope = scope
    options = template.options
    kind = template.kind
    dialect = options.dialect
    limits = options.limits
    showsFailures = options.failures == .inPlace
    stepsLeft = limits.steps
    turnsLeft = limits.loopTurns
    out.reset(limit: limits.outputBytes)
    arena.reset()
    memory.reset()
    bindings.truncate(to: 0)
    frame = Frame()
    lastFrame = 0
    depth = 0
    isIsolated = false
    main = template.program
    names = Unmanaged.passUnretained(template.names)
    root = host.datum(scope.root)
    if extras.count > 0 || !scope.extras.isEmpty { copyExtras() }
    if !failures.isEmpty { failures.removeAll() }
    if texts != nil { texts = nil }
    if !called.isEmpty { called.removeAll() }
    if !gaps.isEmpty { gaps.removeAll(keepingCapacity: true) }
    formats.begin(scope.locale, scope.currency)
    prepare(template.program)
  }

  private mutating func copyExtras() {
    extras.truncate(to: 0)
    for extra in scope.extras {
      var name = extra.name
      let key = name.withUTF8 { arena.copy($0) }
      let text = extra.text.withUnsafeBufferPointer { arena.copy($0) }
      extras.append(
        RenderMemory.Entry(frame: 0, key: Datum(key), value: Datum(text, isSafe: extra.isSafe)))
    }
  }

  @inline(__always)
  mutating func finish() {
    if frame.assigned >= 0 { dropAssigned() }
  }

  /// After a failure: forgets all variables.
  mutating func abandon() {
    dropAll()
    clearFault()
    emptyFillings.removeAll()
    blocks.removeAll()
    isSkippingBlocks = false
  }

  // MARK: Reporting

  /// Notes where a failure passes on its way out: where it happened, and every call of a partial around that.
  mutating func note(_ code: Code, _ at: Int) {
    guard let template = code.pointee.template?.takeUnretainedValue() else { return }
    if faultTrace.isEmpty {
      let place = faultPlace >= 0 ? Int(faultPlace) : at >= 0 ? Int(code.pointee.places[at]) : 0
      faultTrace.append((template, place))
    } else if at >= 0 {
      let operation = code.pointee.operations[at].code
      if operation == .render || operation == .include {
        faultTrace.append((template, Int(code.pointee.places[at])))
      }
    }
  }

  /// The failure as a message for people.
  mutating func diagnostic() -> Diagnostic? {
    guard let fault, let (template, place) = faultTrace.first else { return nil }
    var result: Diagnostic
    if case .markup(let inner, _) = fault {
      result = inner
    } else {
      let (kind, detail, help) = fault.parts
      result = Diagnostic(
        kind, detail, at: template.location(of: place), excerpt: template.line(around: place), help: help)
    }
    let callers = faultTrace.dropFirst().map { "\($0.template.location(of: $0.place))" }
    if !callers.isEmpty {
      let chain = "called from \(callers.joined(separator: ", from "))"
      result.help = result.help.map { "\($0); \(chain)" } ?? chain
    }
    return result
  }

  /// What stands in the output for a failed tag, in the words of Shopify's Liquid.
  func inPlaceText(_ fault: RenderFault, _ code: Code, _ place: Int) -> String {
    if case .markup(let diagnostic, let liquid) = fault {
      let file = diagnostic.location?.file ?? ""
      return "Liquid syntax error (\(file) line \(diagnostic.location?.line ?? 0)): \(liquid)"
    }
    guard let template = code.pointee.template?.takeUnretainedValue() else { return "" }
    let name = code == main ? "" : template.name + " "
    return "Liquid error (\(name)line \(template.location(of: place).line)): \(fault.liquidText)"
  }
}
