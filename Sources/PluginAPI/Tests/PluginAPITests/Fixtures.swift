import PluginAPI

/// A plugin that uses everything: options, resources, the catalogue, structured slots, notes, failures.
struct Greeter: Plugin {
  static let info = PluginInfo(
    id: "com.example.greeter", version: "1.0.0",
    config: #"""
      {"type":"object","additionalProperties":false,"required":["greeting"],"properties":{
        "greeting":{"type":"string","minLength":1},
        "tone":{"type":"string","enum":["calm","loud"]},
        "times":{"type":"integer","minimum":1,"maximum":9},
        "weights":{"type":"object","required":["price"],"properties":{"price":{"type":"number"}}},
        "tags":{"type":"array","items":{"type":"string"}}}}
      """#,
    reads: ["profile.first_name", "product"],
    writes: [.init(.text), .init(.json, name: "facts"), .init(.media, name: "picture")])

  struct Config: Decodable {
    enum Tone: String, Decodable { case calm, loud }
    struct Weights: Decodable { var price: Double }
    var greeting: String
    var tone: Tone?
    var times: Int?
    var weights: Weights?
    var tags: [String]?
  }

  private let greeting: String
  private let host: HostServices

  init(_ setup: Setup) throws {
    let config = try setup.config.decode(Config.self)
    guard let name = config.greeting.split(separator: ":").last else { throw PluginError(.config, "no name") }
    let file = try setup.host.resource(kind: "template", named: String(name))
    greeting = String(decoding: file.bytes, as: UTF8.self)
    host = setup.host
    host.log(.info, "read \(file.sha256)")
  }

  func process(_ request: Request, into output: Output) throws {
    guard let name = request.profile["first_name"].string else {
      throw PluginError(.input, field: "profile.first_name", "is missing")
    }
    if name.isEmpty { throw PluginError(.skip, "nobody to greet") }
    if name == "Wait" {
      while !output.isCancelled {}
      throw PluginError(.cancelled, "stopped")
    }
    output.write("\(greeting) \(name)")
    output.note("seed", "\(request.seed)")
    output.open(.json, port: "facts").object {
      $0.member("products", host.catalogue?.count ?? 0)
      $0.key("price")
      $0.value(host.catalogue?.product(id: request.product["id"].utf8)["price"] ?? request.product["none"])
      $0.key("list")
      $0.array {
        $0.bool(true)
        $0.null()
        $0.double(0.5)
        $0.string("a\"b")
      }
    }
    "png".utf8.withContiguousStorageIfAvailable { output.bytes($0, mediaType: "image/png", to: "picture") }
  }
}

/// A plugin that keeps what it only borrowed.
final class Hoarder: Plugin {
  static let info = PluginInfo(id: "com.example.hoarder", version: "1.0.0")
  private var kept: Value?
  private var view = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var output: Output?

  init(_ setup: Setup) throws {}

  func process(_ request: Request, into output: Output) throws {
    switch request.brief["do"].string {
    case "keep":
      kept = request.brief["name"]
      view = request.brief["name"].utf8
      self.output = output
      output.write("kept")
    case "value": output.write(kept?.string ?? "nothing")
    case "view": output.write(view)
    case "output": self.output?.write("late")
    default: output.write("x", to: "undeclared")
    }
  }
}
