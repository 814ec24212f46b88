import Core
import Glibc
import Testing

@testable import Host

/// Catalogues of real shops, where they lie beside the repository.
struct RealCatalogueTests {
  private static let shared = "\(repositoryRoot)/../shared/data"

  private static func isPresent(_ file: String) -> Bool { access("\(shared)/\(file)", R_OK) == 0 }

  @Test(.enabled("needs ../shared/data/catalogue-icecat") { isPresent("catalogue-icecat/products.jsonl.gz") })
  func electronics() throws {
    let input = try decode(
      files: ["\(Self.shared)/catalogue-icecat/products.jsonl.gz"],
      map: #"""
        {"name":"title","mpn":"name","brand":"supplier","gtin":"ean","image":["img_high","img_500x500","img_low"],
         "price":{"from":"price","scale":0.01,"currency":"USD"},
         "description":{"from":"short_description","strip_html":true,"inspect":true,"language":"en"},
         "attributes":{"prefix":["attr_t_","attr_n_","attr_b_"]}}
        """#)
    #expect(input.rowCount == 11_636 && input.records.count + input.report.rejected == input.rowCount)
    #expect(input.records.count == 11_636)
    #expect(input.text("0/price") == "49.95" && input.text("0/currency") == "USD")
    #expect(input.text("0/attributes/print_technology") == "Laser printing")
    #expect(input.records.allSatisfy { !$0["price"].exists || ($0["price"].double ?? 0) > 0 })
    #expect(input.report[.htmlTags].count > 200 && input.report[.severalGTINs].count > 1000)
    #expect(input.report[.insecureLink].count == 11_636)
  }

  @Test(.enabled("needs ../shared/data/catalogue-fashion") { isPresent("catalogue-fashion/products.csv.gz") })
  func fashion() throws {
    let input = try decode(
      files: ["\(Self.shared)/catalogue-fashion/products.csv.gz"],
      map: #"""
        {"name":"title","slug":"handle","category":["category_full_path","product_type"],"image":"featured_image_url",
         "tags":{"from":"tags","split":"|","except":["issues","Ship *"]},"availability":"in_stock_any",
         "price":{"from":"price_min_usd","currency":"USD"},"rating":{"value":"review_rating","count":"review_count"},
         "description":{"from":"description","drop_tables":true}}
        """#)
    #expect(input.rowCount == 1661 && input.records.count + input.report.rejected == input.rowCount)
    #expect(input.records.count == 1661)
    #expect(input.text("0/slug") == "openwork-v-neck-slit-cover-up" && input.text("0/rating/count") == "7")
    for record in input.records {
      #expect((0..<record["tags"].count).allSatisfy { record["tags"][$0].string?.hasPrefix("Ship ") == false })
    }
    #expect(input.report[.excludedValue].count > 1500 && input.report[.flattenedTable].count > 1000)
  }

  @Test(.enabled("needs ../shared/data/corpus") { isPresent("corpus/flipkart_products.tsv") })
  func generalStore() throws {
    let input = try decode(
      files: ["\(Self.shared)/corpus/flipkart_products.tsv"],
      map: #"""
        {"id":{"hash":["brand","name","price","description"]},"price":{"from":"price","currency":"INR"},
         "description":{"from":"description","inspect":true}}
        """#)
    #expect(input.rowCount == 930 && input.records.count + input.report.rejected == input.rowCount)
    #expect(input.records.count == 930)
    #expect(input.report[.missingBrand].count > 500 && input.report[.priceInText].count > 800)
    #expect(input.text("0/currency") == "INR")
  }
}
