/// What shops call the canonical fields of a product, the most telling name first, in English, German, French and Chinese.
enum FieldNames {
  static let id = [
    "id", "sku", "product id", "item id", "article id", "article number", "artikelnummer", "artikelnr", "artikel nr",
    "item number", "product code", "uniq id", "unique id", "uid", "asin", "code", "reference", "ref", "référence", "nr",
    "number", "handle", "商品编号", "产品编号", "商品编码", "产品编码", "编号", "编码", "货号",
  ]
  static let name = [
    "name", "title", "product name", "product title", "artikelbezeichnung", "produktname", "artikelname", "bezeichnung",
    "titel", "item name", "label", "nom", "titre", "désignation", "model name",
    "商品名称", "产品名称", "商品名", "产品名", "名称", "品名", "标题",
  ]
  static let mpn = [
    "mpn", "manufacturer part number", "part number", "model number", "style number", "herstellernummer", "model", "型号",
  ]
  static let slug = ["slug", "handle", "url key", "permalink", "url handle", "seo name"]
  static let brand = [
    "brand", "manufacturer", "vendor", "supplier", "maker", "marke", "hersteller", "marque", "brand name", "品牌", "品牌名称",
    "厂商", "制造商",
  ]
  static let category = [
    "category", "category path", "category full path", "categories", "product category", "product type",
    "google product category", "category name", "kategorie", "kategorien", "warengruppe", "catégorie", "department",
    "breadcrumbs", "breadcrumb", "product category tree", "type", "分类", "类别", "类目", "商品分类",
  ]
  static let description = [
    "description", "long description", "product description", "body html", "body", "beschreibung", "langbeschreibung",
    "short description", "kurzbeschreibung", "about product", "details", "overview", "text", "summary", "商品描述",
    "产品描述", "描述", "详情", "商品详情", "介绍", "简介",
  ]
  static let price = [
    "price", "regular price", "list price", "retail price", "price min", "variant price", "unit price", "price cents",
    "price cent", "preis", "verkaufspreis", "vk", "uvp", "msrp", "rrp", "mrp", "prix", "selling price", "price gross",
    "current price", "价格", "售价", "单价", "零售价", "原价",
  ]
  static let salePrice = [
    "sale price", "special price", "offer price", "discounted price", "discount price", "reduced price",
    "angebotspreis", "aktionspreis", "prix promo", "促销价", "特价", "折扣价",
  ]
  static let currency = ["currency", "currency code", "price currency", "währung", "waehrung", "devise", "货币", "币种"]
  static let availability = [
    "availability", "stock status", "in stock", "is in stock", "in stock any", "available", "verfügbarkeit", "stock",
    "quantity", "qty", "inventory", "inventory quantity", "lagerbestand", "bestand", "disponibilité", "库存", "库存状态",
    "库存数量",
  ]
  static let condition = ["condition", "zustand", "état"]
  static let gtin = [
    "gtin", "ean", "ean13", "gtin13", "upc", "barcode", "isbn", "ean code", "variant barcode", "gtin ean", "条形码", "条码",
  ]
  static let url = ["url", "link", "product url", "product link", "page url", "permalink", "链接", "网址", "商品链接"]
  static let image = [
    "image", "image url", "image link", "picture", "photo", "image src", "featured image url", "featured image", "img",
    "img high", "img large", "bild", "bild url", "thumbnail", "img low", "img thumb", "base image", "图片", "主图", "图片链接",
    "商品图片",
  ]
  static let images = [
    "images", "image urls", "additional image link", "additional images", "gallery", "media", "pictures", "photos",
    "bilder", "image",
  ]
  static let tags = ["tags", "keywords", "labels", "schlagworte", "stichworte", "mots clés", "标签", "关键词"]
  static let rating = [
    "rating value", "rating", "review rating", "average rating", "stars", "product rating", "overall rating",
    "average review rating", "bewertung", "评分",
  ]
  static let ratingCount = [
    "rating count", "review count", "number of reviews", "reviews count", "ratings total", "reviews", "num reviews",
    "anzahl bewertungen", "评论数", "评价数",
  ]

  /// For each language the locale of the country with the most of its readers.
  static let locales = [
    "en": "en-US", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT", "nl": "nl-NL", "pt": "pt-BR",
    "tr": "tr-TR", "pl": "pl-PL", "sv": "sv-SE", "zh": "zh-CN",
  ]
}
