import Core

/// Briefs that are made up.
enum SampleBrief {
  /// A brief such as a run would make, with a text at every path of `reads` that it would lack.
  static func make(reads: [String], options: Document) -> Document {
    guard let plain = try? Document(json: json) else { preconditionFailure("the sample brief is JSON") }
    let paths = reads.map { $0.split(separator: ".").map(String.init) }
    return Document { builder in
      fill(plain.root, [], paths, builder) {
        builder.key("params")
        builder.copy(options.root)
      }
    }
  }

  /// Copies of a brief whose texts and numbers differ from one to the next; the types stay.
  static func variants(of brief: Value, count: Int, random: inout SeededRandom) -> [Document] {
    (0..<count).map { _ in
      var random = SeededRandom(seed: random.next())
      return Document { vary(brief, $0, &random) }
    }
  }

  private static func vary(_ value: Value, _ builder: DocumentBuilder, _ random: inout SeededRandom) {
    switch value.kind {
    case .string where random.next() % 2 == 0:
      let words = ["red", "Lampe", "naïve", "日本", "<b>", "&", "\"", "100 %", "e\u{301}", "\u{1F3A9}"]
      let count = Int(random.next() % 5) + 1
      builder.string((0..<count).map { _ in words[Int(random.next() % UInt64(words.count))] }.joined(separator: " "))
    case .integer where random.next() % 2 == 0: builder.int(Int64(random.next() % 100_000))
    case .array:
      builder.beginArray()
      for index in 0..<value.count { vary(value[index], builder, &random) }
      builder.end()
    case .object:
      builder.beginObject()
      for index in 0..<value.count {
        builder.key(value.key(at: index))
        vary(value[index], builder, &random)
      }
      builder.end()
    default: builder.copy(value)
    }
  }

  private static func fill(
    _ value: Value, _ path: [String], _ reads: [[String]], _ builder: DocumentBuilder, more: () -> Void
  ) {
    guard value.kind == .object else { return builder.copy(value) }
    builder.beginObject()
    for index in 0..<value.count {
      let key = String(decoding: value.key(at: index), as: UTF8.self)
      builder.key(key)
      fill(value[index], path + [key], reads, builder) {}
    }
    var lacking: [String] = []
    for read in reads where read.count == path.count + 1 && read.starts(with: path) && !path.isEmpty {
      let key = read[path.count]
      if value[key].kind == .missing, !lacking.contains(key) { lacking.append(key) }
    }
    for key in lacking {
      builder.key(key)
      builder.string("value")
    }
    more()
    builder.end()
  }

  private static let json = #"""
    {"profile":{"id":"p1","first_name":"Ada","locale":"en-GB","segment":"new","tags":["news"],"orders":3,
      "recommendations":[{"id":"a1","score":0.5,"reason":"bought together"}]},
    "product":{"id":"a1","name":"Desk lamp","brand":"Acme","category":"Lamps","price":"19.90","currency":"EUR",
      "availability":"in_stock","description":"A lamp for the desk.","tagline":"Light where it is needed",
      "url":"https://shop.example/a1","images":["https://shop.example/a1.jpg"],"tags":["lamp"],"rating":4.5},
    "products":[{"id":"a1","name":"Desk lamp","price":"19.90","url":"https://shop.example/a1"},
      {"id":"a2","name":"Floor lamp","price":"49.00","url":"https://shop.example/a2"}],
    "slots":{"headline":"A lamp for you"},"locale":"en-GB","channel":"email","campaign":"spring","variant":"a",
    "site":{"name":"Shop","base_url":"https://shop.example","currency":"EUR"},
    "asset":{"path":"a1.html","url":"https://shop.example/a1.html"},"run_time":1700000000,"stage":"stage","attempt":1}
    """#
}
