/// What a template makes, which decides how values are escaped where they are printed.
public enum OutputKind: String, Sendable, CaseIterable {
  /// Plain text: nothing is escaped.
  case text
  /// HTML: `& < > " '` become references.
  case html
  /// XML: the same five, and characters that XML 1.0 forbids are dropped.
  case xml
  /// JSON text: values are escaped for the inside of a string literal.
  case json
  /// A URL: values are percent-encoded as one component.
  case url
  /// A subject line: line breaks and runs of white space become one space.
  case subject
}

/// How templates are parsed and rendered.
public struct TemplateOptions: Sendable {
  /// How much of what is malformed is let through.
  public enum Mode: Sendable {
    /// Every tag must be well formed and every filter known.
    case strict
    /// Shopify's `:strict`: variables, conditions and `for` must be well formed.
    case classic
    /// Shopify's `:lax`: what is malformed is read as well as can be.
    case lax
  }

  /// Where failures that happen while rendering go.
  public enum Failures: Sendable {
    /// They end the render and are thrown.
    case thrown
    /// Their text stands where the tag's output would, and rendering goes on.
    case inPlace
  }

  /// The language.
  public enum Dialect: Sendable {
    /// Liquid as Shopify's 5.13 speaks it, and nothing else.
    case liquid
    /// Liquid, and Bespoke's own tags and filters.
    case bespoke
  }

  /// The unit of the numbers that `money` is given.
  public enum MoneyUnit: Sendable {
    /// 12.34 is 12.34.
    case major
    /// 1234 is 12.34.
    case minor
  }

  /// How strictly templates are parsed.
  public var mode: Mode
  /// What is made, where a template's header does not say so.
  public var kind: OutputKind
  /// Where failures while rendering go.
  public var failures: Failures
  /// The language.
  public var dialect: Dialect
  /// Whether a variable that does not exist is a failure.
  public var undefinedIsFailure = false
  /// Whether a renderer keeps a list of the values that were missing.
  public var recordsGaps = false
  /// Whether partials called with `render` see the scope's top-level names.
  public var partialsSeeGlobals: Bool
  /// What makes the markup of untrusted text harmless, for the filter `sanitise`.
  public var sanitiser: (@Sendable (UnsafeBufferPointer<UInt8>) -> [UInt8])?
  /// The unit of the numbers that `money` is given.
  public var moneyUnit = MoneyUnit.major
  /// The locale whose texts are used where the reader's has none.
  public var defaultLocale = "en"
  /// What a render may use.
  public var limits = Limits()

  /// Options; strict unless said otherwise.
  public init(
    mode: Mode = .strict, kind: OutputKind = .text, failures: Failures = .thrown, dialect: Dialect = .bespoke
  ) {
    self.mode = mode
    self.kind = kind
    self.failures = failures
    self.dialect = dialect
    partialsSeeGlobals = dialect == .bespoke
  }
}

/// What one render may use at most.
public struct Limits: Sendable {
  /// Bytes written, captured ones included.
  public var outputBytes = 16 << 20
  /// Bytes of values made while rendering.
  public var valueBytes = 64 << 20
  /// Turns of all loops together.
  public var loopTurns = 1_000_000
  /// Operations carried out.
  public var steps = 10_000_000
  /// Partials and blocks inside each other.
  public var depth = 100

  /// The default limits.
  public init() {}
}
