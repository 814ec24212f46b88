/// What shops call the canonical fields of a product, the most telling name first, in English, German and French.
enum FieldNames {
  static let id = [
    "id", "sku", "product id", "item id", "article id", "article number", "artikelnummer", "artikelnr", "artikel nr",
    "item number", "product code", "uniq id", "unique id", "uid", "asin", "code", "reference", "ref", "référence", "nr",
    "number", "handle",
  ]
  static let name = [
    "name", "title", "product name", "product title", "artikelbezeichnung", "produktname", "artikelname", "bezeichnung",
    "titel", "item name", "label", "nom", "titre", "désignation", "model name",
  ]
  static let mpn = [
    "mpn", "manufacturer part number", "part number", "model number", "style number", "herstellernummer", "model",
  ]
  static let slug = ["slug", "handle", "url key", "permalink", "url handle", "seo name"]
  static let brand = [
    "brand", "manufacturer", "vendor", "supplier", "maker", "marke", "hersteller", "marque", "brand name",
  ]
  static let category = [
    "category", "category path", "category full path", "categories", "product category", "product type",
    "google product category", "category name", "kategorie", "kategorien", "warengruppe", "catégorie", "department",
    "breadcrumbs", "breadcrumb", "product category tree", "type",
  ]
  static let description = [
    "description", "long description", "product description", "body html", "body", "beschreibung", "langbeschreibung",
    "short description", "kurzbeschreibung", "about product", "details", "overview", "text", "summary",
  ]
  static let price = [
    "price", "regular price", "list price", "retail price", "price min", "variant price", "unit price", "price cents",
    "price cent", "preis", "verkaufspreis", "vk", "uvp", "msrp", "rrp", "mrp", "prix", "selling price", "price gross",
    "current price",
  ]
  static let salePrice = [
    "sale price", "special price", "offer price", "discounted price", "discount price", "reduced price",
    "angebotspreis", "aktionspreis", "prix promo",
  ]
  static let currency = ["currency", "currency code", "price currency", "währung", "waehrung", "devise"]
  static let availability = [
    "availability", "stock status", "in stock", "is in stock", "in stock any", "available", "verfügbarkeit", "stock",
    "quantity", "qty", "inventory", "inventory quantity", "lagerbestand", "bestand", "disponibilité",
  ]
  static let condition = ["condition", "zustand", "état"]
  static let gtin = [
    "gtin", "ean", "ean13", "gtin13", "upc", "barcode", "isbn", "ean code", "variant barcode", "gtin ean",
  ]
  static let url = ["url", "link", "product url", "product link", "page url", "permalink"]
  static let image = [
    "image", "image url", "image link", "picture", "photo", "image src", "featured image url", "featured image", "img",
    "img high", "img large", "bild", "bild url", "thumbnail", "img low", "img thumb", "base image",
  ]
  static let images = [
    "images", "image urls", "additional image link", "additional images", "gallery", "media", "pictures", "photos",
    "bilder", "image",
  ]
  static let tags = ["tags", "keywords", "labels", "schlagworte", "stichworte", "mots clés"]
  static let rating = [
    "rating value", "rating", "review rating", "average rating", "stars", "product rating", "overall rating",
    "average review rating", "bewertung",
  ]
  static let ratingCount = [
    "rating count", "review count", "number of reviews", "reviews count", "ratings total", "reviews", "num reviews",
    "anzahl bewertungen",
  ]

  /// For each language the locale of the country with the most of its readers.
  static let locales = [
    "en": "en-US", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT", "nl": "nl-NL", "pt": "pt-BR",
    "tr": "tr-TR", "pl": "pl-PL", "sv": "sv-SE",
  ]
}
