internal import Core
internal import Synchronization

/// A template's text and the name that errors show.
public struct TemplateSource: Sendable {
  /// The name; a path relative to the templates' folder.
  public var name: String
  /// UTF-8.
  public var bytes: [UInt8]

  /// A text with its name.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// A text with its name.
  public init(name: String, text: String) { self.init(name: name, bytes: Array(text.utf8)) }
}

/// Templates that may call each other: where they come from, how they are read, and those that were read already.
///
/// Thread-safe. It must live as long as its templates are rendered.
public final class TemplateSet: Sendable {
  /// How templates are parsed and rendered.
  public let options: TemplateOptions
  let names = NameTable()
  private let load: @Sendable (String) throws -> [UInt8]?
  private let parsed = Mutex<[String: Template]>([:])
  let translations: Translations

  /// A set whose partials, layouts and locale files come from `load`, which answers nil where there is no such name.
  ///
  /// The partial `card` is looked for as `card`, as `card.liquid`, and so in the folder `snippets`; texts of the locale
  /// `de` are in `locales/de.json`.
  public init(options: TemplateOptions = TemplateOptions(), load: @escaping @Sendable (String) throws -> [UInt8]?) {
    self.options = options
    self.load = load
    translations = Translations(defaultLocale: options.defaultLocale, load: load)
  }

  /// A set without partials.
  public convenience init(options: TemplateOptions = TemplateOptions()) {
    self.init(options: options) { _ in nil }
  }

  /// The template with this name, with everything that it calls.
  ///
  /// - Throws: `Diagnostic`, or what `load` throws.
  public func template(named name: String) throws -> Template {
    guard let template = try find(name, within: []) else {
      throw Diagnostic("missing template", "'\(name)' does not exist")
    }
    return template
  }

  /// Reads a text that is not among the loader's.
  ///
  /// - Throws: `Diagnostic`, or what `load` throws.
  public func parse(_ source: TemplateSource) throws -> Template { try parse(source, within: []) }

  /// Reads a text that is not among the loader's.
  ///
  /// - Throws: `Diagnostic`, or what `load` throws.
  public func parse(_ text: String, name: String) throws -> Template {
    try parse(TemplateSource(name: name, text: text), within: [])
  }

  /// Reads bytes that are not among the loader's.
  ///
  /// - Throws: `Diagnostic`, or what `load` throws.
  public func parse(_ bytes: some Collection<UInt8>, name: String) throws -> Template {
    try parse(TemplateSource(name: name, bytes: Array(bytes)), within: [])
  }

  /// Forgets what was read, so that changed files are read again.
  public func forget() {
    parsed.withLock { $0.removeAll() }
    translations.forget()
  }

  // MARK: Inside

  private func find(_ name: String, within open: [String]) throws -> Template? {
    if let found = parsed.withLock({ $0[name] }) { return found }
    let plain = [name, name + ".liquid"]
    for file in options.dialect == .bespoke ? plain + plain.map({ "snippets/" + $0 }) : plain {
      guard let bytes = try load(file) else { continue }
      let template = try parse(TemplateSource(name: file, bytes: bytes), within: open + [name])
      return parsed.withLock { parsed in
        if let found = parsed[name] { return found }
        parsed[name] = template
        return template
      }
    }
    return nil
  }

  private func parse(_ source: TemplateSource, within open: [String]) throws -> Template {
    let template = try source.bytes.withUnsafeBufferPointer { bytes throws(Diagnostic) in
      try read(bytes, name: source.name)
    }
    try link(template, within: open)
    return template
  }

  private func read(_ bytes: Bytes, name: String) throws(Diagnostic) -> Template {
    do throws(MarkupError) {
      guard bytes.count < Int32.max else { throw MarkupError(.tooLarge, at: 0) }
      if !bytes.isASCII {
        do { _ = try UTF8Span(validating: bytes.span) } catch {
          throw MarkupError(.invalidEncoding, at: error.byteOffsets.lowerBound)
        }
      }
      var options = options
      var header = TemplateHeader()
      var start = 0
      if options.dialect == .bespoke, let found = try TemplateHeader.read(bytes) {
        (header, start) = found
        if let kind = header.kind { options.kind = kind }
      }
      return try Template(
        name: name, source: bytes, bodyStart: start, header: header, options: options, names: names, set: self)
    } catch {
      let location = SourceLocation(file: name, source: bytes, offset: min(error.place, bytes.count))
      throw error.fault.diagnostic(at: location, excerpt: bytes.line(around: error.place))
    }
  }

  private func link(_ template: Template, within open: [String]) throws {
    var failure: (any Error)?
    template.link { name in
      if open.contains(name) { return .recursive(name) }
      do {
        guard let found = try find(name, within: open) else { return .missing(name) }
        return .template(found)
      } catch let error as Diagnostic {
        failure = failure ?? error
        return .malformed(error, liquid: liquidText(of: error, name))
      } catch {
        failure = failure ?? error
        return .missing(name)
      }
    }
    // Where failures are shown in place, a missing partial is one of them.
    guard options.mode == .strict, options.failures == .thrown else { return }
    if let failure { throw failure }
    if let diagnostic = template.missingLink() ?? template.callProblems().first { throw diagnostic }
  }

  /// Shopify's wording of a partial's fault, for failures shown in place.
  private func liquidText(of diagnostic: Diagnostic, _ name: String) -> String {
    guard let bytes = try? load(name) else { return diagnostic.detail }
    return bytes.withUnsafeBufferPointer { bytes in
      var parser = TemplateParser(source: bytes, from: 0, options: options, names: names)
      defer { parser.storage.free() }
      do throws(MarkupError) {
        try parser.parse()
        return diagnostic.detail
      } catch {
        return error.fault.liquidText
      }
    }
  }

  /// A template that is called by a name known only while rendering.
  func link(_ name: String) -> Template.Link {
    do {
      guard let found = try find(name, within: []) else { return .missing(name) }
      return .template(found)
    } catch let error as Diagnostic {
      return .malformed(error, liquid: liquidText(of: error, name))
    } catch {
      return .missing(name)
    }
  }
}
