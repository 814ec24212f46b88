public import Liquid
public import PluginAPI

extension PluginError {
  /// What a failed render means for its brief: the tag `abort` stops it with a reason, anything else is a failure.
  public init(_ error: some Error, rendering template: String, with renderer: Renderer) {
    if let reason = renderer.stopReason {
      self.init(.skip, "stopped by '\(template)': \(reason)")
    } else {
      self.init(.input, field: "template", "\(error)")
    }
  }
}

extension Template {
  /// Compares a brief with the parameters of the template's header.
  ///
  /// - Throws: `PluginError` with the first that is missing or of another sort.
  public func checkParameters(in scope: Scope) throws {
    if header.parameters.isEmpty { return }
    if let problem = problems(with: scope).first { throw PluginError(.input, field: "template", "\(problem)") }
  }
}

extension Output {
  /// Tells the host which values a render missed, for the run's report: one a line, `default` or `empty`, the variable,
  /// the template.
  public func note(gaps: [Gap], port: StaticString = "") {
    if gaps.isEmpty { return }
    var lines = ""
    for gap in gaps { lines += "\(gap.fellBack ? "default" : "empty") \(gap.expression) \(gap.template)\n" }
    note("gaps", lines, port: port)
  }
}
