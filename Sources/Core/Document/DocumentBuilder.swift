public import CPluginABI

/// Writes documents: one or many roots on one tape, in memory that is used again after `reset`.
///
/// Values are added in reading order; a container is opened, filled and ended. A root is complete when every
/// container is ended; `finishRoot` puts it on the tape. Values that were handed out are valid until the next `reset`;
/// but adding more may move the memory, so they must be read only after the next `finishRoot`, and views
/// of text must not be kept across additions.
///
/// Not thread-safe while it is written; once nothing is added any more, it may be read from any thread.
public final class DocumentBuilder {
  // No method lets foreign code run while it changes a buffer, so the checks of exclusive access, half the time of a
  // parse, are left out.
  @exclusivity(unchecked) @usableFromInline var nodes: GrowingBuffer<Node>
  @exclusivity(unchecked) @usableFromInline var bytes: GrowingBuffer<UInt8>
  /// Finished values whose container is still open.
  @exclusivity(unchecked) @usableFromInline var pending: GrowingBuffer<Node>
  /// For each open container: where its children begin in `pending`.
  @exclusivity(unchecked) private var open: [(tag: Node.Tag, start: Int)] = []
  private let header: UnsafeMutablePointer<DocumentHeader>

  /// An empty builder.
  public init() {
    nodes = GrowingBuffer(capacity: 64)
    bytes = GrowingBuffer(capacity: 512)
    pending = GrowingBuffer(capacity: 32)
    header = .allocate(capacity: 1)
    header.initialize(to: DocumentHeader(nodes: 0, bytes: 0))
    sealHeader()
  }

  deinit {
    header.deallocate()
    nodes.deallocate()
    bytes.deallocate()
    pending.deallocate()
  }

  /// Forgets everything written, keeping the memory.
  public func reset() {
    nodes.count = 0
    bytes.count = 0
    pending.count = 0
    open.removeAll(keepingCapacity: true)
  }

  /// Bytes that were written since the last `reset`, nodes included.
  public var size: Int { (nodes.count + pending.count) * 16 + bytes.count }

  // MARK: Scalars

  /// Adds null.
  @inlinable
  public func null() { pending.append(Node(.null)) }

  /// Adds a truth value.
  @inlinable
  public func bool(_ truth: Bool) { pending.append(Node(.boolean, payload: truth ? 1 : 0)) }

  /// Adds an integer.
  public func int(_ number: Int64) {
    var digits = DecimalDigits(number)
    digits.withBytes { add(.integer, text: $0) }
  }

  /// Adds a number.
  ///
  /// One that is not finite becomes null, as JSON has none.
  public func double(_ number: Double) {
    guard number.isFinite else { return null() }
    var text = "\(number)"
    text.withUTF8 { add(.double, text: $0) }
  }

  /// Adds a number by its source text, which must be a JSON number.
  public func number(_ text: UnsafeBufferPointer<UInt8>) {
    add(NumberText.isInteger(text) ? .integer : .double, text: text)
  }

  /// Adds a string; the text must be valid UTF-8.
  @inlinable
  public func string(_ text: UnsafeBufferPointer<UInt8>) { add(.string, text: text) }

  /// Adds a string.
  public func string(_ text: String) {
    var text = text
    text.withUTF8 { add(.string, text: $0) }
  }

  /// Adds a string of bytes that are already written, as `appendText` returned them.
  @inlinable
  public func string(at text: Range<Int>) {
    pending.append(Node(.string, count: text.count, payload: UInt64(text.lowerBound)))
  }

  /// Adds a reference to a value of another document, which must outlive this one.
  ///
  /// Missing becomes null.
  @inlinable
  public func link(_ value: Value) {
    guard let document = value.raw.doc else { return null() }
    pending.append(
      Node(.link, count: Int(value.raw.node), payload: UInt64(UInt(bitPattern: document))))
  }

  /// Adds a copy of a value, whole.
  public func copy(_ value: Value) {
    switch value.kind {
    case .missing, .null: null()
    case .boolean: bool(value.bool ?? false)
    case .integer: add(.integer, text: value.text)
    case .double: add(.double, text: value.text)
    case .string: add(.string, text: value.text)
    case .array:
      beginArray()
      for index in 0..<value.count { copy(value[index]) }
      end()
    case .object:
      beginObject()
      for index in 0..<value.count {
        key(value.key(at: index))
        copy(value[index])
      }
      end()
    }
  }

  // MARK: Containers

  /// Opens an array.
  public func beginArray() { open.append((.array, pending.count)) }

  /// Opens an object; inside it, `key` comes before each value.
  public func beginObject() { open.append((.object, pending.count)) }

  /// Adds the key of the member that follows.
  @inlinable
  public func key(_ name: UnsafeBufferPointer<UInt8>) { add(.string, text: name) }

