import CLibXML2
import Core
import Glibc
import Host
import Testing

/// A folder of its own for a test, removed with everything in it.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/bespoke-feeds-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Diagnostic("cannot create folder", String(cString: strerror(errno))) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  /// Every file in the folder, hidden ones too.
  var names: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func text(of name: String) throws -> String {
    let file = try #require(fopen("\(path)/\(name)", "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&piece, 1, piece.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece[..<count]
    }
  }
}

let shop = FeedSite(
  name: "Fernweh & Co", baseURL: "https://shop.example/", organisation: "Fernweh GmbH", currency: "EUR",
  defaultLocale: "en-US", runTime: 1_772_352_000)

/// A product that every feed accepts; members given replace its own.
func product(_ members: [String: String] = [:]) -> String {
  let good = [
    "id": "\"t-1\"", "name": "\"Alpine tent\"", "slug": "\"alpine-tent\"", "brand": "\"Fernweh\"",
    "category": "\"Outdoor > Tents\"", "price": "149.90", "currency": "\"EUR\"", "availability": "\"in_stock\"",
    "gtin": "\"4006381333931\"", "image": "\"images/tent.png\"", "description": "\"<p>Sleeps <b>two</b>.</p>\"",
    "tags": "[\"new in\"]",
  ].merging(members) { $1 }
  return "{" + good.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
}

extension FeedWriter {
  /// Adds a page about a product given as JSON.
  func add(
    json: String, title: String = "Alpine tent", locale: String = "en-US", path: String = "en-US/alpine-tent.html",
    content: [UInt8] = Array("<p>Sleeps two.</p>".utf8), alternates: [(locale: String, url: String)] = []
  ) throws {
    let document = try Document(json: json)
    try withExtendedLifetime(document) {
      try content.withUnsafeBufferPointer {
        try add(
          FeedItem(
            product: document.root, url: "https://shop.example/\(path)", path: path, locale: locale, title: title,
            content: $0, alternates: alternates))
      }
    }
  }
}

/// A feed as libxml2 reads it: for each item the texts by element name, in order.
struct ParsedFeed {
  private(set) var items: [[(name: String, text: String)]] = []
  private(set) var declarations: [String] = []
  /// The names of the channel's elements.
  private(set) var elements: [String] = []

  init(_ xml: String) throws {
    let document = xml.utf8CString.withUnsafeBufferPointer {
      xmlReadMemory($0.baseAddress, Int32($0.count - 1), nil, nil, Int32(XML_PARSE_NONET.rawValue))
    }
    let parsed = try #require(document)
    defer { xmlFreeDoc(parsed) }
    let channel = xmlFirstElementChild(xmlDocGetRootElement(parsed))
    for element in Self.children(of: channel) {
      let children = Self.children(of: element).map { (Self.name(of: $0), Self.text(of: $0)) }
      elements.append(Self.name(of: element))
      switch Self.name(of: element) {
      case "item": items.append(children)
      case "category", "tag": declarations.append(children.dropFirst().map(\.1).joined(separator: "|"))
      default: break
      }
    }
  }

  /// The text of an item's first element of a name.
  func text(_ name: String, of item: Int) -> String? {
    items.indices.contains(item) ? items[item].first { $0.name == name }?.text : nil
  }

  /// The texts of an element in every item that has it.
  func all(_ name: String) -> [String] { items.flatMap { $0.filter { $0.name == name }.map(\.text) } }

  private static func children(of node: xmlNodePtr?) -> [xmlNodePtr] {
    var result: [xmlNodePtr] = []
    var next = xmlFirstElementChild(node)
    while let element = next {
      result.append(element)
      next = xmlNextElementSibling(element)
    }
    return result
  }

  private static func name(of node: xmlNodePtr) -> String { String(cString: node.pointee.name) }

  private static func text(of node: xmlNodePtr) -> String {
    guard let text = xmlNodeGetContent(node) else { return "" }
    // libxml2 allocates with malloc, unless a program asks for something else.
    defer { free(text) }
    return String(cString: text)
  }
}

extension String {
  /// Writes the text into a file of a test.
  func write(toFile path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    let bytes = Array(utf8)
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}

/// Removes a file; tells whether it was there.
func unlinkFile(_ path: String) -> Bool { unlink(path) == 0 }
