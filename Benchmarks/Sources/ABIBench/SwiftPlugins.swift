import PluginAPI

/// Reads 8 fields as Strings and writes two slots by interpolation.
struct StringPlugin: Plugin {
  static let info = PluginInfo(
    id: "org.bespoke.bench-strings", version: "1.0.0",
    writes: [.init(.text, name: "headline"), .init(.text, name: "body")])

  init(_ setup: Setup) throws {}

  func process(_ request: Request, into output: Output) throws {
    let profile = request.profile
    func text(_ key: StaticString) -> String { profile[key].string ?? "" }
    output.write("\(text("first_name")), \(text("last_product")) for \(text("last_price"))", to: "headline")
    output.write(
      "\(text("city")) / \(text("segment")) / \(text("loyalty_tier")) / \(text("language")) / \(text("points"))",
      to: "body")
  }
}

/// Reads the same 8 fields as views and writes the same two slots without a String.
struct ViewPlugin: Plugin {
  static let info = PluginInfo(
    id: "org.bespoke.bench-views", version: "1.0.0",
    writes: [.init(.text, name: "headline"), .init(.text, name: "body")])

  init(_ setup: Setup) throws {}

  func process(_ request: Request, into output: Output) throws {
    let profile = request.profile
    output.write(to: "headline") {
      $0.append(profile["first_name"].utf8)
      $0.append(", ")
      $0.append(profile["last_product"].utf8)
      $0.append(" for ")
      $0.append(profile["last_price"].utf8)
    }
    output.write(to: "body") {
      $0.append(profile["city"].utf8)
      $0.append(" / ")
      $0.append(profile["segment"].utf8)
      $0.append(" / ")
      $0.append(profile["loyalty_tier"].utf8)
      $0.append(" / ")
      $0.append(profile["language"].utf8)
      $0.append(" / ")
      $0.append(profile["points"].utf8)
    }
  }
}
