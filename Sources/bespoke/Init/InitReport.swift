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
    let locale = guess.locale ?? "an unknown language, 'locales' says \(FirstManifest.usualLocale)"
    var lines = [
      "'\(catalogue)': \(form), \(counted(sample.rows, "row")) looked at",
      "texts in \(locale), prices in \(guess.currency ?? "an unknown currency")", "",
      "a product's fields:",
    ]
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
    lines += ["", "please look at these in '\(manifest)':"] + doubts.map { "  \($0)" }
    lines += ["", "with this map the rows give: \(trial.words(besides: said))", ""]
    if trial.records == 0 {
      lines.append(
        "no row makes a product yet: say in '\(manifest)', under 'inputs', which columns hold 'id' and 'name'; then:")
    } else {
      lines.append("next:")
    }
    lines += steps.map { "  \($0)" }
    return lines.joined(separator: "\n")
  }

  private var form: String {
    let layout = sample.layout
    // UTF-8 and UTF-16 show themselves.
    let guessed = layout.encodingIsGuess && layout.encoding == .windows1252 ? ", which is a guess" : ""
    let cells: String =
      switch layout.separator {
      case 0: ""
      case 9: ", cells parted by tabs"
      default: ", cells parted by '\(Character(Unicode.Scalar(layout.separator)))'"
      }
    return "\(layout.format.rawValue)\(cells), \(layout.encoding.rawValue)\(guessed)"
  }

  private var doubts: [String] {
    guess.fields.compactMap { field in field.doubt.map { "\(field.field): \($0)" } } + gaps
  }

  /// What neither the file nor anything else here says.
  private var gaps: [String] {
    guess.gaps + ["links say '\(FirstManifest.baseURL)'; write under 'site' where the pages will be published"]
  }

  /// What the trial would say of every row, as no column is there to say it of.
  private var said: Set<DirtKind> {
    let kinds: KeyValuePairs<String, DirtKind> = [
      "brand": .missingBrand, "category": .missingCategory, "description": .missingDescription, "image": .missingImage,
      "price": .missingPrice,
    ]
    var said = Set(kinds.filter { kind in !guess.fields.contains { $0.field == kind.key } }.map { $0.value })
    if guess.currency == nil { said.insert(.priceWithoutCurrency) }
    return said
  }

  private var steps: [String] {
    let output = manifest.hasSuffix("/manifest.yaml") ? "\(manifest.dropLast(14))/out" : "out"
    let (manifest, folder) = (shellWord(manifest), shellWord(output))
    return [
      "bespoke check \(manifest)", "bespoke preview \(manifest) --open",
      "bespoke generate \(manifest) --output \(folder)",
    ]
  }

  /// A path as a shell takes it for one word.
  private func shellWord(_ text: String) -> String {
    text.wholeMatch(of: /[\p{L}\p{N}_.\/@%+=:,-]+/) != nil
      ? text : "'\(text.replacing("'", with: "'\\''"))'"
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
      for (key, texts) in [("others", guess.others), ("gaps", gaps), ("files", files), ("next", steps)] {
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
