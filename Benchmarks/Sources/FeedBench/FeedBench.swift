import Core
import Foundation
import Host

/// `FeedBench sitemap|merchant|wordpress|jsonl COUNT FOLDER` writes a feed of invented products, checks included, and prints items,
/// bytes, seconds, MB/s and the most anonymous memory that the process was seen to hold.
@main
struct FeedBench {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let count = Int(arguments[2]) else {
      print("usage: FeedBench sitemap|merchant|wordpress|jsonl COUNT FOLDER")
      exit(64)
    }
    let folder = arguments[3]
    let site = FeedSite(
      name: "Shop", baseURL: "https://shop.example", organisation: "Shop", currency: "EUR", defaultLocale: "en-US",
      runTime: 1_772_352_000)
    let path = "\(folder)/\(arguments[1]).\(arguments[1] == "jsonl" ? "jsonl" : "xml")"
    let writer: any FeedWriter =
      switch arguments[1] {
      case "sitemap": try SitemapFeed(path: path, url: "https://shop.example/sitemap.xml", site: site)
      case "merchant": try MerchantFeed(path: path, site: site)
      case "wordpress": try WordPressFeed(path: path, site: site)
      default: try StreamedFeed.jsonLines(path: path, site: site)
      }
    let content = Array("<p>Two sentences say what it is good for. They are as long as such sentences are.</p>".utf8)
    let start = Date()
    var most = 0
    for index in 0..<count {
      if index % 5_000 == 0 { most = max(most, anonymousMemory()) }
      let product = try Document(
        json: #"{"id":"p-\#(index)","name":"Alpine tent \#(index)","slug":"alpine-tent-\#(index)","brand":"Shop","#
          + #""category":"Outdoor > Tents","price":"149.90","currency":"EUR","availability":"in_stock","#
          + #""image":"images/\#(index).png","description":"Sleeps two, keeps dry, weighs little."}"#)
      try withExtendedLifetime(product) {
        try content.withUnsafeBufferPointer {
          let pages = ["en-US", "de-DE", "zh-CN"].map {
            (locale: $0, url: "https://shop.example/\($0)/alpine-tent-\(index).html")
          }
          try writer.add(
            FeedItem(
              product: product.root, url: pages[0].url, path: "en-US/alpine-tent-\(index).html", locale: "en-US",
              title: "Alpine tent \(index)", content: $0, alternates: pages))
        }
      }
    }
    let written = try writer.finish().written
    most = max(most, anonymousMemory())
    let seconds = Date().timeIntervalSince(start)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(arguments[1]) }
    let bytes = try files.reduce(0) {
      $0 + ((try FileManager.default.attributesOfItem(atPath: "\(folder)/\($1)")[.size] as? Int) ?? 0)
    }
    let rate = Double(bytes) / seconds / 1e6
    print(
      "\(arguments[1]): \(written) items, \(files.count) files, \(bytes / 1_000_000) MB, "
        + String(format: "%.1f s, %.0f MB/s, %.1f MB of anonymous memory", seconds, rate, Double(most) / 1024))
  }

  /// In kB.
  static func anonymousMemory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } ?? 0
  }
}
