import Core

extension ManifestReader {
  func readPipelines(_ root: ConfigNode) -> [PipelineSpec] {
    guard let node = root["pipelines"] else {
      fault("manifest", "lacks 'pipelines'", at: root.location)
      return []
    }
    if case .object = node.content {
    } else {
      fault("pipelines", "must be an object of pipelines by name, got \(node.typeName)", at: node.location)
    }
    return node.members.map { readPipeline($0.key, $0.value) }
  }

  private func readPipeline(_ name: String, _ node: ConfigNode) -> PipelineSpec {
    let subject = "pipeline '\(name)'"
    checkKeys(node, ["for_each", "locales", "products", "stages"], of: subject)
    var stages: [PipelineSpec.Stage] = []
    for stage in array(node, "stages", of: subject) {
      let read = readStage(stage)
      if let twin = stages.first(where: { $0.id == read.id }), !read.id.isEmpty {
        fault(subject, "two stages are called '\(twin.id)'", at: read.location)
      }
      stages.append(read)
    }
    if stages.isEmpty { fault(subject, "lacks 'stages'", at: node.location) }
    var allLocales = false
    if let locales = string(node, "locales", of: subject) {
      allLocales = locales == "all"
      if !allLocales {
        choiceFault(subject, "locales", locales, ["all"], at: node["locales"]?.location ?? node.location)
      }
    }
    return PipelineSpec(
      name: name, forEach: readForEach(node, subject, stages: stages.map(\.id)), allLocales: allLocales,
      products: readProducts(node, subject, stages: stages.map(\.id)), stages: stages, location: node.location)
  }

  private func readProducts(_ node: ConfigNode, _ subject: String, stages: [String]) -> PipelineSpec.Products {
    guard let products = node["products"] else { return .recommendations }
    switch products.content {
    case .string("recommendations"): return .recommendations
    case .string("catalogue"): return .catalogue
    case .object:
      checkKeys(products, ["slot"], of: subject)
      return .slot(readSlot(of: products, "products", subject, stages: stages))
    default:
      fault(
        subject, "'products' must be 'recommendations', 'catalogue' or { slot: ... }, got \(products.shown)",
        at: products.location)
      return .recommendations
    }
  }

  /// The slot that `for_each` or `products` names.
  private func readSlot(of node: ConfigNode, _ key: String, _ subject: String, stages: [String]) -> String {
    let slot = requiredString(node, "slot", of: subject)
    if !slot.isEmpty, !stages.contains(slot) {
      fault(
        subject, "'\(key)' names the slot '\(slot)', which no stage of this pipeline writes",
        at: node["slot"]?.location ?? node.location,
        help: nearestName(to: slot, among: stages).map { "did you mean '\($0)'?" })
    }
    return slot
  }

  private func readForEach(_ node: ConfigNode, _ subject: String, stages: [String]) -> PipelineSpec.ForEach {
    guard let forEach = node["for_each"] else { return .profiles }
    switch forEach.content {
    case .string("profiles"): return .profiles
    case .string("products"): return .products
    case .object:
      checkKeys(forEach, ["slot", "limit"], of: subject)
      let slot = readSlot(of: forEach, "for_each", subject, stages: stages)
      return .slot(slot, limit: number(forEach, "limit", of: subject, in: 1...100_000).map { Int($0) })
    default:
      fault(
        subject, "'for_each' must be 'profiles', 'products' or { slot: ... }, got \(forEach.shown)",
        at: forEach.location)
      return .profiles
    }
  }

  private func readStage(_ node: ConfigNode) -> PipelineSpec.Stage {
    let id = requiredString(node, "id", of: "stage")
    let subject = "stage '\(id)'"
    checkKeys(
      node,
      [
        "id", "use", "with", "check", "otherwise", "optional", "timeout_seconds", "retries", "retry_delay_seconds",
      ], of: subject)
    if !id.isEmpty, id.wholeMatch(of: /[a-z][a-z0-9_]*/) == nil {
      fault(
        subject, "an id is made of lower-case letters, digits and '_', as templates write 'slots.\(id)'",
        at: node["id"]?.location ?? node.location)
    }
    let checks = array(node, "check", of: subject, orOne: true)
    let others = array(node, "otherwise", of: subject, orOne: true)
    for other in checks + others { checkKeys(other, ["use", "with"], of: subject) }
    return PipelineSpec.Stage(
      id: id, alternatives: ([node] + others).map { readAlternative($0, subject) },
      checks: checks.map { readAlternative($0, subject) },
      isOptional: bool(node, "optional", of: subject) ?? false,
      timeoutSeconds: number(node, "timeout_seconds", of: subject, in: 0.001...86_400),
      retries: readRetries(node, subject), location: node.location)
  }

  private func readRetries(_ node: ConfigNode, _ subject: String) -> PipelineSpec.Retries {
    var retries = PipelineSpec.Retries()
    if let times = number(node, "retries", of: subject, in: 0...10) {
      if times != times.rounded() {
        fault(
          subject, "'retries' must be a whole number, got \(node["retries"]?.shown ?? "")",
          at: node["retries"]?.location ?? node.location)
      }
      retries.most = Int(times)
    }
    if let delay = number(node, "retry_delay_seconds", of: subject, in: 0...60) {
      retries.delaySeconds = delay
      if node["retries"] == nil {
        fault(
          subject, "'retry_delay_seconds' is of no use without 'retries'",
          at: node["retry_delay_seconds"]?.location ?? node.location, help: "add for example 'retries: 2'")
      }
    }
    return retries
  }

