import Core
import Foundation
import NGramModel
import Testing

struct ARPATests {
  static let sound =
    "\\data\\\nngram 1=4\nngram 2=2\n\n\\1-grams:\n-1\t<unk>\t0\n0\t<s>\t-0.5\n-0.3\t</s>\t0\n-0.7\tshop\t-0.25\n\n"
    + "\\2-grams:\n-0.1\t<s> shop\n-0.2\tshop </s>\n\n\\end\\\n"

  private func read(_ text: String) throws -> ARPAReader {
    var text = text
    return try text.withUTF8 { try ARPAReader($0, name: "m.arpa") }
  }

  @Test func readsWhatItHolds() throws {
    let reader = try read(Self.sound)
    #expect(reader.model.counts == [4, 2])
    #expect(reader.warnings.isEmpty)
    #expect(reader.model.entries(order: 1)["shop"]?.logProbability == -0.7)
    #expect(reader.model.entries(order: 1)["shop"]?.logBackoff == -0.25)
    #expect(reader.model.entries(order: 2)["<s> shop"]?.logProbability == -0.1)
  }

  @Test func dropsCarriageReturns() throws {
    let reader = try read(Self.sound.replacingOccurrences(of: "\n", with: "\r\n"))
    #expect(reader.model.entries(order: 2) == (try read(Self.sound).model.entries(order: 2)))
    #expect(reader.warnings.isEmpty)
  }

  @Test func takesTheOtherSpellingOfTheUnknownWord() throws {
    let reader = try read(Self.sound.replacingOccurrences(of: "<unk>", with: "<UNK>"))
    #expect(reader.model.entries(order: 1) == (try read(Self.sound).model.entries(order: 1)))
    #expect(reader.warnings.isEmpty)
  }

  @Test(arguments: [
    ("\n\\end\\\n", "\n", "'\\end\\' was missing"),
    ("-0.7\tshop\t-0.25", "-0.7\tshop", "1 n-grams had no back-off and got 0"),
    ("-1\t<unk>\t0\n", "", "'<unk>' was missing and got the probability 10^-100"),
    ("-0.3\t</s>\t0\n", "", "'</s>' was missing and got the probability 10^-99"),
    ("0\t<s>\t-0.5\n", "", "'<s>' was missing and got the probability 10^0"),
  ])
  func saysWhatItRepairs(part: String, replacement: String, warning: String) throws {
    var text = Self.sound.replacingOccurrences(of: part, with: replacement)
    if replacement.isEmpty { text = text.replacingOccurrences(of: "1=4", with: "1=3") }
    #expect(try read(text).warnings.map(\.detail) == ["'m.arpa': \(warning)"])
  }

  @Test(arguments: [
    ("ngram 2=2", "ngram 2=3", "expected 3 n-grams of order 2, found 2 (in m.arpa:15:1)"),
    ("ngram 2=2", "ngram 2=1", "expected 1 n-grams of order 2, found more (in m.arpa:13:1)"),
    ("ngram 2=2", "ngram 3=2", "expected 'ngram 2=COUNT', got 'ngram 3=2' (in m.arpa:3:1)"),
    ("-0.2\tshop", "+0.2\tshop", "the logarithm of a probability must not be above 0, got 0.2 (in m.arpa:13:1)"),
    ("-0.2\tshop", "nan\tshop", "expected a logarithm, got 'nan\tshop </s>' (in m.arpa:13:1)"),
    ("shop </s>", "shop now", "the word 'now' is not among the 1-grams (in m.arpa:13:1)"),
    ("shop </s>", "shop", "expected 2 words, found 1 (in m.arpa:13:1)"),
    ("shop </s>", "<s> shop", "the n-gram '<s> shop' stands twice (in m.arpa:13:1)"),
    ("\\2-grams:", "\\3-grams:", "expected '\\2-grams:', got '\\3-grams:' (in m.arpa:11:1)"),
  ])
  func namesTheLineOfAFault(part: String, replacement: String, message: String) {
    #expect {
      try read(Self.sound.replacingOccurrences(of: part, with: replacement))
    } throws: {
      "\($0)" == "invalid ARPA text: \(message)"
    }
  }

  @Test func addsSuffixesThatAreMissing() throws {
    let text =
      "\\data\\\nngram 1=5\nngram 2=1\nngram 3=1\n\\1-grams:\n-1\t<unk>\n0\t<s>\t-0.5\n-0.3\t</s>\n-0.7\ta\t-0.25\n-0.9\tb\t-0.1\n"
      + "\\2-grams:\n-0.1\t<s> a\t-0.2\n\\3-grams:\n-0.05\t<s> a b\n\\end\\\n"
    let reader = try read(text)
    #expect(reader.model.counts == [5, 2, 1])
    let added = try #require(reader.model.entries(order: 2)["a b"])
    #expect(abs(added.logProbability - (-0.25 - 0.9)) < 1e-6)
    #expect(reader.warnings.contains { $0.detail.contains("1 n-grams were missing as suffixes") })
  }

  @Test func writesWhatItReads() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).arpa")
    defer { try? FileManager.default.removeItem(at: file) }
    let model = try Trainer(TrainingOptions(order: 3)).train(Corpus(shopCopy)).model
    try ARPAWriter.write(model, to: file.path)
    let again = try read(String(contentsOf: file, encoding: .utf8)).model
    for order in 1...3 {
      let (written, read) = (model.entries(order: order), again.entries(order: order))
      #expect(written.count == read.count)
      for (words, entry) in written {
        #expect(abs(entry.logProbability - (read[words]?.logProbability ?? .nan)) < 1e-6)
        #expect(abs(entry.logBackoff - (read[words]?.logBackoff ?? .nan)) < 1e-6)
      }
    }
  }
}
