import NGramModel
import Testing

struct TokeniserTests {
  private static let copy = [
    "New arrivals: shoes, bags & more!", "Save up to 20 % on {brand} (today only).", "Spare 12,99 € – nur heute!",
    "Économisez 15 % sur l’été : c’est parti !", "Ahorra hoy. ¿Listo? ¡Compra ya!",
    "Scopri T-shirt e jeans/gonne a 9,90 €",
    "送料無料！新作シューズが50%オフ、今すぐチェック。", "新品上市：跑鞋（黑色）直降 200 元", "신상품 운동화, 지금 만나보세요!",
    "รองเท้าใหม่ลด 20%", "كل الأحذية بخصم ٢٠٪ اليوم", "Rock'n'roll \"vintage\" #sale @shop", "«Nouveau» 10-pack, 3.5mm",
    "Woher? Von {site.name}…", "a  b", "£12 off", "e.g. this", "Цены от 1 990 ₽",
  ]

  @Test(arguments: copy)
  func isUndoneByTheDetokeniser(line: String) {
    let tokens = Tokeniser().tokens(line)
    #expect(Detokeniser().text(tokens) == line.replacingOccurrencesOfDoubleBlanks)
    #expect(tokens.allSatisfy { !$0.contains(" ") })
  }

  @Test(arguments: [
    ("Save 20% on l'été!", ["Save", "20", "\u{FFED}%", "on", "l'été", "!"]),
    ("新作50%オフ。", ["新", "作", "50", "\u{FFED}%", "オ", "フ", "。"]),
    ("{brand}: 12,99 €", ["{brand}", ":", "12,99", "€"]), ("{not a slot}", ["{", "not", "a", "slot", "}"]),
  ])
  func splits(line: String, tokens: [String]) {
    #expect(Tokeniser().tokens(line) == tokens)
  }

  @Test(arguments: [
    ("nur 12,99 € statt 19 €", ["nur", "{price}", "statt", "{price}"]),
    ("save 20 % today", ["save", "{percentage}", "today"]),
    ("$5 off, 5%", ["{price}", "off", ",", "{percentage}"]), ("size 42", ["size", "42"]),
  ])
  func recognisesClasses(line: String, tokens: [String]) {
    #expect(Tokeniser(recognisesClasses: true).tokens(line) == tokens)
  }

  @Test func fillsSlotsAndCapitalises() {
    let detokeniser = Detokeniser(values: ["brand": "acme"], capitalises: true)
    let tokens = Tokeniser().tokens("«{brand}» is here. shop {brand}! {other}")
    #expect(detokeniser.text(tokens) == "«Acme» is here. Shop acme! {other}")
  }
}

extension String {
  fileprivate var replacingOccurrencesOfDoubleBlanks: String {
    split(separator: " ").joined(separator: " ")
  }
}