  private func readAlternative(_ node: ConfigNode, _ subject: String) -> PipelineSpec.Alternative {
    let with = node["with"] ?? ConfigNode(.object([]), at: node.location)
    if case .object = with.content {
    } else {
      fault(subject, "'with' must be an object of options, got \(with.typeName)", at: with.location)
    }
    return PipelineSpec.Alternative(
      use: requiredString(node, "use", of: subject), with: with.document,
      location: node["use"]?.location ?? node.location, node: ConfigNodeBox(node: with))
  }

  // MARK: Routes

  func readRoutes(_ root: ConfigNode, pipelines: [String]) -> [Manifest.Route] {
    let nodes = array(root, "routes", of: "manifest")
    if nodes.isEmpty {
      guard let only = pipelines.first, pipelines.count == 1 else {
        fault("manifest", "lacks 'routes', which say who takes which of the pipelines", at: root.location)
        return []
      }
      return [Manifest.Route(condition: nil, text: nil, pipeline: only)]
    }
    var routes: [Manifest.Route] = []
    for (index, node) in nodes.enumerated() {
      checkKeys(node, ["if", "run"], of: "route")
      let pipeline = requiredString(node, "run", of: "route")
      if !pipeline.isEmpty, !pipelines.contains(pipeline) {
        fault(
          "route",
          "pipeline '\(pipeline)' does not exist; pipelines are \(pipelines.map { "'\($0)'" }.joined(separator: ", "))",
          at: node["run"]?.location ?? node.location,
          help: nearestName(to: pipeline, among: pipelines).map { "did you mean '\($0)'?" })
      }
      if node["if"] == nil, index < nodes.count - 1 {
        fault("route", "routes after one without 'if' are never taken", at: node.location)
      }
      routes.append(
        Manifest.Route(
          condition: node["if"].map(readCondition), text: node["if"].map { environment.hidden(in: $0.document.json) },
          pipeline: pipeline))
    }
    if let last = nodes.last, last["if"] != nil {
      fault(
        "routes", "the last route must have no 'if', so that every profile takes one", at: last.location,
        help: "add '- run: ...' at the end")
    }
    return routes
  }

  private func readCondition(_ node: ConfigNode) -> Condition {
    guard case .object(let members) = node.content else {
      fault("condition", "must be an object, got \(node.typeName)", at: node.location)
      return .all([])
    }
    let parts: [Condition] = members.map { member in
      switch member.key {
      case "all", "any":
        let parts = array(node, member.key, of: "condition").map(readCondition)
        return member.key == "all" ? .all(parts) : .any(parts)
      case "not": return .not(readCondition(member.value))
      default: return readTests(member)
      }
    }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private func readTests(_ member: ConfigNode.Member) -> Condition {
    let path = Self.path(member.key)
    let roots = ["profile", "locale", "channel", "campaign", "site"]
    if let first = path.first, !roots.contains(first) {
      fault(
        "condition",
        "'\(member.key)' does not begin with a part of the brief: \(roots.map { "'\($0)'" }.joined(separator: ", "))",
        at: member.keyLocation,
        help: nearestName(to: first, among: roots).map { "did you mean '\($0)'?" } ?? "write 'profile.\(member.key)'")
    }
    guard case .object(let operators) = member.value.content else {
      return .value(path: path, test: .equals(scalar(member.value)))
    }
    let tests: [Condition] = operators.compactMap { entry in
      readTest(entry).map { .value(path: path, test: $0) }
    }
    return tests.count == 1 ? tests[0] : .all(tests)
  }

  private func readTest(_ entry: ConfigNode.Member) -> Condition.Test? {
    if let bound = Condition.Bound(rawValue: entry.key) { return .bound(bound, scalar(entry.value)) }
    switch entry.key {
    case "equals": return .equals(scalar(entry.value))
    case "contains": return .contains(scalar(entry.value))
    case "starts_with":
      guard case .string(let text) = scalar(entry.value) else {
        fault("condition", "'starts_with' must be a string, got \(entry.value.shown)", at: entry.value.location)
        return nil
      }
      return .startsWith(text)
    case "exists":
      guard case .bool(let truth) = entry.value.content else {
        fault("condition", "'exists' must be true or false, got \(entry.value.shown)", at: entry.value.location)
        return nil
      }
      return .exists(truth)
    case "in":
      guard case .array(let elements) = entry.value.content else {
        fault("condition", "'in' must be an array, got \(entry.value.shown)", at: entry.value.location)
        return nil
      }
      return .oneOf(elements.map(scalar))
    default:
      fault(
        "condition", "'\(entry.key)' is not an operator", at: entry.keyLocation,
        help: nearestName(to: entry.key, among: Condition.operators).map { "did you mean '\($0)'?" }
          ?? "operators are \(Condition.operators.map { "'\($0)'" }.joined(separator: ", "))")
      return nil
    }
  }

  private func scalar(_ node: ConfigNode) -> Condition.Scalar {
    switch node.content {
    case .bool(let truth): return .bool(truth)
    case .number(let text): return .number(Double(text) ?? 0)
    case .string(let text): return .string(text)
    default:
      fault("condition", "must compare with a text, a number, true or false, got \(node.typeName)", at: node.location)
      return .bool(false)
    }
  }
}
