internal import Core

/// What can go wrong while a template runs.
///
/// All wording is made here.
enum RenderFault {
  case argumentCount(filter: String, given: Int, least: Int, most: Int)
  case comparison(String, String)
  case unknownOperator(String)
  case invalidInteger(String)
  case dividedByZero
  case notFinite(String)
  case property(String)
  case incomparable
  case concatenation
  case invalidEncoding
  case invalidBase64(String)
  case invalidDateFormat(String)
  case noSuchTemplate(String)
  case templateName
  case disabledInclude
  case undefined(String)
  case internalFailure(String)
  case tooDeep
  case missingTranslation(key: String, locale: String)
  /// A partial's text is malformed.
  case markup(Diagnostic, liquid: String)
  case limit(what: String, most: Int)
  case aborted(String)

  /// Whether it ends the render even where failures are shown in place.
  var isFinal: Bool {
    switch self {
    case .limit, .aborted: true
    default: false
    }
  }

  /// Whether nothing is shown in place.
  var isSilent: Bool {
    if case .undefined = self { return true }
    return false
  }

  /// The text in the words of Shopify's Liquid, without `Liquid error: `.
  var liquidText: String {
    switch self {
    case .argumentCount(_, let given, let least, let most):
      // Ruby counts the input as an argument.
      "wrong number of arguments (given \(given + 1), expected \(least == most ? "\(least + 1)" : "\(least + 1)..\(most + 1)"))"
    case .comparison(let left, let right): "comparison of \(left) with \(right) failed"
    case .unknownOperator(let text): "Unknown operator \(text)"
    case .invalidInteger: "invalid integer"
    case .dividedByZero: "divided by 0"
    case .notFinite(let text): text
    case .property(let name): "cannot select the property '\(name)'"
    case .incomparable: "cannot sort values of incompatible types"
    case .concatenation: "concat filter requires an array argument"
    case .invalidEncoding: "invalid byte sequence in UTF-8"
    case .invalidBase64(let filter): "invalid base64 provided to \(filter)"
    case .invalidDateFormat(let format): "invalid format: \(format)"
    case .noSuchTemplate(let name): "No such template '\(name)'"
    case .templateName: "Argument error in tag 'include' - Illegal template name"
    case .disabledInclude: "include usage is not allowed in this context"
    case .undefined(let name): "undefined variable \(name)"
    case .internalFailure: "internal"
    case .tooDeep: "Nesting too deep"
    case .missingTranslation(let key, let locale): "translation missing: \(locale).\(key)"
    case .markup(_, let liquid): liquid
    case .limit: "Memory limits exceeded"
    case .aborted(let reason): reason
    }
  }

  /// A Ruby class in plain words; anything else is a number as it was written.
  private static func sort(_ name: String) -> String {
    switch name {
    case "Integer", "Float": "a number"
    case "String": "a text"
    default: name
    }
  }

  /// Kind, detail and help of the message for people.
  var parts: (kind: String, detail: String, help: String?) {
    switch self {
    case .argumentCount(let filter, let given, let least, let most):
      let wanted = least == most ? "\(least)" : "\(least) to \(most)"
      return ("filter failed", "'\(filter)' was given \(given) arguments, expected \(wanted)", nil)
    case .comparison(let left, let right):
      return (
        "comparison failed", "\(Self.sort(left)) cannot be compared with \(Self.sort(right))",
        "turn both into numbers with '| plus: 0'"
      )
    case .unknownOperator(let text): return ("comparison failed", "'\(text)' is not an operator", nil)
    case .invalidInteger(let found): return ("invalid value", "found \(found), expected a whole number", nil)
    case .dividedByZero: return ("filter failed", "a number was divided by zero", nil)
    case .notFinite(let text): return ("filter failed", "found \(text), expected a finite number", nil)
    case .property(let name): return ("filter failed", "an element has no property '\(name)'", nil)
    case .incomparable: return ("filter failed", "the elements cannot be compared with each other", nil)
    case .concatenation: return ("filter failed", "'concat' was given something else than an array", nil)
    case .invalidEncoding: return ("filter failed", "the decoded text is not UTF-8", nil)
    case .invalidBase64(let filter): return ("filter failed", "'\(filter)' was given a text that is not base64", nil)
    case .invalidDateFormat(let format): return ("filter failed", "'\(format)' is not a date format", nil)
    case .noSuchTemplate(let name): return ("missing template", "'\(name)' does not exist", nil)
    case .templateName: return ("invalid value", "the name of a template must be a text", nil)
    case .disabledInclude:
      return ("misplaced tag", "'include' cannot be used inside 'render'", "use 'render'")
    case .undefined(let name): return ("undefined variable", "'\(name)' does not exist", "give it a '| default:'")
    case .internalFailure(let what): return ("filter failed", what, nil)
    case .tooDeep: return ("nested too deep", "templates call each other more than 100 levels deep", nil)
    case .missingTranslation(let key, let locale):
      return ("missing translation", "'\(key)' has no text in '\(locale)'", "add it to locales/\(locale).json")
    case .markup(let diagnostic, _): return (diagnostic.kind, diagnostic.detail, diagnostic.help)
    case .limit(let what, let most): return ("limit reached", "the template used more than \(most) \(what)", nil)
    case .aborted(let reason): return ("template stopped", reason, nil)
    }
  }
}

/// Thrown inside the machine; the fault itself waits in `Machine.fault`.
enum Stop: Error { case failed }
