internal import Core

/// What can be wrong with a template's text.
///
/// All wording is made here.
enum MarkupFault {
  case unknownTag(String, known: [String])
  case unexpectedOuter(String)
  case unexpectedElse(block: String)
  case wrongDelimiter(found: String, block: String)
  case neverClosed(String)
  case tagNotTerminated(String)
  case outputNotTerminated(String)
  case form(tag: String, form: String, liquid: String)
  case unexpectedCharacter(String)
  case unclosedText(quote: String)
  case missingColon(filter: String, found: String)
  case closesNothing(String)
  case expected(String, found: String)
  case notAnExpression(String)
  case bareBrackets
  case invalidRange(String)
  case unknownFilter(String, known: [String])
  case filterArguments(String, given: Int, least: Int, most: Int)
  case invalidEncoding
  case nestedTooDeep
  case noSuchPartial(String)
  case header(String, help: String?)
  case misplaced(String, help: String)
  case tooLarge

  private var parts: (kind: String, detail: String, help: String?) {
    switch self {
    case .unknownTag(let name, let known):
      return ("unknown tag", "'\(name)' is not a tag", Self.suggestion(name, known))
    case .unexpectedOuter(let name): return ("unexpected tag", "'\(name)' stands outside every block", nil)
    case .unexpectedElse(let block): return ("unexpected tag", "'\(block)' has no 'else'", nil)
    case .wrongDelimiter(let found, let block):
      return ("unexpected tag", "found '\(found)' inside '\(block)', expected 'end\(block)'", nil)
    case .neverClosed(let name):
      return ("unclosed tag", "'\(name)' is never closed", "add '{% end\(name) %}'")
    case .tagNotTerminated: return ("unclosed tag", "found the end of the template, expected '%}'", nil)
    case .outputNotTerminated: return ("unclosed output", "found no '}}' after '{{'", nil)
    case .form(let tag, let form, _): return ("malformed tag", "'\(tag)' cannot be read", "write '\(form)'")
    case .unexpectedCharacter(let found):
      let help: String? =
        switch found {
        case "'='": "write '==' to compare"
        case "'&'": "write 'and'"
        case "'“'", "'”'", "'„'", "'‘'", "'’'", "'«'", "'»'": "texts stand in straight quotes, ' or \""
        case "'+'": "write '| plus: NUMBER', or '| append: TEXT'"
        case "'*'": "write '| times: NUMBER'"
        case "'/'": "write '| divided_by: NUMBER'"
        default: nil
        }
      return ("malformed markup", "found \(found), which means nothing here", help)
    case .unclosedText(let quote): return ("malformed markup", "the text is not closed", "end it with \(quote)")
    case .missingColon(let filter, let found):
      return ("malformed markup", "found \(found) after the filter '\(filter)'", "write '\(filter): VALUE'")
    case .closesNothing(let name): return ("unexpected tag", "'\(name)' closes nothing", nil)
    case .expected(let what, let found): return ("malformed markup", "found \(found), expected \(what)", nil)
    case .notAnExpression(let found): return ("malformed markup", "found \(found), expected a value", nil)
    case .bareBrackets:
      return ("malformed markup", "found '[' without a variable before it", "write 'self[...]'")
    case .invalidRange(let text): return ("malformed markup", "'\(text)' cannot be an end of a range", nil)
    case .unknownFilter(let name, let known):
      return ("unknown filter", "'\(name)' is not a filter", Self.suggestion(name, known))
    case .filterArguments(let name, let given, let least, let most):
      let wanted = least == most ? "\(least)" : "\(least) to \(most)"
      return ("malformed filter", "'\(name)' was given \(given) arguments, expected \(wanted)", nil)
    case .invalidEncoding: return ("malformed template", "the text is not UTF-8 from here on", "save the file as UTF-8")
    case .nestedTooDeep: return ("malformed template", "blocks are nested deeper than 100 levels", nil)
    case .noSuchPartial(let name): return ("missing template", "'\(name)' does not exist", nil)
    case .header(let detail, let help): return ("malformed header", detail, help)
    case .misplaced(let detail, let help): return ("misplaced tag", detail, help)
    case .tooLarge: return ("malformed template", "the text is larger than 2 GB", nil)
    }
  }

  /// The text in the words of Shopify's Liquid, for failures shown in place.
  var liquidText: String {
    switch self {
    case .unknownTag(let name, _): "Unknown tag '\(name)'"
    case .unexpectedOuter(let name): "Unexpected outer '\(name)' tag"
    case .unexpectedElse(let block): "\(block) tag does not expect 'else' tag"
    case .wrongDelimiter(let found, let block):
      "'\(found)' is not a valid delimiter for \(block) tags. use end\(block)"
    case .neverClosed(let name): "'\(name)' tag was never closed"
    case .tagNotTerminated(let token): "Tag '\(token)' was not properly terminated with regexp: /\\%\\}/"
    case .outputNotTerminated(let token): "Variable '\(token)' was not properly terminated with regexp: /\\}\\}/"
    case .form(_, _, let text): text
    case .unexpectedCharacter(let found): "Unexpected character \(found.trimmingQuotes)"
    case .unclosedText(let quote): "Unexpected character \(quote)"
    case .missingColon(_, let found): "Expected end_of_string but found \(found.tokenName)"
    case .closesNothing(let name): "Unknown tag '\(name)'"
    case .expected(let what, let found): "Expected \(what.tokenName) but found \(found.tokenName)"
    case .notAnExpression(let found): "\(found) is not a valid expression"
    case .bareBrackets: "Bare bracket access is not allowed. Use self['...'] instead"
    case .invalidRange(let text): "Invalid expression type '\(text)' in range expression"
    case .unknownFilter(let name, _): "undefined filter \(name)"
    case .invalidEncoding: "Invalid template encoding"
    case .nestedTooDeep: "Nesting too deep"
    case .noSuchPartial(let name): "No such template '\(name)'"
    case .filterArguments, .header, .misplaced, .tooLarge: parts.detail
    }
  }

  func diagnostic(at location: SourceLocation, excerpt: String) -> Diagnostic {
    let (kind, detail, help) = parts
    return Diagnostic(kind, detail, at: location, excerpt: excerpt, help: help)
  }

  private static func suggestion(_ name: String, _ known: [String]) -> String? {
    nearestName(to: name, among: known).map { "did you mean '\($0)'?" }
  }
}

/// A fault and where it is; thrown inside the parser only.
struct MarkupError: Error {
  var fault: MarkupFault
  /// Offset in the source.
  var place: Int

  init(_ fault: MarkupFault, at place: Int) {
    self.fault = fault
    self.place = place
  }
}

extension String {
  fileprivate var trimmingQuotes: String {
    count > 2 && first == "'" && last == "'" ? String(dropFirst().dropLast()) : self
  }

  /// Shopify's name of a token that we describe in words.
  fileprivate var tokenName: String {
    switch self {
    case "the end": "end_of_string"
    case "a name": "id"
    case "a string": "string"
    case "a number": "number"
    case "a comparison": "comparison"
    case "':'": "colon"
    case "','": "comma"
    case "'.'": "dot"
    case "'..'": "dotdot"
    case "'('": "open_round"
    case "')'": "close_round"
    case "'['": "open_square"
    case "']'": "close_square"
    case "'|'": "pipe"
    case "'-'": "dash"
    case "'?'": "question"
    default: self
    }
  }
}
