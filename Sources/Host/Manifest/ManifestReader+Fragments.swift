import Core
import Crypto
import Glibc

extension ManifestReader {
  /// The manifest with the sections of the files under `include` beneath its own.
  ///
  /// Of objects the members come together, the manifest's own winning; lists follow each other, the fragments' first; of
  /// everything else the manifest's own counts, then that of the last fragment.
  func withFragments(_ root: ConfigNode) -> ConfigNode {
    guard case .object(let own) = root.content, let include = root["include"] else { return root }
    var merged: [ConfigNode.Member] = []
    for entry in array(root, "include", of: "manifest", orOne: true) {
      guard case .string(let name) = entry.content else {
        fault("include", "must name files, got \(entry.typeName)", at: entry.location)
        continue
      }
      guard let fragment = readFragment(name, at: entry.location) else { continue }
      merged = merge(fragment.members, over: merged)
    }
    return ConfigNode(
      .object(merge(own.filter { $0.value !== include }, over: merged)), at: root.location)
  }

  private func readFragment(_ name: String, at location: SourceLocation) -> ConfigNode? {
    let path = resolve(name)
    do throws(Diagnostic) {
      fragments.append(path)
      let text = try readText(path)
      hash.update(data: Array(text.utf8))
      let fragment = try YAMLReader(file: path, text: text).read(text)
      checkKeys(fragment, Self.keys.filter { !["manifest", "name", "include"].contains($0) }, of: "fragment '\(path)'")
      return fragment
    } catch {
      if error.location == nil {
        fault("include", "\(error.kind) \(error.detail)", at: location)
      } else {
        report([error])
      }
      return nil
    }
  }

  private func merge(_ upper: [ConfigNode.Member], over lower: [ConfigNode.Member]) -> [ConfigNode.Member] {
    var result = lower
    for member in upper {
      guard let place = result.firstIndex(where: { $0.key == member.key }) else {
        result.append(member)
        continue
      }
      let content: ConfigNode.Content
      switch (result[place].value.content, member.value.content) {
      case (.array(let first), .array(let second)): content = .array(first + second)
      case (.object(let below), .object(let above)):
        content = .object(below.filter { twin in !above.contains { $0.key == twin.key } } + above)
      default: content = member.value.content
      }
      result[place] = ConfigNode.Member(
        key: member.key, keyLocation: member.keyLocation, value: ConfigNode(content, at: member.value.location))
    }
    return result
  }

  // MARK: Environment

  /// The manifest with the values of declared environment variables in the place of `${NAME}` and `${NAME:-default}`.
  func withEnvironment(_ root: ConfigNode) -> ConfigNode {
    for entry in array(root, "environment", of: "manifest") {
      guard case .string(let name) = entry.content, name.wholeMatch(of: /[A-Z_][A-Z0-9_]*/) != nil else {
        fault(
          "environment", "must hold names of variables, got \(entry.shown)", at: entry.location,
          help: "write capital letters, digits and '_', as in SHOP_URL")
        continue
      }
      if environment[name] == nil, let value = getenv(name) {
        let text = String(cString: value)
        environment.declare(name, value: text)
        hash.update(data: Array("\(name)=\(text)".utf8))
      } else {
        unset.insert(name)
      }
    }
    guard case .object(let members) = root.content else { return root }
    return ConfigNode(
      .object(
        members.map { member in
          member.key == "environment"
            ? member : .init(key: member.key, keyLocation: member.keyLocation, value: substitute(member.value))
        }), at: root.location)
  }

  private func substitute(_ node: ConfigNode) -> ConfigNode {
    switch node.content {
    case .string(let text) where text.contains("${"):
      return ConfigNode(.string(substitute(text, at: node.location)), at: node.location)
    case .array(let elements): return ConfigNode(.array(elements.map(substitute)), at: node.location)
    case .object(let members):
      return ConfigNode(
        .object(members.map { .init(key: $0.key, keyLocation: $0.keyLocation, value: substitute($0.value)) }),
        at: node.location)
    default: return node
    }
  }

  private func substitute(_ text: String, at location: SourceLocation) -> String {
    text.replacing(/\$\{([A-Z_][A-Z0-9_]*)(?::-([^}]*))?\}/) { match in
      let name = String(match.1)
      if let value = environment[name] { return value }
      if unset.contains(name) {
        if let fallback = match.2 { return String(fallback) }
        fault(
          "environment", "the variable '\(name)' is not set", at: location,
          help: "set it, or write a default: '${\(name):-...}'")
      } else {
        fault(
          "environment", "the variable '\(name)' is not declared, so it is not read", at: location,
          help: nearestName(to: name, among: environment.names + unset.sorted()).map { "did you mean '\($0)'?" }
            ?? "declare it: 'environment: [\(name)]'")
      }
      return ""
    }
  }
}
