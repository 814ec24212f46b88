import Core

/// What one invented customer told the shop.
struct Account {
  enum Kind { case new, loyal, vip, lapsed, declined }

  private static let firstNames: [String: [String]] = [
    "en-US": [
      "Avery", "Blake", "Casey", "Dana", "Elliot", "Frankie", "Gray", "Harper", "Indigo", "Jules", "Kendall", "Logan",
      "Morgan", "Noel", "Parker", "Quinn", "Riley", "Sage", "Taylor", "Wren",
    ],
    "de-DE": [
      "Alex", "Benja", "Chris", "Dominique", "Eike", "Finn", "Gerrit", "Helge", "Inge", "Jona", "Kim", "Luca", "Maris",
      "Nikola", "Ole", "Robin", "Sascha", "Toni", "Ulli", "Wanja",
    ],
    "zh-CN": [
      "安然", "白露", "晨曦", "丹青", "海宁", "嘉禾", "景行", "可心", "林一", "明远", "宁静", "清和", "若水", "思齐", "天佑", "文心", "晓舟", "一诺", "云帆",
      "子墨",
    ],
  ]

  let id: String
  let kind: Kind
  let locale: String
  /// One in twelve has not told a name.
  let firstName: String?
  let wantsMail: Bool

  init(number: Int, _ random: inout SeededRandom) {
    id = "p" + String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
    kind = Self.kind(random.unit())
    let share = random.unit()
    locale = share < 0.45 ? "en-US" : share < 0.8 ? "de-DE" : "zh-CN"
    firstName = random.unit() > 1.0 / 12 ? Self.firstNames[locale]?.randomElement(using: &random) : nil
    wantsMail = kind != .declined && random.unit() < 0.8
  }

  private static func kind(_ share: Double) -> Kind {
    share < 0.30 ? .new : share < 0.62 ? .loyal : share < 0.72 ? .vip : share < 0.90 ? .lapsed : .declined
  }

  /// Minutes east of UTC on the customer's clock.
  var offset: Int { locale == "en-US" ? -300 : locale == "de-DE" ? 60 : 480 }

  /// The account as a line of JSON.
  var json: String {
    Document { builder in
      builder.beginObject()
      for (key, text) in [
        ("id", id), ("locale", locale), ("first_name", firstName ?? ""), ("email", "\(id)@customers.example"),
      ] where !text.isEmpty {
        builder.key(key)
        builder.string(text)
      }
      builder.key("consent")
      builder.beginObject()
      builder.key("personalise")
      builder.bool(kind != .declined)
      builder.key("email")
      builder.bool(wantsMail)
      builder.end()
      builder.end()
    }.json
  }
}