  /// Adds the key of the member that follows.
  @inlinable
  public func key(_ name: StaticString) {
    add(.string, text: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  /// Adds the key of the member that follows.
  public func key(_ name: String) { string(name) }

  /// Ends the innermost open container.
  public func end() {
    guard let (tag, start) = open.popLast() else {
      preconditionFailure("end() without an open container")
    }
    let children = pending.count - start
    let first = nodes.count
    nodes.append(contentsOf: pending.start + start, count: children)
    pending.count = start
    pending.append(
      Node(tag, count: tag == .object ? children / 2 : children, payload: UInt64(first)))
  }

  /// Puts the one finished value on the tape and returns it.
  ///
  /// Needs every container to be ended.
  public func finishRoot() -> Value {
    precondition(open.isEmpty && pending.count == 1, "a root is one value with every container ended")
    pending.count = 0
    nodes.append(pending.start[0])
    sealHeader()
    return root(at: nodes.count - 1)
  }

  /// Whether exactly one value was added since the last root and every container is ended.
  public var isRootWhole: Bool { open.isEmpty && pending.count == 1 }

  /// Drops what was added since the last finished root.
  public func abandonRoot() {
    pending.count = 0
    open.removeAll(keepingCapacity: true)
    // What was dropped may have moved the tape under the roots that stay.
    sealHeader()
  }

  /// Where the tape ends now.
  public var mark: Int { nodes.count }

  /// Takes back the roots that were finished since a mark; values of them are no longer valid.
  public func rewind(to mark: Int) {
    precondition(mark <= nodes.count && pending.count == 0, "a tape is rewound between roots")
    nodes.count = mark
    sealHeader()
  }

  /// The value on the tape at an index that `finishRoot` gave in `raw.node`.
  public func root(at index: Int) -> Value {
    Value(bespoke_value(doc: OpaquePointer(header), node: UInt32(index), reserved: 0)).resolved
  }

  /// Whether a value lies on this builder's tape.
  func holds(_ value: Value) -> Bool {
    value.raw.doc == OpaquePointer(header) && Int(value.raw.node) < nodes.count
  }

  // MARK: Bytes

  /// Appends text that later additions may refer to, and returns where it lies.
  @inlinable
  public func appendText(_ text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: text)
    return start..<bytes.count
  }

  /// How many bytes of text have been appended.
  public var byteCount: Int { bytes.count }

  /// The text at a place; valid until more is added.
  public func text(at place: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    precondition(place.upperBound <= bytes.count, "a place of text lies within the bytes")
    return UnsafeBufferPointer(start: bytes.start + place.lowerBound, count: place.count)
  }

  /// Appends a copy of text that was appended before, and returns where the copy lies.
  public func appendCopy(of place: Range<Int>) -> Range<Int> {
    let start = bytes.count
    bytes.reserve(place.count)
    bytes.append(contentsOf: text(at: place))
    return start..<bytes.count
  }

  @inlinable
  func add(_ tag: Node.Tag, text: UnsafeBufferPointer<UInt8>) {
    let place = appendText(text)
    pending.append(Node(tag, count: text.count, payload: UInt64(place.lowerBound)))
  }

  /// Tells the header where the tape and the bytes lie now.
  private func sealHeader() {
    let base = UnsafeRawPointer(header)
    header.pointee.nodes = UnsafeRawPointer(nodes.start) - base
    header.pointee.bytes = UnsafeRawPointer(bytes.start) - base
  }
}

/// A buffer of trivial elements that doubles when it is full.
///
/// Its owner deallocates it.
@usableFromInline
struct GrowingBuffer<Element: BitwiseCopyable> {
  @usableFromInline var start: UnsafeMutablePointer<Element>
  @usableFromInline var count = 0
  @usableFromInline private(set) var capacity: Int

  init(capacity: Int) {
    start = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  @inlinable @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow(to: count + 1) }
    (start + count).initialize(to: element)
    count += 1
  }

  @inlinable
  mutating func append(contentsOf elements: UnsafePointer<Element>, count added: Int) {
    if count + added > capacity { grow(to: count + added) }
    (start + count).update(from: elements, count: added)
    count += added
  }

  @inlinable
  mutating func append(contentsOf elements: UnsafeMutablePointer<Element>, count added: Int) {
    append(contentsOf: UnsafePointer(elements), count: added)
  }

  @inlinable
  mutating func append(contentsOf elements: UnsafeBufferPointer<Element>) {
    guard let first = elements.baseAddress else { return }
    append(contentsOf: first, count: elements.count)
  }

  /// Makes room, so that appending as many elements moves nothing.
  mutating func reserve(_ added: Int) {
    if count + added > capacity { grow(to: count + added) }
  }

  @usableFromInline @inline(never)
  mutating func grow(to needed: Int) {
    let larger = max(needed, capacity * 2)
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    moved.update(from: start, count: count)
    start.deallocate()
    start = moved
    capacity = larger
  }

  func deallocate() { start.deallocate() }
}
