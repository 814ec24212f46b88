import CPluginABI
import PluginAPI

/// What a plugin's options type and its JSON Schema disagree about, in words; empty when they fit each other.
///
/// Options are made up from the schema (all of them, only those required, each `enum` value, each bound, each type) and
/// decoded; which keys the type asks for is watched.
///
/// ```swift
/// #expect(try disagreements(between: Hello.Config.self, and: Hello.info.config).isEmpty)
/// ```
///
/// - Parameter unread: paths of options that the type leaves to the host or to others on purpose.
/// - Throws: `TestError` where the schema is not JSON.
public func disagreements<Config: Decodable>(
  between type: Config.Type, and schema: String, unread: Set<String> = []
) throws(TestError) -> [String] {
  let document = try TestDocument(name: "the schema", json: schema, misuses: Misuses())
  let root = Value(document.root, TestAccessors.table)
  var agreement = SchemaAgreement(type: "\(type)")
  for sample in SchemaSamples.all(of: root) {
    try agreement.check(sample, root) { value throws(PluginError) in
      do { _ = try value.decode(type) } catch let error as PluginError { throw error } catch {
        throw PluginError(.config, "\(error)")
      }
    }
  }
  agreement.compare(root, path: "", unread: unread)
  return withExtendedLifetime(document) { agreement.faults }
}

struct SchemaAgreement {
  let type: String
  private(set) var faults: [String] = []
  /// Keys that were asked for, by the path of their object.
  private var asked: [String: Set<String>] = [:]

  init(type: String) { self.type = type }

  /// Decodes options that the schema allows, and notes which keys were asked for.
  mutating func check(
    _ options: String, _ schema: Value, decode: (Value) throws(PluginError) -> Void
  ) throws(TestError) {
    let document = try TestDocument(name: "the options", json: options, misuses: Misuses())
    let value = Value(document.root, TestAccessors.table)
    do throws(PluginError) {
      try withExtendedLifetime(document) { () throws(PluginError) in try decode(value) }
    } catch {
      add("the schema allows \(options), which '\(type)' does not decode: \(error.message)")
    }
    collect(value, document.askedKeys, path: "")
  }

  /// Compares what was asked for with what the schema lists.
  mutating func compare(_ schema: Value, path: String, unread: Set<String>) {
    let properties = schema["properties"]
    if properties.kind == .object, let asked = asked[path] {
      let listed = (0..<properties.count).map { String(decoding: properties.key(at: $0), as: UTF8.self) }
      for (index, key) in listed.enumerated() {
        let place = Self.join(path, key)
        if !asked.contains(key), !unread.contains(place) {
          add("the schema lists '\(place)', which '\(type)' does not read")
        }
        compare(properties[index], path: place, unread: unread)
      }
      for key in asked.subtracting(listed).sorted() {
        add("'\(type)' reads '\(Self.join(path, key))', which the schema does not list")
      }
    }
    if schema["items"].kind == .object { compare(schema["items"], path: Self.join(path, "[]"), unread: unread) }
  }

  private mutating func collect(_ value: Value, _ keys: [UInt32: Set<String>], path: String) {
    if let found = keys[value.raw.node] { asked[path, default: []].formUnion(found) }
    for index in 0..<value.count {
      let key = value.kind == .object ? String(decoding: value.key(at: index), as: UTF8.self) : "[]"
      collect(value[index], keys, path: Self.join(path, key))
    }
  }

  private static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private mutating func add(_ fault: String) {
    if !faults.contains(fault) { faults.append(fault) }
  }
}
