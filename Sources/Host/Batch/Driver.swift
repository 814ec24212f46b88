import Core

/// What drives a run: the rows of an input, and the profiles that stand in the manifest itself.
final class Driver: @unchecked Sendable {
  // Immutable but for `source`, which is used under the crew's lock; hence the unchecked conformance.
  let source: WorkSource
  /// The input that is read; nil where there is none.
  let input: OpenedInput?
  /// Whether the rows are products: a run over the catalogue alone.
  let rowsAreProducts: Bool
  /// Who the products are for, in such a run.
  let visitors: [(profile: Value, pipeline: Int)]
  // Keeps the manifest's profiles alive.
  private let inline: Document?
  let name: String

  init(plan: Plan, catalogue: Catalogue?) throws {
    let manifest = plan.manifest
    // A run without profiles has one visitor of whom nothing is known.
    var inline = manifest.profiles?.inline
    if manifest.profiles == nil { inline = try Document(json: #"[{"id":"anonymous"}]"#) }
    self.inline = inline
    let streams = manifest.profiles?.path == nil && catalogue == nil && manifest.catalogue?.path != nil
    var pieces: [WorkSource.Work] = []
    var visitors: [(profile: Value, pipeline: Int)] = []
    let briefs = BriefWriter(plan: plan)
    for profile in inline?.root.elements ?? [] {
      briefs.reset()
      let pipeline = plan.route(
        briefs.routeBrief(profile: profile, locale: manifest.locales.supported[plan.locale(of: profile)]))
      if plan.pipelines[pipeline].spec.forEach != .products {
        pieces.append(.profile(profile))
      } else if streams {
        visitors.append((profile, pipeline))
      } else {
        for start in stride(from: 0, to: catalogue?.count ?? 0, by: WorkSource.productRange) {
          let end = min(start + WorkSource.productRange, catalogue?.count ?? 0)
          pieces.append(.catalogue(profile, pipeline: pipeline, start..<end))
        }
      }
    }
    self.visitors = visitors
    rowsAreProducts = streams
    let input = streams ? manifest.catalogue : manifest.profiles
    guard let input, let path = input.path else {
      source = WorkSource(pieces: pieces, reader: nil)
      self.input = nil
      name = ""
      return
    }
    let opened = try OpenedInput(input, path: path, currency: manifest.site.currency)
    self.input = opened
    name = opened.reader.name
    source = WorkSource(pieces: pieces, reader: opened.reader)
  }
}

extension Plan {
  /// Whether all products must be at hand, because profiles refer to them by id or a template lists them.
  var needsCatalogue: Bool {
    manifest.profiles?.path != nil || manifest.catalogue?.inline != nil
      || pipelines.contains { pipeline in
        if case .slot = pipeline.spec.forEach { return true }
        return pipeline.spec.products != .recommendations
      }
  }
}
