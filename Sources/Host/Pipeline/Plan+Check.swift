import Core

extension Plan {
  /// Makes an instance of every step and ends it again, so that every template and model is read.
  ///
  /// - Throws: `ManifestError` with what the plugins say.
  public func checkInstances() throws {
    let context = RunContext(plan: self, catalogue: nil, threads: 1) { _ in }
    var diagnostics: [Diagnostic] = []
    for step in pipelines.flatMap({ $0.stages.flatMap { $0.alternatives + $0.checks } }) {
      do throws(Diagnostic) { _ = try context.instance(of: step) } catch { diagnostics.append(error) }
    }
    if !diagnostics.isEmpty {
      // Stages that a fragment or an alias repeats say the same.
      var seen: Set<Diagnostic> = []
      let different = diagnostics.filter { seen.insert($0).inserted }
      throw ManifestError(diagnostics: different.map { manifest.environment.hidden(in: $0) })
    }
  }
}
