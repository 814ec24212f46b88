import Core
import Host

/// What `init` tells: what it found, what it is not sure of, and what to do next.
struct InitReport {
  let catalogue: String
  let sample: CatalogueSample
  let guess: CatalogueGuess
  let trial: DirtReport
  let manifest: String
  let files: [String]

  var words: String {
    var lines = ["'\(catalogue)': \(form), \(sample.rows) rows looked at", "", "a product's fields:"]
    let width = guess.fields.map(\.field.count).max() ?? 0
    for field in guess.fields {
      let doubt = field.doubt == nil ? " " : "?"
      lines.append("\(doubt) \(field.field)\(String(repeating: " ", count: width - field.field.count))  \(field.words)")
    }
    if !guess.others.isEmpty {
      let shown = guess.others.prefix(12).joined(separator: ", ")
      let more = guess.others.count > 12 ? " and \(guess.others.count - 12) more" : ""
      lines += ["", "kept under their own names, for templates to use: \(shown)\(more)"]
    }
    if !doubts.isEmpty {
      lines += ["", "not sure, please look at 'inputs' in '\(manifest)':"] + doubts.map { "  \($0)" }
    }
    lines += ["", "with this map the rows give: \(trial)", "", "next:"] + steps.map { "  \($0)" }
    return lines.joined(separator: "\n")
  }

  private var form: String {
    let layout = sample.layout
    let guessed = layout.encodingIsGuess && layout.encoding != .utf8 ? ", which is a guess" : ""
    let cells: String =
      switch layout.separator {
      case 0: ""
      case 9: ", cells parted by tabs"
      default: ", cells parted by '\(Character(Unicode.Scalar(layout.separator)))'"
      }
    return "\(layout.format.rawValue)\(cells), \(layout.encoding.rawValue)\(guessed)"
  }

  private var doubts: [String] {
    guess.fields.compactMap { field in field.doubt.map { "\(field.field): \($0)" } } + guess.gaps
  }

  private var steps: [String] {
    let output = manifest.hasSuffix("/manifest.yaml") ? "\(manifest.dropLast(14))/out" : "out"
    return [
      "bespoke check \(manifest)", "bespoke preview \(manifest) --open",
      "bespoke generate \(manifest) --output \(output)",
    ]
  }

  var document: Document {
    Document { builder in
      builder.beginObject()
      builder.key("rows")
      builder.int(Int64(sample.rows))
      builder.key("fields")
      builder.beginArray()
      for field in guess.fields {
        builder.beginObject()
        builder.key("field")
        builder.string(field.field)
        builder.key("columns")
        builder.beginArray()
        for column in field.columns { builder.string(column) }
        builder.end()
        for (key, text) in [("rule", field.rule), ("doubt", field.doubt)] {
          guard let text else { continue }
          builder.key(key)
          builder.string(text)
        }
        builder.end()
      }
      builder.end()
      for (key, texts) in [("others", guess.others), ("gaps", guess.gaps), ("files", files), ("next", steps)] {
        builder.key(key)
        builder.beginArray()
        for text in texts { builder.string(text) }
        builder.end()
      }
      builder.key("records")
      builder.int(Int64(trial.records))
      builder.key("rejected")
      builder.int(Int64(trial.rejected))
      builder.key("found")
      trial.writeKinds(to: builder)
      builder.end()
    }
  }
}
