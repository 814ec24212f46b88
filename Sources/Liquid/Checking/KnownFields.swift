public import CPluginABI

/// The paths that a scope is known to have: `product.title`, `products[].price`.
public struct KnownFields: Sendable {
  private var paths: Set<String> = []

  /// No paths.
  public init() {}

  /// The paths of a sample: all members, and of lists those of the first hundred elements.
  public init(sample: bespoke_value, access: UnsafePointer<bespoke_access_v1>) {
    insert(sample: sample, at: "", access: access)
  }

  /// Adds the paths of a sample below a path.
  public mutating func insert(sample: bespoke_value, at path: String, access: UnsafePointer<bespoke_access_v1>) {
    let host = Host(access)
    add(host.datum(sample), at: path, host, depth: 0)
  }

  /// Gives one path all that lies below another.
  public mutating func copy(_ path: String, to other: String) {
    insert(other)
    for known in paths where known.hasPrefix(path + ".") || known.hasPrefix(path + "[") {
      paths.insert(other + known.dropFirst(path.count))
    }
  }

  /// Adds a path and all that it goes through.
  public mutating func insert(_ path: String) {
    var end = path.startIndex
    while end < path.endIndex {
      let next = path[path.index(after: end)...].firstIndex { $0 == "." || $0 == "[" } ?? path.endIndex
      paths.insert(String(path[..<next]))
      end = next
    }
  }

  /// The names on the top level, sorted.
  public var topLevel: [String] { paths.filter { !$0.contains(".") && !$0.contains("[") }.sorted() }

  func contains(_ path: String) -> Bool { paths.contains(path) }

  /// The names that may follow a path.
  func members(of path: String) -> [String] {
    paths.filter { $0.hasPrefix(path + ".") }.map { String($0.dropFirst(path.count + 1)) }
      .filter { !$0.contains(".") && !$0.contains("[") }.sorted()
  }

  private mutating func add(_ value: Datum, at path: String, _ host: Host, depth: Int) {
    guard depth < 12 else { return }
    if !path.isEmpty { paths.insert(path) }
    switch value.kind {
    case .hostObject:
      for index in 0..<host.count(of: value) {
        let key = host.key(value, index).string
        add(host.element(value, index), at: path.isEmpty ? key : "\(path).\(key)", host, depth: depth + 1)
      }
    case .hostArray:
      for index in 0..<min(host.count(of: value), 100) {
        add(host.element(value, index), at: path + "[]", host, depth: depth + 1)
      }
    default: break
    }
  }
}
