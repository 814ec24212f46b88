import Core
import Host

extension ImportOptions {
  private enum Robots: String, CaseIterable { case keep, drop }

  private static let keys = [
    "map", "columns", "kind", "kinds", "time_zone", "date_order", "currency", "refund_prefix", "product_pattern",
    "excluded_products", "fold_product_case", "negative_quantity", "duplicates", "missing", "outliers",
    "outlier_fence", "robot_limit", "robots", "earliest", "latest", "log", "batch_rows", "format", "separator",
    "encoding", "decimal_mark",
  ]

  /// Reads options from a YAML file.
  ///
  /// - Throws: `Diagnostic` of kind "invalid mapping" with the place of the first fault.
  public init(yaml path: String) throws {
    self.init()
    let file = try YAMLFile(path: path)
    try withExtendedLifetime(file.document) { try read(file.document.root, file) }
  }

  private mutating func read(_ root: Value, _ file: YAMLFile) throws {
    func refuse(_ value: Value, _ detail: String, help: String? = nil) -> Diagnostic {
      file.diagnostic("invalid mapping", detail, at: value, help: help)
    }
    for index in 0..<root.count {
      let key = String(decoding: root.key(at: index), as: UTF8.self)
      guard !Self.keys.contains(key) else { continue }
      throw refuse(
        root[index], "'\(key)' is no key of a mapping",
        help: nearestName(to: key, among: Self.keys).map { "did you mean '\($0)'?" })
    }
    func text(_ key: String) throws -> String? {
      guard root[key].exists else { return nil }
      guard let text = root[key].scalarText else { throw refuse(root[key], "'\(key)' must be a text") }
      return text
    }
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, _: Choice.Type) throws -> Choice? {
      guard let word = try text(key) else { return nil }
      if let choice = Choice(rawValue: word) { return choice }
      let words = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw refuse(root[key], "'\(key)' must be one of \(words), got '\(word)'")
    }
    func members(_ value: Value) -> [(key: String, value: Value)] {
      (0..<value.count).map { (String(decoding: value.key(at: $0), as: UTF8.self), value[$0]) }
    }
    func kind(_ value: Value) throws -> EventKind {
      if let kind = EventKind(word: value.scalarText ?? "") { return kind }
      let words = EventKind.allCases.map { "'\($0.name)'" }.joined(separator: ", ")
      throw refuse(value, "'\(value.scalarText ?? "")' is no kind of event; kinds are \(words)")
    }
    func number(_ key: String, from least: Double) throws -> Double? {
      guard root[key].exists else { return nil }
      guard let number = root[key].double, number >= least else {
        throw refuse(
          root[key], "'\(key)' must be a number of at least \(Int(least)), got '\(root[key].scalarText ?? "")'")
      }
      return number
    }
    func moment(_ key: String) throws -> Int64? {
      guard var text = try text(key) else { return nil }
      guard let reading = text.withUTF8({ TimeText.read($0, order: .monthDay) }) else {
        throw refuse(root[key], "'\(key)' must be a date, got '\(text)'")
      }
      return reading.milliseconds
    }
    for (name, value) in members(root["map"]) {
      guard let field = EventField(name: name) else {
        let names = EventField.allCases.map(\.name)
        throw refuse(
          value, "'\(name)' is no field of an event; fields are \(names.joined(separator: ", "))",
          help: nearestName(to: name, among: names).map { "did you mean '\($0)'?" })
      }
      columns[field] = value.scalarText ?? ""
    }
    for (name, value) in members(root["kinds"]) { kinds[foldedName(name)] = try kind(value) }
    if root["kind"].exists { self.kind = try kind(root["kind"]) }
    timeZone = try text("time_zone") ?? timeZone
    if let order = try choice("date_order", TimeText.DateOrder.self) { monthFirst = order == .monthDay }
    if let mark = try text("decimal_mark") {
      guard let byte = [".": UInt8(ascii: "."), ",": UInt8(ascii: ",")][mark] else {
        throw refuse(root["decimal_mark"], "'decimal_mark' must be '.' or ',', got '\(mark)'")
      }
      decimalMark = byte
    }
    currency = try text("currency")
    refundPrefix = try text("refund_prefix")
    productPattern = try text("product_pattern")
    for index in 0..<root["excluded_products"].count {
      if let code = root["excluded_products"][index].scalarText { excludedProducts.insert(code) }
    }
    foldsProductCase = root["fold_product_case"].bool ?? foldsProductCase
    negativeQuantity = try choice("negative_quantity", NegativeQuantity.self) ?? negativeQuantity
    duplicates = try choice("duplicates", Duplicates.self) ?? duplicates
    missing = try choice("missing", Treatment.self) ?? missing
    outliers = try choice("outliers", Treatment.self) ?? outliers
    outlierFence = try number("outlier_fence", from: 0) ?? outlierFence
    robotLimit = try number("robot_limit", from: 1).map { Int($0) } ?? robotLimit
    batchRows = try number("batch_rows", from: 1).map { Int($0) } ?? batchRows
    keepsRobots = try choice("robots", Robots.self).map { $0 == .keep } ?? keepsRobots
    earliest = try moment("earliest") ?? earliest
    latest = try moment("latest") ?? latest
    if root["log"].exists {
      var patterns: [(EventKind, String)] = []
      for (name, value) in members(root["log"]) where name != "user_parameter" {
        guard let kind = EventKind(word: name) else { throw refuse(value, "'\(name)' is no kind of event") }
        patterns.append((kind, value.scalarText ?? ""))
      }
      log = LogPaths(patterns, userParameter: root["log"]["user_parameter"].string)
    }
    var problems: [Diagnostic] = []
    input = InputOptions(root, problems: &problems)
    if let problem = problems.first { throw problem }
  }
}
