import CPluginABI
import Core

// What can be seen of a plugin before an instance is made.
extension Check {
  static let loads = Check(name: "loads", needsInstance: false) { context in
    let plugin = try context.plugin()
    return "\(plugin.id) \(plugin.version)"
  }

  static let loadTime = Check(name: "load-time", needsInstance: false, attempts: 3) { context in
    let start = monotonicNanoseconds()
    _ = try DynamicLibrary(path: context.file)
    let milliseconds = Double((monotonicNanoseconds() - start) / 100_000) / 10
    guard milliseconds < 100 else {
      throw Fault("took \(milliseconds) ms, expected less than 100 ms", help: "do the work in create or warm-up")
    }
    return "\(milliseconds) ms"
  }

  static let describe = Check(name: "describe", needsInstance: false) { context in
    let plugin = try context.plugin()
    let numbers = plugin.version.prefix { $0 != "-" && $0 != "+" }.split(
      separator: ".", omittingEmptySubsequences: false)
    guard numbers.count == 3, numbers.allSatisfy({ UInt32($0) != nil }) else {
      throw Fault("the version is '\(plugin.version)', expected three numbers such as '1.0.0'")
    }
    let parts = plugin.id.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isNameByte) }) else {
      throw Fault("the id is '\(plugin.id)', expected reverse DNS such as 'com.example.hello'")
    }
    let ports = plugin.description.writes.map(\.name)
    for port in ports {
      guard port.utf8.allSatisfy(isNameByte) else {
        throw Fault("the port '\(port)' has a name with other characters than letters, digits, '-' and '_'")
      }
    }
    let keys = [
      "profile", "product", "products", "slots", "params", "locale", "channel", "campaign", "variant", "site", "asset",
      "run_time", "stage", "attempt",
    ]
    for path in plugin.description.reads {
      let key = String(path.prefix { $0 != "." })
      guard !keys.contains(key) else { continue }
      throw Fault(
        "'reads' names '\(path)', but a brief has no '\(key)'",
        help: nearestName(to: key, among: keys).map { "did you mean '\($0)'?" })
    }
    guard plugin.description.schema.root["type"].string == "object" else {
      throw Fault("'config' is not a schema of type 'object'")
    }
    try checkTypes(of: plugin.description.schema.root, [])
    return "\(ports.count) ports, \(plugin.description.reads.count) reads"
  }

  /// Throws where a schema, or one within it, names a type that JSON does not have: nothing would be checked.
  private static func checkTypes(of schema: Value, _ path: [String]) throws {
    let known = ["string", "number", "integer", "boolean", "array", "object", "null"]
    let types = schema["type"].kind == .array ? schema["type"].elements : [schema["type"]]
    for type in types where type.exists && !known.contains(type.string ?? "") {
      let option = path.isEmpty ? "'config'" : "option '\(path.joined(separator: "."))'"
      throw Fault(
        "the schema of \(option) has the type \(type.json), expected one of \(quoted(known))",
        help: type.string.flatMap { nearestName(to: $0, among: known) }.map { "did you mean '\($0)'?" })
    }
    for index in 0..<schema["properties"].count {
      let name = String(decoding: schema["properties"].key(at: index), as: UTF8.self)
      try checkTypes(of: schema["properties"][index], path + [name])
    }
    for name in ["items", "additionalProperties"] where schema[name].kind == .object {
      try checkTypes(of: schema[name], path + [name])
    }
  }

  static let symbols = Check(name: "symbols", needsInstance: false) { context in
    let exports = try ObjectFile(path: context.file).exports
    // One entry function for each major version may be there.
    let others = exports.filter { !$0.hasPrefix("bespoke_plugin_main_v") }
    guard others.isEmpty else {
      throw Fault(
        "exports \(exports.count) symbols, expected 1; also \(listed(others))",
        help: "build for release; in C, compile with -fvisibility=hidden")
    }
    guard exports.contains("bespoke_plugin_main_v1") else { throw Fault("does not export 'bespoke_plugin_main_v1'") }
    return exports.count == 1 ? "one" : quoted(exports.sorted())
  }

  static let libraries = Check(name: "libraries", needsInstance: false) { context in
    let always = [
      "libc.so", "libm.so", "libstdc++.so", "libgcc_s.so", "ld-linux", "libpthread.so", "libdl.so", "librt.so",
    ]
    let needs = try context.plugin().description.document.root["needs"]["libraries"].elements.compactMap(\.string)
    let undeclared = try ObjectFile(path: context.file).libraries.filter { name in
      !needs.contains(name) && !always.contains { name.hasPrefix($0) }
    }
    guard undeclared.isEmpty else {
      throw Fault(
        "needs \(listed(undeclared)), which 'describe' does not list",
        help: "link it statically, or list it under 'needs.libraries'")
    }
    return needs.isEmpty ? "none beyond the system's" : "\(quoted(needs))"
  }

  static let entry = Check(name: "entry", needsInstance: false) { context in
    let first = try context.plugin()
    for _ in 0..<3 {
      let next = try LoadedPlugin(path: context.file)
      guard next.table == first.table else {
        throw Fault("the entry function answered another table when it was called again")
      }
      guard next.id == first.id, next.version == first.version,
        next.description.document.json == first.description.document.json
      else { throw Fault("the plugin's table changed between two calls of the entry function") }
    }
    return "the same table each time"
  }

  static let extensions = Check(name: "extensions", needsInstance: false) { context in
    let table = try context.plugin().table
    guard let ask = table.pointee.extension else { return "offers none" }
    for id in ["", "bespoke.no-such-extension/1", "bespoke.concurrent/999", String(repeating: "x", count: 10_000)] {
      context.note("asked for the extension '\(id.prefix(40))'")
      guard ask(table.pointee.ctx, id) == nil else {
        throw Fault("offers '\(id.prefix(40))', an extension that does not exist", help: "answer NULL for unknown ids")
      }
    }
    return "unknown ones answered with NULL"
  }
}

private func isNameByte(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || 48...57 ~= byte || 97...122 ~= byte | 0x20
}

func quoted(_ names: some Sequence<String>) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }

/// At most three names, and how many more there are.
private func listed(_ names: [String]) -> String {
  quoted(names.prefix(3)) + (names.count > 3 ? " and \(names.count - 3) more" : "")
}
