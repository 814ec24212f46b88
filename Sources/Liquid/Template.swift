internal import Core

/// A parsed template: immutable, and free to be used on any number of threads at once.
public final class Template: @unchecked Sendable {
  // Nothing is written after init, except `links` before the template leaves its set; hence the unchecked conformance.

  /// The name that errors show.
  public let name: String
  /// What it makes: as its header says, or its layout's, or the set's options.
  public private(set) var kind: OutputKind
  /// What its header says.
  public let header: TemplateHeader
  let program: UnsafePointer<Program>
  let options: TemplateOptions
  let names: NameTable
  /// The templates that this one calls by a fixed name, in the order of the program's links.
  private(set) var links: [Link]
  private let linkPlaces: [Int]
  private let linked: UnsafeMutablePointer<Code?>
  let layout: Int32?
  private(set) weak var set: TemplateSet?
  private let reads: [(name: Int32, place: Int)]
  private let writes: Set<Int32>
  /// Where named arguments stand that were given before.
  let repeatedArguments: [Int]
  private var storage: ProgramStorage

  /// A template that is called by name.
  enum Link {
    case pending(String)
    case template(Template)
    /// Called again while it is being loaded: found in the set when it runs.
    case recursive(String)
    case missing(String)
    case malformed(Diagnostic, liquid: String)
  }

  init(
    name: String, source: Bytes, bodyStart: Int, header: TemplateHeader, options: TemplateOptions, names: NameTable,
    set: TemplateSet?
  ) throws(MarkupError) {
    var storage = ProgramStorage()
    let kept = storage.keep(source)
    var parser = TemplateParser(source: kept, from: bodyStart, options: options, names: names)
    do throws(MarkupError) {
      try parser.parse(header)
    } catch {
      storage.free()
      parser.storage.free()
      throw error
    }
    if options.kind == .html || options.kind == .xml, options.dialect == .bespoke {
      var scanner = HTMLContextScanner(source: parser.source, isXML: options.kind == .xml)
      scanner.mark(&parser.builder.operations, clauses: parser.builder.clauses)
    }
    let builder = parser.builder
    let hintCount = builder.expressions.count + builder.segments.count
    linked = .allocate(capacity: max(parser.links.count, 1))
    linked.initialize(repeating: nil, count: max(parser.links.count, 1))
    let program = UnsafeMutablePointer<Program>.allocate(capacity: 1)
    program.initialize(
      to: Program(
        source: parser.source, sourceCount: source.count, operations: storage.keep(builder.operations),
        places: storage.keep(builder.places), operationCount: Int32(builder.operations.count),
        expressions: storage.keep(builder.expressions), segments: storage.keep(builder.segments),
        constants: storage.keep(builder.constants), filterCalls: storage.keep(builder.filterCalls),
        arguments: storage.keep(builder.arguments), items: storage.keep(builder.items),
        loops: storage.keep(builder.loops), rows: storage.keep(builder.rows), clauses: storage.keep(builder.clauses),
        cycles: storage.keep(builder.cycles), partialCalls: storage.keep(builder.partialCalls),
        blocks: storage.keep(builder.blocks), blockCount: Int32(builder.blocks.count),
        firstHint: names.reserveHints(hintCount), expressionCount: builder.expressions.count, hintCount: hintCount,
        nameLimit: names.limit, linked: UnsafePointer(linked), hasLayout: parser.layout != nil))
    self.program = UnsafePointer(program)
    storage.absorb(parser.storage)
    self.storage = storage
    self.name = name
    self.header = header
    kind = options.kind
    self.options = options
    self.names = names
    self.set = set
    links = parser.links.map { .pending($0.name) }
    linkPlaces = parser.links.map(\.place)
    layout = parser.layout
    reads = parser.reads
    writes = parser.writes
    repeatedArguments = parser.repeatedArguments
    program.pointee.template = Unmanaged.passUnretained(self)
  }

  deinit {
    storage.free()
    program.deallocate()
    linked.deallocate()
  }

  /// Resolves the links; called once, before anyone else sees the template.
  func link(_ resolve: (String) -> Link) {
    links = links.map { link in
      if case .pending(let name) = link { resolve(name) } else { link }
    }
    for (index, link) in links.enumerated() {
      guard case .template(let template) = link else { continue }
      linked[index] = template.program
      if header.kind == nil, layout == Int32(index) { kind = template.kind }
    }
  }

  var source: Bytes { Bytes(start: program.pointee.source, count: program.pointee.sourceCount) }

  /// Whether the template has no tags and no output, so that its text is the same for everyone.
  public var isConstant: Bool {
    guard layout == nil else { return false }
    for index in 0..<Int(program.pointee.operationCount) {
      switch program.pointee.operations[index].code {
      case .literal, .nothing: continue
      default: return false
      }
    }
    return true
  }

  /// The top-level names that the template reads and does not set itself, each once, sorted.
  public var variables: [String] {
    var found: Set<Int32> = []
    for (name, _) in reads where !writes.contains(name) { found.insert(name) }
    return found.map { names.text(of: $0) }.filter { $0 != "forloop" && $0 != "tablerowloop" }.sorted()
  }

  /// The templates that it calls by a fixed name, its layout included.
  public var partials: [String] {
    links.map { link in
      switch link {
      case .pending(let name), .recursive(let name), .missing(let name): name
      case .template(let template): template.name
      case .malformed(let diagnostic, _): diagnostic.location?.file ?? ""
      }
    }
  }

  /// The fault of a link that leads nowhere.
  func missingLink() -> Diagnostic? {
    for (index, link) in links.enumerated() {
      guard case .missing(let name) = link else { continue }
      let place = linkPlaces[index]
      return MarkupFault.noSuchPartial(name).diagnostic(at: location(of: place), excerpt: line(around: place))
    }
    return nil
  }

  /// Where a byte of the source stands.
  func location(of place: Int) -> SourceLocation {
    SourceLocation(file: name, source: source, offset: max(0, min(place, program.pointee.sourceCount)))
  }

  /// The name or path that begins at a byte.
  func expressionText(at place: Int) -> String {
    var end = place
    while end < program.pointee.sourceCount, isWord(source[end]) || ".-[]'\"?".utf8.contains(source[end]) { end += 1 }
    return source.part(place..<end).string
  }

  /// The source line around a byte.
  func line(around place: Int) -> String { source.line(around: place) }
}

extension UnsafeBufferPointer<UInt8> {
  /// The line that holds a byte, without its break.
  func line(around place: Int) -> String {
    var first = Swift.max(0, Swift.min(place, count))
    var last = first
    while first > 0, self[first - 1] != UInt8(ascii: "\n") { first -= 1 }
    while last < count, self[last] != UInt8(ascii: "\n"), self[last] != UInt8(ascii: "\r") { last += 1 }
    return part(first..<last).string
  }
}
