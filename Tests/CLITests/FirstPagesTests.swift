import Foundation
import Testing

/// From a CSV of products to generated pages, by the commands that `init` prints and nothing else.
struct FirstPagesTests {
  private let products = """
    Article number,Product title,Maker,Price (EUR),In stock,Details
    K-1,Enamel kettle,Talheim,49.90,4,"A kettle for the stove and for the table, which is at home in every kitchen."
    K-2,"Teapot ""North"" & lid",Talheim,39.00,0,"A pot for two, with a lid that stays in its place when you pour."
    K-3,Milk jug,Talheim,19.50,12,"A jug of half a litre, glazed by hand; it is safe in the dishwasher."

    """

  /// The commands that a text says to run next, without the program's name.
  private func steps(in text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.hasPrefix("bespoke ") }
      .map { $0.split(separator: " ").dropFirst().map(String.init) }
  }

  @Test func aContentPersonGetsToPagesByTheMessagesAlone() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-first-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func file(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    try write("products.csv", products)

    // Begin: what was understood, and which commands come next.
    let begin = try Command("init", "--catalogue", "products.csv", in: folder)
    #expect(begin.status == 0, "\(begin.errors)")
    #expect(begin.output.contains("name          from 'Product title'"), "\(begin.output)")
    #expect(begin.output.contains("price         from 'Price (EUR)' (currency: EUR)"), "\(begin.output)")
    #expect(begin.output.contains("no column holds pictures"))
    #expect(begin.output.contains("3 rows: 3 records, 0 rejected"))
    let next = steps(in: begin.output)
    #expect(next.map(\.first) == ["check", "preview", "generate"])

    // A second beginning does not overwrite the first.
    let again = try Command("init", "--catalogue", "products.csv", in: folder)
    #expect(again.status == 75)
    #expect(again.errors.contains("'manifest.yaml' is there already, and nothing is overwritten"))

    // What was written is right, and its test passes.
    let check = try Command(arguments: next[0], in: folder)
    #expect(check.status == 0, "\(check.errors)")
    #expect(check.output.contains("1 of 1 test passed"))

    // A change that breaks the page is found before anything is published, and the message shows the way.
    let template = try file("templates/product.liquid")
    try write("templates/product.liquid", template.replacingOccurrences(of: "<h1>{{ product.name }}</h1>", with: ""))
    let broken = try Command(arguments: next[0], in: folder)
    #expect(broken.status == 1)
    #expect(broken.errors.contains("slot 'page' does not contain '<h1>Enamel kettle</h1>'"), "\(broken.errors)")
    let hint = try #require(broken.errors.split(separator: "'").first { $0.hasPrefix("bespoke preview") })
    let look = try Command(arguments: steps(in: String(hint))[0], in: folder)
    #expect(look.status == 0, "\(look.errors)")
    #expect(look.output.contains("Talheim") && !look.output.contains("<h1>"))

    // A slip of the pen is named with line and column and the word that was meant.
    try write(
      "templates/product.liquid",
      template.replacingOccurrences(of: "product.name }}</h1>", with: "product.name | upcse }}</h1>"))
    let slip = try Command(arguments: next[0], in: folder)
    #expect(slip.status == 78)
    #expect(slip.errors.contains("product.liquid:") && slip.errors.contains("did you mean 'upcase'?"), "\(slip.errors)")
    try write("templates/product.liquid", template.replacingOccurrences(of: "<h1>", with: "<h1><!-- own -->"))
    try write("manifest.yaml", file("manifest.yaml").replacingOccurrences(of: "\"<h1>{{", with: "\"<h1><!-- own -->{{"))
    #expect(try Command(arguments: next[0], in: folder).status == 0)

    // Preview, without the page that a browser would open.
    let preview = try Command(
      arguments: next[1].filter { $0 != "--open" } + ["--product", "K-2", "--slot", "page"], in: folder)
    #expect(preview.status == 0, "\(preview.errors)")
    #expect(preview.output.contains("<h1><!-- own -->Teapot &quot;North&quot; &amp; lid</h1>"), "\(preview.output)")

    // Generate: a page for each product, its text escaped, its price in the form of the locale.
    let generate = try Command(arguments: next[2], in: folder)
    #expect(generate.status == 0, "\(generate.errors)")
    #expect(generate.output.contains("3 assets in 'out'"))
    let pages = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out").filter { $0.hasSuffix(".html") }
    #expect(pages.sorted() == ["enamel-kettle-k-1.html", "milk-jug-k-3.html", "teapot-north-lid-k-2.html"])
    let page = try file("out/enamel-kettle-k-1.html")
    #expect(page.contains("€49.90") && page.contains("application/ld+json"))
  }

  @Test func slipsOnTheWayAreAnsweredWithWhatWasMeant() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-first-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(products.utf8).write(to: URL(fileURLWithPath: "\(folder)/products.csv"))
    try Data([0x50, 0x4B, 3, 4] + Array(repeating: 0, count: 60)).write(to: URL(fileURLWithPath: "\(folder)/p.xlsx"))
    func expect(_ status: Int32, _ part: String, _ arguments: String...) throws {
      let command = try Command(arguments: arguments, in: folder)
      #expect(command.status == status, "\(arguments): \(command.errors)")
      #expect(command.errors.contains(part), "\(arguments): \(command.errors)")
    }
    try expect(66, "did you mean 'products.csv'?", "init", "--catalogue", "product.csv")
    try expect(65, "save the sheet as 'CSV UTF-8'", "init", "--catalogue", "p.xlsx")
    try expect(78, "'bespoke init --catalogue products.csv' makes a manifest of it", "generate", "products.csv")
    #expect(try Command("init", "--catalogue", "products.csv", in: folder).status == 0)
    try expect(66, "did you mean 'manifest.yaml'?", "check", "manfest.yaml")
    try expect(65, "did you mean 'K-3'?", "preview", "manifest.yaml", "--product", "K3")
    try expect(65, "the catalogue has no product 'nothing'", "preview", "manifest.yaml", "--product", "nothing")
    try expect(65, "'de-DE' is not one of the manifest's: 'en-US'", "preview", "manifest.yaml", "--locale", "de-DE")
    try expect(75, "'products.csv' is a file, expected a folder", "generate", "manifest.yaml", "-o", "products.csv")
    try expect(65, "'.' is a folder, expected a file", "check", ".")
    try expect(65, "did you mean './manifest.yaml'?", "check", ".")
    try expect(64, "did you mean 'bespoke generate'?", "genrate", "manifest.yaml")
    try expect(64, "did you mean 'bespoke templates check'?", "templates", "chekc", "manifest.yaml")
    try expect(65, "did you mean 'page'?", "preview", "manifest.yaml", "--slot", "pge")
    try expect(65, "did you mean 'anonymous'?", "preview", "manifest.yaml", "--profile", "anonymus")
    // A variable that does not exist is told together with the test that fails of it.
    let file = "\(folder)/templates/product.liquid"
    let template = try String(contentsOfFile: file, encoding: .utf8)
    try Data(template.replacingOccurrences(of: "<h1>{{ product.name }}", with: "<h1>{{ product.nam }}").utf8)
      .write(to: URL(fileURLWithPath: file))
    try expect(1, "did you mean 'name'?", "check", "manifest.yaml")
  }

  @Test func whatIsDoubtfulIsSaidWithItsPlace() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-first-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(products.utf8).write(to: URL(fileURLWithPath: "\(folder)/products.csv"))
    #expect(try Command("init", "--catalogue", "products.csv", in: folder).status == 0)
    let file = URL(fileURLWithPath: "\(folder)/manifest.yaml")
    let manifest = try String(contentsOf: file, encoding: .utf8)
    func expect(_ status: Int32, _ parts: String..., replacing old: String, with new: String) throws {
      #expect(manifest.contains(old))
      try Data(manifest.replacingOccurrences(of: old, with: new).utf8).write(to: file)
      let check = try Command("check", "manifest.yaml", in: folder)
      #expect(check.status == status, "\(check.errors)")
      for part in parts { #expect(check.errors.contains(part), "\(check.errors)") }
    }
    try expect(
      78, "missing template: 'prodct.liquid' does not exist (in manifest.yaml:", "did you mean 'product.liquid'?",
      replacing: "template: product.liquid", with: "template: prodct.liquid")
    try expect(
      0, "field 'brand' is made from 'Makr', which 'products.csv' does not have (in manifest.yaml:",
      "did you mean 'Maker'?", replacing: "brand: Maker", with: "brand: Makr")
    try expect(
      0, "'brnad' is no field that products are known by (in manifest.yaml:", "did you mean 'brand'?",
      replacing: "brand: Maker", with: "brnad: Maker")
    try expect(
      0, "'product.slgu' is in none of the data (in manifest.yaml:", "did you mean 'slug'?",
      replacing: "product.slug", with: "product.slgu")
    try Data(manifest.utf8).write(to: file)
    let template = URL(fileURLWithPath: "\(folder)/templates/product.liquid")
    let text = try String(contentsOf: template, encoding: .utf8)
    try Data(text.replacingOccurrences(of: "{{ product.brand }}", with: "{{ product.brnd }}").utf8).write(to: template)
    let check = try Command("check", "manifest.yaml", in: folder)
    #expect(check.status == 0)
    #expect(
      check.errors.contains("'product.brnd' is in none of the data (in templates/product.liquid:"), "\(check.errors)")
    try Data((text + "{% render 'contnt' %}").utf8).write(to: template)
    let call = try Command("check", "manifest.yaml", in: folder)
    #expect(call.status == 78)
    #expect(call.errors.contains("(in templates/product.liquid:"), "\(call.errors)")
    #expect(call.errors.contains("help: did you mean 'content'?"), "\(call.errors)")
  }

  @Test func aFileWithoutALineOfNamesIsRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-first-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("K-1,Kettle,49.90\nK-2,Teapot,39.00\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/c.csv"))
    let command = try Command("init", "--catalogue", "c.csv", in: folder)
    #expect(command.status == 65)
    #expect(command.errors.contains("the first line of 'c.csv' looks like a product: 'K-1', 'Kettle', '49.90'"))
    #expect(command.errors.contains("put a line of names above it"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["c.csv"])
  }

  @Test func aFileWithoutNamesOfProductsSaysWhatIsMissing() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-first-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("zorb,price\nKettle,49.90\nTeapot,39.00\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/c.csv"))
    let begin = try Command("init", "--catalogue", "c.csv", in: folder)
    #expect(begin.output.contains("no row makes a product yet"), "\(begin.output)")
    for verb in [["check"], ["preview"], ["generate", "--output", "out"]] {
      let command = try Command(arguments: [verb[0], "manifest.yaml"] + verb.dropFirst(), in: folder)
      #expect(command.status == 65, "\(command.output)")
      #expect(command.errors.contains("none of the 2 rows of 'c.csv' makes a record: missing"), "\(command.errors)")
    }
    // The manifest shows where the columns are to be named.
    let file = URL(fileURLWithPath: "\(folder)/manifest.yaml")
    let manifest = try String(contentsOf: file, encoding: .utf8)
    let mended = manifest.replacingOccurrences(of: "    # map:", with: "    map: ")
      .replacingOccurrences(of: "# id: COLUMN", with: "id: zorb").replacingOccurrences(
        of: "# name: COLUMN", with: "name: zorb")
    #expect(mended != manifest)
    try Data(mended.utf8).write(to: file)
    #expect(try Command("check", "manifest.yaml", in: folder).status == 0)
  }

  @Test(arguments: [
    ("", "empty input"), ("\n\n\n", "empty input"), ("id,name\n", "empty input"),
  ])
  func aFileWithoutProductsIsSaid(text: String, part: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bespoke-first-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/c.csv"))
    let command = try Command("init", "--catalogue", "c.csv", in: folder)
    #expect(command.status == 65)
    #expect(command.errors.contains(part), "\(command.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["c.csv"])
  }
}
