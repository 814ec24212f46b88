/// Writes the metadata of a page's `<head>`: title, description, canonical and alternate links, Open Graph, preview
/// card, structured data.
public enum HeadWriter {
  /// Appends the elements, one a line; the caller writes `<head>`, charset, viewport and styles.
  public static func append(_ head: PageHead, to output: inout [UInt8]) {
    output.append(raw: "<title>" as StaticString)
    Escaping.htmlText.append(head.title, to: &output)
    output.append(raw: "</title>\n" as StaticString)
    meta(#"<meta name="description" content=""#, head.description, to: &output)
    meta(#"<meta name="digital-source-type" content=""#, head.source.newsCode ?? "", to: &output)
    link(#"<link rel="canonical" href=""#, head.canonical, to: &output)
    for alternate in head.alternates where WebAddress.isAbsolute(alternate.url) {
      output.append(raw: #"<link rel="alternate" hreflang=""# as StaticString)
      Escaping.htmlAttribute.append(alternate.hreflang, to: &output)
      link(#"" href=""#, alternate.url, to: &output)
    }
    meta(#"<meta property="og:title" content=""#, head.title, to: &output)
    meta(#"<meta property="og:type" content=""#, head.type, to: &output)
    link(#"<meta property="og:url" content=""#, head.canonical, to: &output)
    meta(#"<meta property="og:description" content=""#, head.description, to: &output)
    meta(#"<meta property="og:site_name" content=""#, head.siteName, to: &output)
    let locale = head.locale.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
    meta(#"<meta property="og:locale" content=""#, locale, to: &output)
    let hasImage = WebAddress.isAbsolute(head.image)
    link(#"<meta property="og:image" content=""#, head.image, to: &output)
    if hasImage { meta(#"<meta property="og:image:alt" content=""#, head.imageDescription, to: &output) }
    if let price = Price(head.price), !price.isZero {
      let decimals = Price.decimals(ofCurrency: head.currency.string)
      meta(#"<meta property="product:price:amount" content=""#, price.text(decimals: decimals), to: &output)
      meta(#"<meta property="product:price:currency" content=""#, head.currency, to: &output)
    }
    let card: StaticString = hasImage ? "summary_large_image" : "summary"
    meta(#"<meta name="twitter:card" content=""#, card, to: &output)
    if !head.jsonLD.isEmpty {
      output.append(raw: #"<script type="application/ld+json">"# as StaticString)
      output.append(raw: head.jsonLD)
      output.append(raw: "</script>\n" as StaticString)
    }
  }

  /// Writes an element that ends in an attribute, unless the attribute's text is empty.
  private static func meta(_ opening: StaticString, _ text: some UTF8Text, to output: inout [UInt8]) {
    if text.withBytes({ $0.isEmpty }) { return }
    output.append(raw: opening)
    Escaping.htmlAttribute.append(text, to: &output)
    output.append(raw: "\">\n" as StaticString)
  }

  /// Writes an element that ends in an attribute, unless its URL is not one of the web.
  private static func link(_ opening: StaticString, _ url: Bytes, to output: inout [UInt8]) {
    guard WebAddress.isAbsolute(url) else { return }
    meta(opening, Escaping.url.escaped(url), to: &output)
  }
}
