import Core
import Markup

/// Shopify's product CSV: a row for each product with its first picture, and a row for each further picture.
///
/// Columns: Shopify's help page "Using CSV files to import and export products". A product that the run rendered several
/// times is one item. Memory does not grow: ids and handles lie in temporary files once they are many.
struct ShopifyFormat: FeedFormat {
  private static let columns = [
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
    "Variant SKU", "Variant Inventory Policy", "Variant Fulfillment Service", "Variant Price",
    "Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable", "Variant Barcode", "Image Src",
    "Image Position", "Image Alt Text", "SEO Title", "SEO Description", "Status",
  ]

  private let site: FeedSite
  private let ids = KeySet()
  private let handles = WordPressSlug()
  var bytes: [UInt8] = []

  init(site: FeedSite) { self.site = site }

  var check: FeedCheck { .csv(fields: Self.columns.count) }

  mutating func begin() { row(Self.columns) }
  mutating func end() {}

  mutating func write(_ item: FeedItem, _ summary: inout FeedSummary) {
    let product = item.product
    guard product.exists, let entry = PageEntry(item, site: site, &summary) else {
      summary.passedOver += product.exists ? 0 : 1
      return
    }
    let id = product["id"].line
    guard id.isEmpty || ids.insert(id) else {
      summary.passedOver += 1
      return
    }
    guard let price = Price(product["price"].text) else {
      return summary.skip("no 'price'", example: entry.example)
    }
    let decimals = Price.decimals(ofCurrency: product["currency"].exists ? product["currency"].line : site.currency)
    let sale = Price(product["sale_price"].text).flatMap { !$0.isZero && $0 < price ? $0 : nil }
    let handle = handles.take([
      WordPressSlug.make(from: product["slug"].line), WordPressSlug.make(from: entry.title), id,
    ])
    let pictures = product.imageURLs(base: site.baseURL).filter { WebAddress.fileExtension(of: $0) != "svg" }
    let tags = (0..<product["tags"].count).map { product["tags"][$0].plainLine.replacing(",", with: " ") }
    var isAltered = false
    func words(_ text: String) -> String {
      // A spreadsheet would take the text for a formula.
      guard let first = text.utf8.first, "=+-@".utf8.contains(first) else { return text }
      isAltered = true
      return " " + text
    }
    let name = product["name"].plainLine
    let title = words((name.isEmpty ? entry.title : name).cut(to: 255))
    let alt = pictures.isEmpty ? "" : title
    row([
      handle, title, words(String(decoding: item.content, as: UTF8.self)), words(product["brand"].plainLine),
      words(product["category"].categoryPath.last ?? ""), words(tags.joined(separator: ", ")), "TRUE", "Title",
      "Default Title", words(id), "deny", "manual", (sale ?? price).text(decimals: decimals),
      sale == nil ? "" : price.text(decimals: decimals), "TRUE", "TRUE", words(product["gtin"].line),
      pictures.first ?? "", pictures.isEmpty ? "" : "1", alt, title.cut(to: 70), words(entry.summary.cut(to: 320)),
      product["availability"].line == "out_of_stock" ? "draft" : "active",
    ])
    for (index, picture) in pictures.dropFirst().enumerated() {
      var cells = Array(repeating: "", count: Self.columns.count)
      cells[0] = handle
      cells[17] = picture
      cells[18] = "\(index + 2)"
      cells[19] = title
      row(cells)
    }
    summary.written += 1
    if isAltered { summary.repair("blank put before a text that a spreadsheet would run", example: entry.example) }
  }

  private mutating func row(_ cells: [String]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      guard cell.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) || cell.utf8.first == 0x20 else {
        bytes.append(contentsOf: cell.utf8)
        continue
      }
      bytes.append(UInt8(ascii: "\""))
      for byte in cell.utf8 {
        if byte == UInt8(ascii: "\"") { bytes.append(byte) }
        bytes.append(byte)
      }
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(raw: "\r\n" as StaticString)
  }
}
