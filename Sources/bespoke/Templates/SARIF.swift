import Core

/// Findings in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS), which code review tools show
/// beside the line.
enum SARIF {
  /// - Parameter file: turns a finding's file into a path from the present folder.
  static func document(of findings: [Diagnostic], file: (String) -> String) -> Document {
    Document { builder in
      builder.beginObject()
      builder.member("version", "2.1.0")
      builder.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      builder.key("runs")
      builder.beginArray()
      builder.beginObject()
      builder.key("tool")
      builder.beginObject()
      builder.key("driver")
      builder.beginObject()
      builder.member("name", "bespoke templates check")
      builder.key("rules")
      builder.beginArray()
      for kind in Set(findings.map(\.kind)).sorted() {
        builder.beginObject()
        builder.member("id", rule(kind))
        builder.text("shortDescription", kind)
        builder.end()
      }
      builder.end()
      builder.end()
      builder.end()
      builder.member("columnKind", "unicodeCodePoints")
      builder.key("results")
      builder.beginArray()
      for finding in findings { add(finding, file: file, to: builder) }
      builder.end()
      builder.end()
      builder.end()
      builder.end()
    }
  }

  private static func rule(_ kind: String) -> String { kind.replacing(" ", with: "-") }

  private static func add(_ finding: Diagnostic, file: (String) -> String, to builder: DocumentBuilder) {
    builder.beginObject()
    builder.member("ruleId", rule(finding.kind))
    builder.member("level", finding.severity == .error ? "error" : "warning")
    builder.text("message", finding.detail + (finding.help.map { "; \($0)" } ?? ""))
    if let location = finding.location {
      builder.key("locations")
      builder.beginArray()
      builder.beginObject()
      builder.key("physicalLocation")
      builder.beginObject()
      builder.key("artifactLocation")
      builder.beginObject()
      builder.member("uri", address(file(location.file)))
      builder.end()
      if location.line > 0 {
        builder.key("region")
        builder.beginObject()
        builder.key("startLine")
        builder.int(Int64(location.line))
        builder.key("startColumn")
        builder.int(Int64(max(1, location.column)))
        builder.end()
      }
      builder.end()
      builder.end()
      builder.end()
    }
    builder.end()
  }

  /// A relative URI: `a/../` is taken out, and what a URI may not hold is percent-encoded.
  private static func address(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: false) where part != "." {
      if part == "..", let last = parts.last, last != "..", !last.isEmpty {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/").replacing("%", with: "%25").replacing(" ", with: "%20")
  }
}

extension DocumentBuilder {
  fileprivate func member(_ key: StaticString, _ text: String) {
    self.key(key)
    string(text)
  }

  fileprivate func text(_ key: StaticString, _ text: String) {
    self.key(key)
    beginObject()
    member("text", text)
    end()
  }
}
