public import Core

/// A value that a template asked for and did not get.
public struct Gap: Sendable, Hashable {
  /// Where it was asked for.
  public var location: SourceLocation
  /// The template that asked for it.
  public var template: String { location.file }
  /// How the template names it: "customer.first_name".
  public var expression: String
  /// Whether a `default` stood in for it; otherwise nothing was printed.
  public var fellBack: Bool
}

/// Renders templates.
///
/// Keeps its memory from one render to the next, so that a render allocates little or nothing.
///
/// Not thread-safe: use one a thread.
public final class Renderer {
  // Made at the first render, with that render's accessors.
  private var machine: UnsafeMutablePointer<Machine>?
  // Their templates are kept, as a site is known by the address of its program.
  private var knownGaps: [GapSite: (gap: Gap, template: Template)] = [:]

  /// The reason that `abort` gave where it ended the last render.
  public private(set) var stopReason: String?

  /// A renderer without memory.
  public init() {}

  deinit {
    machine?.deinitialize(count: 1)
    machine?.deallocate()
  }

  /// Renders a template.
  ///
  /// - Returns: the output, lent until the next render.
  /// - Throws: what went wrong, with template, line, column and the chain of partials.
  public func render(_ template: Template, scope: Scope) throws(Diagnostic) -> UnsafeBufferPointer<UInt8> {
    let machine = machine ?? makeMachine(scope)
    machine.pointee.start(template, scope)
    stopReason = nil
    do throws(Stop) {
      _ = try machine.pointee.body(of: template.program)
      if machine.pointee.out.overflowed { throw machine.pointee.limitReached() }
    } catch {
      machine.pointee.note(template.program, -1)
      if case .aborted(let reason) = machine.pointee.fault { stopReason = reason }
      let diagnostic = machine.pointee.diagnostic()
      machine.pointee.abandon()
      throw diagnostic ?? Diagnostic("template failed", "'\(template.name)' could not be rendered")
    }
    machine.pointee.finish()
    return machine.pointee.out.bytes
  }

  /// The output of a render as a String.
  public func text(_ template: Template, scope: Scope) throws(Diagnostic) -> String {
    try render(template, scope: scope).string
  }

  /// What went wrong in the last render without ending it, where failures are shown in place.
  public var failures: [Diagnostic] { machine?.pointee.failures ?? [] }

  /// The values that were missing in the last render, each once, where the set's options ask for them.
  public var gaps: [Gap] {
    guard let machine, !machine.pointee.gaps.isEmpty else { return [] }
    var seen: Set<GapSite> = []
    return machine.pointee.gaps.compactMap { seen.insert($0).inserted ? gap(at: $0) : nil }
  }

  private func gap(at site: GapSite) -> Gap? {
    if let known = knownGaps[site] { return known.gap }
    guard let template = site.code.pointee.template?.takeUnretainedValue() else { return nil }
    let gap = Gap(
      location: template.location(of: Int(site.place)), expression: template.expressionText(at: Int(site.place)),
      fellBack: site.fellBack)
    knownGaps[site] = (gap, template)
    return gap
  }

  private func makeMachine(_ scope: Scope) -> UnsafeMutablePointer<Machine> {
    let made = UnsafeMutablePointer<Machine>.allocate(capacity: 1)
    made.initialize(to: Machine(host: Host(scope.access), scope: scope))
    machine = made
    return made
  }
}
