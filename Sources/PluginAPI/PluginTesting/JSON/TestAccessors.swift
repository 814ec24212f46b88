import CPluginABI
import PluginAPI

/// The accessor table over `TestDocument`.
enum TestAccessors {
  /// Lives as long as the process; nothing writes to it after it is made.
  nonisolated(unsafe) static let table: UnsafePointer<bespoke_access_v1> = permanent(
    bespoke_access_v1(
      type: { value in TestDocument.find(value, "type")?.node.kind.rawValue ?? Value.Kind.missing.rawValue },
      get: { object, key in
        guard let (document, node) = TestDocument.find(object, "get"), node.kind == .object else {
          return bespoke_value()
        }
        let key = String(decoding: key.buffer, as: UTF8.self)
        document.ask(object.node, key)
        return document.member(object.node, key).map { document.raw($0) } ?? bespoke_value()
      },
      at: { container, index in
        guard let (document, node) = TestDocument.find(container, "at"), index < node.children.count else {
          return bespoke_value()
        }
        return document.raw(node.children[Int(index)])
      },
      count: { container in UInt32(TestDocument.find(container, "count")?.node.children.count ?? 0) },
      key_at: { object, index in
        guard let (document, node) = TestDocument.find(object, "key_at"), index < node.keys.count else {
          return bespoke_str()
        }
        return bespoke_str(document.text(node.keys[Int(index)]))
      },
      str: { value in
        guard let (document, node) = TestDocument.find(value, "str"), node.kind != .boolean else {
          return bespoke_str()
        }
        return bespoke_str(document.text(node.text))
      },
      i64: { value, fallback in
        guard let (document, node) = TestDocument.find(value, "i64") else { return fallback }
        switch node.kind {
        case .boolean: return node.text.isEmpty ? 0 : 1
        case .integer: return Int64(document.string(node.text)) ?? fallback
        case .double:
          return Double(document.string(node.text)).flatMap { Int64(exactly: $0.rounded(.towardZero)) } ?? fallback
        default: return fallback
        }
      },
      f64: { value, fallback in
        guard let (document, node) = TestDocument.find(value, "f64") else { return fallback }
        switch node.kind {
        case .boolean: return node.text.isEmpty ? 0 : 1
        case .integer, .double: return Double(document.string(node.text)) ?? fallback
        default: return fallback
        }
      }))
}

/// A table that is never freed.
func permanent<T>(_ value: T) -> UnsafePointer<T> {
  let pointer = UnsafeMutablePointer<T>.allocate(capacity: 1)
  pointer.initialize(to: value)
  return UnsafePointer(pointer)
}
