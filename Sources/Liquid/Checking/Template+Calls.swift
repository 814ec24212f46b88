internal import Core

extension Template {
  /// What is wrong with the arguments of this template's calls, as the headers of the called templates see it.
  func callProblems() -> [Diagnostic] {
    var problems: [Diagnostic] = []
    for index in 0..<Int(program.pointee.operationCount) {
      let operation = program.pointee.operations[index]
      guard operation.code == .render || operation.code == .include else { continue }
      let call = program.pointee.partialCalls[Int(operation.a)]
      guard call.link >= 0, case .template(let target) = links[Int(call.link)], !target.header.parameters.isEmpty
      else { continue }
      problems += callProblems(of: call, to: target, at: Int(program.pointee.places[index]))
    }
    return problems
  }

  private func callProblems(of call: PartialCall, to target: Template, at place: Int) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    var given: Set<String> = []
    if call.subject >= 0 { given.insert(names.text(of: call.alias)) }
    for index in Int(call.firstArgument)..<Int(call.firstArgument + call.argumentCount) {
      let argument = program.pointee.arguments[index]
      let name = names.text(of: argument.name)
      given.insert(name)
      let argumentPlace = Int(argument.nameText.offset)
      guard let parameter = target.header.parameters.first(where: { $0.name == name }) else {
        let nearest = nearestName(to: name, among: target.header.parameters.map(\.name))
        problems.append(
          diagnostic(
            "unknown argument", "'\(name)' is not a parameter of '\(target.name)'", at: argumentPlace,
            help: nearest.map { "did you mean '\($0)'?" }))
        continue
      }
      let value = program.pointee.expressions[Int(argument.value)]
      guard value.kind == .constant else { continue }
      let constant = program.pointee.constants[Int(value.a)]
      if let found = constant.parameterKind, found != parameter.kind {
        problems.append(
          diagnostic(
            "wrong argument", "'\(name)' was given a \(found.rawValue), expected a \(parameter.kind.rawValue)",
            at: argumentPlace))
      }
    }
    for parameter in target.header.parameters where parameter.isRequired && !given.contains(parameter.name) {
      problems.append(
        diagnostic(
          "missing argument", "'\(target.name)' needs '\(parameter.name)'", at: place,
          help: "add '\(parameter.name): VALUE'"))
    }
    return problems
  }

  func diagnostic(_ kind: String, _ detail: String, at place: Int, help: String? = nil) -> Diagnostic {
    Diagnostic(kind, detail, at: location(of: place), excerpt: line(around: place), help: help)
  }
}

extension Datum {
  /// The sort of value that this is for a header; nil where a header cannot tell.
  var parameterKind: TemplateHeader.Parameter.Kind? {
    switch kind {
    case .string: .text
    case .integer, .double, .bigInteger: .number
    case .boolean: .boolean
    case .array, .range, .hostArray: .list
    case .object, .hostObject: .object
    default: nil
    }
  }
}
