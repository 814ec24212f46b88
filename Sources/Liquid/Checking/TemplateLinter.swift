public import Core

/// Finds what is wrong or doubtful in templates without rendering them.
public struct TemplateLinter {
  let set: TemplateSet
  private let fields: KnownFields?
  /// Liquid that is rendered beside the set's templates: it, too, reads variables and asks for texts.
  public var optionTemplates: [Template] = []
  /// Tags inside each other beyond which a template is called too deep.
  public var deepest = 8
  /// Operations beyond which a template is called too large.
  public var largest = 1500

  /// A linter for the templates of a set; variables are compared with `fields` where they are given.
  public init(set: TemplateSet, fields: KnownFields? = nil) {
    self.set = set
    self.fields = fields
  }

  /// The findings in some templates, which are the ones that are rendered, and in all that they call.
  ///
  /// - Parameter all: the names of all templates there are; those that nothing calls are reported.
  public func check(_ names: [String], among all: [String] = []) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    var called: Set<String> = []
    var seen: Set<String> = []
    var isComplete = true
    for name in names {
      do {
        let template = try set.template(named: name)
        called.insert(template.name)
        collect(template, into: &called)
        check(template, &findings, &seen)
      } catch let error as Diagnostic {
        isComplete = false
        if !findings.contains(error) { findings.append(error) }
      } catch {
        isComplete = false
        findings.append(Diagnostic("unreadable template", "'\(name)' could not be read: \(error)"))
      }
    }
    if let fields {
      for template in optionTemplates { unknownVariables(template, VariableUses(of: template), fields, &findings) }
    }
    // What a template that cannot be read calls is not known.
    guard isComplete else { return findings }
    for name in all where !called.contains(name) && !called.contains(name + ".liquid") && !names.contains(name) {
      findings.append(
        Diagnostic(
          "orphaned template", "nothing calls '\(name)'", at: SourceLocation(file: name),
          help: "delete it, or call it with 'render'", severity: .warning))
    }
    return findings
  }

  private func collect(_ template: Template, into called: inout Set<String>) {
    for case .template(let target) in template.links where called.insert(target.name).inserted {
      collect(target, into: &called)
    }
  }

  private func check(_ template: Template, _ findings: inout [Diagnostic], _ seen: inout Set<String>) {
    let uses = VariableUses(of: template)
    if let fields {
      unknownVariables(template, uses, fields, &findings)
      unknownParameters(template, fields, &findings)
    }
    unusedAssignments(uses, &findings)
    var pending = [template]
    while let next = pending.popLast() {
      guard seen.insert(next.name).inserted else { continue }
      checkAlone(next, uses, &findings)
      for case .template(let target) in next.links { pending.append(target) }
    }
  }

  private func checkAlone(_ template: Template, _ uses: VariableUses, _ findings: inout [Diagnostic]) {
    findings += template.callProblems()
    repeatedArguments(template, &findings)
    unusedParameters(template, uses, &findings)
    includes(template, &findings)
    size(template, &findings)
    if template.kind == .html { findings += MarkupBalance.problems(in: template) }
  }

  // MARK: Checks

  private func unknownVariables(
    _ template: Template, _ uses: VariableUses, _ fields: KnownFields, _ findings: inout [Diagnostic]
  ) {
    for use in uses.uses where !fields.contains(use.path) && use.path != "self" {
      // The shortest part that is not known is the fault.
      var parent = ""
      var end = use.path.startIndex
      var part = use.path
      while end < use.path.endIndex {
        let next = use.path[use.path.index(after: end)...].firstIndex { $0 == "." || $0 == "[" } ?? use.path.endIndex
        part = String(use.path[..<next])
        if !fields.contains(part) { break }
        parent = part
        end = next
      }
      if part.hasSuffix("[]") { continue }
      // A parameter that the brief lacks has its default.
      if parent.isEmpty, template.header.parameters.contains(where: { $0.name == part }) { continue }
      let name = part.split(separator: ".").last.map(String.init) ?? part
      let known = parent.isEmpty ? fields.topLevel : fields.members(of: parent)
      if !parent.isEmpty, known.isEmpty { continue }
      add(
        use.template.warning(
          "unknown variable", "'\(part)' is in none of the data", at: use.place,
          help: nearestName(to: name, among: known).map { "did you mean '\($0)'?" }), to: &findings)
    }
  }

  private func unusedAssignments(_ uses: VariableUses, _ findings: inout [Diagnostic]) {
    for (template, name, place) in uses.assigned where !uses.read.contains(name) {
      add(template.warning("unused variable", "'\(name)' is set, but never read", at: place), to: &findings)
    }
  }

  private func unusedParameters(_ template: Template, _ uses: VariableUses, _ findings: inout [Diagnostic]) {
    for parameter in template.header.parameters where !uses.read.contains(parameter.name) {
      add(
        template.warning("unused parameter", "'\(parameter.name)' is declared, but never read", at: parameter.place),
        to: &findings)
    }
  }

  /// A template that a stage renders is given the brief, and nothing else.
  private func unknownParameters(_ template: Template, _ fields: KnownFields, _ findings: inout [Diagnostic]) {
    for parameter in template.header.parameters where parameter.isRequired && !fields.contains(parameter.name) {
      add(
        template.diagnostic(
          "unknown parameter", "'\(parameter.name)' is required, but in none of the data", at: parameter.place,
          help: nearestName(to: parameter.name, among: fields.topLevel).map { "did you mean '\($0)'?" }),
        to: &findings)
    }
  }

  private func repeatedArguments(_ template: Template, _ findings: inout [Diagnostic]) {
    for place in template.repeatedArguments {
      let name = template.expressionText(at: place)
      add(
        template.warning("repeated argument", "'\(name)' is given twice", at: place, help: "only the last one counts"),
        to: &findings)
    }
  }

  private func includes(_ template: Template, _ findings: inout [Diagnostic]) {
    let program = template.program.pointee
    for index in 0..<Int(program.operationCount) where program.operations[index].code == .include {
      add(
        template.warning(
          "deprecated tag", "'include' shares all variables with its caller", at: Int(program.places[index]),
          help: "use 'render' and name the arguments"), to: &findings)
    }
  }

  private func size(_ template: Template, _ findings: inout [Diagnostic]) {
    let program = template.program.pointee
    if Int(program.operationCount) > largest {
      add(
        template.warning(
          "large template", "it has \(program.operationCount) operations, expected at most \(largest)", at: 0,
          help: "move parts into partials"), to: &findings)
    }
    var ends: [Int32] = []
    for index in 0..<Int(program.operationCount) {
      while let end = ends.last, end <= Int32(index) { ends.removeLast() }
      let operation = program.operations[index]
      guard operation.c > 0 else { continue }
      ends.append(operation.c)
      if ends.count == deepest + 1 {
        add(
          template.warning(
            "deep nesting", "tags are nested \(ends.count) levels deep, expected at most \(deepest)",
            at: Int(program.places[index]), help: "move the inner part into a partial"), to: &findings)
      }
    }
  }

  func add(_ finding: Diagnostic, to findings: inout [Diagnostic]) {
    if !findings.contains(finding) { findings.append(finding) }
  }
}

extension Template {
  func warning(_ kind: String, _ detail: String, at place: Int, help: String? = nil) -> Diagnostic {
    var result = diagnostic(kind, detail, at: place, help: help)
    result.severity = .warning
    return result
  }
}
