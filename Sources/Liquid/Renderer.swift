public import Core

/// A value that a template asked for and did not get.
public struct Gap: Sendable, Hashable {
  /// Where it was asked for.
  public var location: SourceLocation
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
    do throws(Stop) {
      _ = try machine.pointee.body(of: template.program)
      if machine.pointee.out.overflowed { throw machine.pointee.limitReached() }
    } catch {
      machine.pointee.note(template.program, -1)
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

  /// The values that were missing in the last render, where the set's options ask for them.
  public var gaps: [Gap] {
    guard let machine else { return [] }
    return machine.pointee.gaps.compactMap { site in
      guard let template = site.code.pointee.template?.takeUnretainedValue() else { return nil }
      return Gap(
        location: template.location(of: Int(site.place)), expression: template.expressionText(at: Int(site.place)),
        fellBack: site.fellBack)
    }
  }

  private func makeMachine(_ scope: Scope) -> UnsafeMutablePointer<Machine> {
    let made = UnsafeMutablePointer<Machine>.allocate(capacity: 1)
    made.initialize(to: Machine(host: Host(scope.access), scope: scope))
    machine = made
    return made
  }
}
