/// Writes a model as ARPA text: tabs between fields, logarithms to base 10 with seven decimals.
///
/// Source: Doug Paul's format for the ARPA project, as SRILM's manual page ngram-format(5) gives it.
public enum ARPAWriter {
  /// Writes a model to a file, which is replaced if it exists.
  ///
  /// - Throws: `Diagnostic` where the file cannot be written.
  public static func write(_ model: NGrams, to path: String) throws {
    try ByteSink.write(to: path) { write(model, to: $0) }
  }

  private static func write(_ model: NGrams, to sink: ByteSink) {
    sink.write("\\data\\\n")
    for (index, level) in model.levels.enumerated() { sink.write("ngram \(index + 1)=\(level.size)\n") }
    // What is read of it are pointers.
    withExtendedLifetime(model) {
      for order in 1...model.order { write(model, order: order, to: sink) }
    }
    sink.write("\n\\end\\\n")
  }

  private static func write(_ model: NGrams, order: Int, to sink: ByteSink) {
    sink.write("\n\\\(order)-grams:\n")
    let level = model.levels[order - 1]
    let vocabulary = model.vocabulary
    let levels = model.levels.map { ($0.first.base, $0.suffix.base) }
    for item in 0..<level.size {
      sink.advance(DecimalText.write(level.logProbability.base[item], to: sink.room()))
      var separator = UInt8(ascii: "\t")
      var place = item
      for below in stride(from: order - 1, through: 0, by: -1) {
        sink.write(separator)
        sink.write(vocabulary.word(levels[below].0[place]))
        place = Int(levels[below].1[place])
        separator = UInt8(ascii: " ")
      }
      if order < model.order {
        sink.write(UInt8(ascii: "\t"))
        sink.advance(DecimalText.write(level.logBackoff.base[item], to: sink.room()))
      }
      sink.write(UInt8(ascii: "\n"))
    }
  }
}
