import Core
import Host

extension RunReport {
  /// The report in words.
  func words(output: String?) -> String {
    var lines: [String] = []
    let rate = seconds > 0 ? Int(Double(written) / seconds) : 0
    let place = output.map { " in '\($0)'" } ?? ""
    lines.append(
      "\(counted(written, "asset"))\(place), \(bytes / 1000) kB, in \(rounded(seconds)) s (\(rate)/s)"
        + (isInterrupted ? "; interrupted before the end" : ""))
    if isResumed { lines.append("  went on with a run that was not finished") }
    if unchanged > 0 { lines.append("  unchanged, left alone: \(unchanged)") }
    addStale(to: &lines)
    for (slot, count) in assets.sorted(by: { $0.key < $1.key }) { lines.append("  \(slot): \(count)") }
    for (pipeline, count) in routed.sorted(by: { $0.key < $1.key }) { lines.append("  took '\(pipeline)': \(count)") }
    let locales = unsupportedLocales.map { ($0 == "others" ? "other locales are" : "the locale '\($0)' is", $1) }
    add("default locale for", Dictionary(locales.map { ("\($0) not supported", $1) }) { first, _ in first }, to: &lines)
    for (name, count) in fallbacks.sorted(by: { $0.key < $1.key }) { lines.append("  fell back to \(name): \(count)") }
    add("passed over", passedOver, to: &lines)
    for (stage, count) in retries.sorted(by: { $0.key < $1.key }) {
      lines.append("  called again \(counted(count, "time")): stage '\(stage)'")
    }
    for feed in feeds {
      lines.append("  feed '\(feed.path)' (\(feed.kind)): \(counted(feed.items, "item"))")
      for note in feed.notes {
        lines.append("    \(note.count) x \(note.reason)\(examples(note.examples))")
      }
    }
    add("skipped", skips, to: &lines)
    add("left empty", emptied, to: &lines)
    add("warned of", warnings, to: &lines)
    add("failed", failures, to: &lines)
    if collisions.count > 0 {
      lines.append(
        "  failed \(collisions.count): the path is taken already, and each asset needs its own\(examples(collisions.examples))"
      )
    }
    addGaps(to: &lines)
    for input in inputs {
      lines.append("input '\(input.name)': \(input.dirt)")
    }
    return lines.joined(separator: "\n")
  }

  private func addStale(to lines: inout [String]) {
    if staleCount == 0 { return }
    let shown = 20
    lines.append("  made no more, \(pruned == staleCount ? "removed" : "still there"): \(staleCount)")
    lines += stale.prefix(shown).map { "    \($0)" }
    if staleCount > shown { lines.append("    and \(staleCount - shown) more") }
    if let prunedNothing {
      lines.append("  nothing was removed, \(prunedNothing)")
    } else if pruned == 0 {
      lines.append("  '--prune' removes them")
    }
  }

  private func add(_ verb: String, _ tallies: [String: Tally], to lines: inout [String]) {
    for (reason, tally) in tallies.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
      lines.append("  \(verb) \(tally.count): \(reason)\(examples(tally.examples))")
    }
  }

  /// The most frequent first.
  private var sortedGaps: [(key: Gap, value: Tally)] {
    gaps.sorted {
      (-$0.value.count, $0.key.template, $0.key.variable) < (-$1.value.count, $1.key.template, $1.key.variable)
    }
  }

  private func addGaps(to lines: inout [String]) {
    let shown = 20
    if !gaps.isEmpty { lines.append("missing data:") }
    for (gap, tally) in sortedGaps.prefix(shown) {
      let became = gap.fellBack ? "fell back to its default" : "was empty"
      lines.append(
        "  '\(gap.variable)' in '\(gap.template)' \(became) \(counted(tally.count, "time"))\(examples(tally.examples))")
    }
    if gaps.count > shown { lines.append("  and \(gaps.count - shown) more; '--json' lists them all") }
  }

  private func examples(_ examples: [String]) -> String {
    examples.isEmpty ? "" : " (\(examples.joined(separator: "; ")))"
  }

  private func rounded(_ seconds: Double) -> String {
    let tenths = Int((seconds * 100).rounded())
    return "\(tenths / 100).\(tenths % 100 < 10 ? "0" : "")\(tenths % 100)"
  }

  /// The report for machines.
  var document: Document {
    Document { builder in
      func number(_ key: StaticString, _ number: Int) {
        builder.key(key)
        builder.int(Int64(number))
      }
      func counts(_ key: StaticString, _ counts: [String: Int]) {
        builder.key(key)
        builder.beginObject()
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
          builder.key(name)
          builder.int(Int64(count))
        }
        builder.end()
      }
      func strings(_ key: StaticString, _ texts: [String]) {
        builder.key(key)
        builder.beginArray()
        for text in texts { builder.string(text) }
        builder.end()
      }
      func tallies(_ key: StaticString, _ tallies: [String: Tally]) {
        builder.key(key)
        builder.beginArray()
        for (reason, tally) in tallies.sorted(by: { $0.key < $1.key }) {
          builder.beginObject()
          builder.key("reason")
          builder.string(reason)
          number("count", tally.count)
          strings("examples", tally.examples)
          builder.end()
        }
        builder.end()
      }
      builder.beginObject()
      number("written", written)
      number("failed", failed)
      number("bytes", bytes)
      builder.key("seconds")
      builder.double(seconds)
      number("unchanged", unchanged)
      builder.key("resumed")
      builder.bool(isResumed)
      number("stale", staleCount)
      strings("stale_assets", stale)
      number("pruned", pruned)
      builder.key("interrupted")
      builder.bool(isInterrupted)
      counts("assets", assets)
      counts("routed", routed)
      tallies("unsupported_locales", unsupportedLocales)
      counts("fallbacks", fallbacks)
      tallies("passed_over", passedOver)
      counts("retries", retries)
      tallies("failures", failures)
      tallies("skips", skips)
      tallies("emptied", emptied)
      tallies("warnings", warnings)
      tallies("collisions", collisions.count > 0 ? ["the path is taken already": collisions] : [:])
      builder.key("gaps")
      builder.beginArray()
      for (gap, tally) in sortedGaps {
        builder.beginObject()
        builder.key("template")
        builder.string(gap.template)
        builder.key("variable")
        builder.string(gap.variable)
        builder.key("outcome")
        builder.string(gap.fellBack ? "default" : "empty")
        number("count", tally.count)
        strings("examples", tally.examples)
        builder.end()
      }
      builder.end()
      builder.key("feeds")
      builder.beginArray()
      for feed in feeds {
        builder.beginObject()
        builder.key("kind")
        builder.string(feed.kind)
        builder.key("path")
        builder.string(feed.path)
        number("items", feed.items)
        builder.key("notes")
        builder.beginArray()
        for note in feed.notes {
          builder.beginObject()
          builder.key("reason")
          builder.string(note.reason)
          number("count", note.count)
          strings("examples", note.examples)
          builder.end()
        }
        builder.end()
        builder.end()
      }
      builder.end()
      builder.key("inputs")
      builder.beginArray()
      for input in inputs {
        builder.beginObject()
        builder.key("name")
        builder.string(input.name)
        number("rows", input.rows)
        number("records", input.dirt.records)
        number("rejected", input.dirt.rejected)
        builder.key("dirt")
        input.dirt.writeKinds(to: builder)
        builder.end()
      }
      builder.end()
      builder.end()
    }
  }
}
