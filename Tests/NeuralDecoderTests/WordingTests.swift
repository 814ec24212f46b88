import Core
import NeuralDecoder
import Testing

struct WordingTests {
  static let lines =
    "Back on the road, {name}? {product}, for the rain\n要出门了？带上{product}\nSee the {brand}-coat.\nloose {name rain} in\n"

  static func accepts(_ text: String, slots: [String] = ["name", "product"]) throws -> Bool {
    let tiny = try TinyModel()
    let decoder = tiny.decoder
    return try withExtendedLifetime(tiny) {
      try Constraint(Wording(lines: lines).pattern(slots: slots), decoder).matches(text)
    }
  }

  @Test(arguments: [
    "the rain, {name}? Back on the road", "带上{product}？要出门了", "rain.", "{product}, the road", "loose in",
  ])
  func wordsMarksAndSlotsComeInAnyOrder(text: String) throws { #expect(try Self.accepts(text)) }

  @Test(arguments: [
    "the leather", "the rain 24", "therain", "{brand}", "the {brand}-coat", "{name", "", "the  rain", "the rain, ",
    "要出门了带上{product}", "loose {name rain}", "loose {in} rain",
  ])
  func nothingElseDoes(text: String) throws { #expect(try !Self.accepts(text)) }

  @Test func aWordWithASlotInItNeedsTheSlot() throws {
    #expect(try Self.accepts("See the {brand}-coat.", slots: ["brand"]))
  }
}
