import Core
import NeuralDecoder

extension DecoderSuite {
  /// Compares tokens and the bytes of each with the reference, exactly.
  static func tokenize(_ cases: Value, _ model: String, _ tokenizer: Tokenizer, into result: inout Result) {
    for index in 0..<cases.count {
      let test = cases[index]
      let text = test["text"].string ?? ""
      result.check("\(model) tokenizer \(index)") {
        let expected = tokens(test["ids"])
        let found = tokenizer.encode(text)
        guard found == expected else { return "\(text.debugDescription): expected \(expected), got \(found)" }
        for (position, token) in found.enumerated() {
          let bytes = tokenizer.decode([token]).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
          let piece = test["pieces_hex"][position].string
          guard bytes == piece else { return "token \(token): expected the bytes \(piece ?? ""), got \(bytes)" }
        }
        guard test["ids_parse_special"].exists else { return nil }
        let special = tokenizer.encode(text, parsingSpecials: true)
        let wanted = tokens(test["ids_parse_special"])
        return special == wanted ? nil : "\(text.debugDescription) with specials: expected \(wanted), got \(special)"
      }
    }
  }
}
