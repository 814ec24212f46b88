internal import CPluginABI

/// A value while a template runs: 16 trivial bytes, so that copying one costs nothing.
///
/// What it points at belongs to the template, to a document of the host or to the machine's arena; all three live at
/// least as long as the render.
struct Datum: BitwiseCopyable {
  enum Kind: UInt8, BitwiseCopyable {
    case null, boolean, integer, double
    /// An integer beyond 64 bits: its decimal text.
    case bigInteger
    case string
    /// Two `Int64` in the arena: first and last.
    case range
    case array
    /// Pairs of key and value in the arena.
    case object
    case hostArray, hostObject
    case loop, rowLoop
    /// Liquid's `self`: the variables themselves, as an object.
    case variables
    /// The words `empty` and `blank`, which mean something only in comparisons.
    case empty, blank
  }

  var payload: UInt64
  /// Bytes of a string, elements of an array, members of an object, the node of a host value.
  var count: UInt32
  let kind: Kind
  /// For strings: already escaped for the template's output kind.
  var isSafe = false
  /// For null: there was no such variable or member.
  var isMissing = false

  @inline(__always)
  init(_ kind: Kind, payload: UInt64 = 0, count: Int = 0) {
    self.kind = kind
    self.payload = payload
    self.count = UInt32(truncatingIfNeeded: count)
  }

  static var null: Datum { Datum(.null) }

  static var missing: Datum {
    var datum = Datum(.null)
    datum.isMissing = true
    return datum
  }

  @inline(__always)
  init(_ truth: Bool) { self.init(.boolean, payload: truth ? 1 : 0) }

  @inline(__always)
  init(_ integer: Int64) { self.init(.integer, payload: UInt64(bitPattern: integer)) }

  @inline(__always)
  init(_ double: Double) { self.init(.double, payload: double.bitPattern) }

  @inline(__always)
  init(_ text: Bytes, isSafe: Bool = false) {
    self.init(.string, payload: UInt64(UInt(bitPattern: text.baseAddress)), count: text.count)
    self.isSafe = isSafe
  }

  /// A string of the program itself.
  init(_ text: StaticString) {
    self.init(Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  init(bigInteger text: Bytes) {
    self.init(.bigInteger, payload: UInt64(UInt(bitPattern: text.baseAddress)), count: text.count)
  }

  init(array elements: UnsafeMutableBufferPointer<Datum>) {
    self.init(.array, payload: UInt64(UInt(bitPattern: elements.baseAddress)), count: elements.count)
  }

  /// `members` holds key, value, key, value.
  init(object members: UnsafeMutableBufferPointer<Datum>) {
    self.init(.object, payload: UInt64(UInt(bitPattern: members.baseAddress)), count: members.count / 2)
  }

  init(host kind: Kind, _ value: bespoke_value) {
    self.init(kind, payload: UInt64(UInt(bitPattern: value.doc)), count: 0)
    count = value.node
  }

  // MARK: Reading; each needs the matching kind

  @inline(__always) var truth: Bool { payload != 0 }
  @inline(__always) var integer: Int64 { Int64(bitPattern: payload) }
  @inline(__always) var double: Double { Double(bitPattern: payload) }

  /// The bytes of a string or big integer.
  @inline(__always)
  var text: Bytes {
    Bytes(start: UnsafePointer(bitPattern: UInt(payload)), count: Int(count))
  }

  var elements: UnsafeBufferPointer<Datum> {
    UnsafeBufferPointer(start: UnsafePointer(bitPattern: UInt(payload)), count: Int(count))
  }

  /// Key, value, key, value.
  var members: UnsafeBufferPointer<Datum> {
    UnsafeBufferPointer(start: UnsafePointer(bitPattern: UInt(payload)), count: Int(count) * 2)
  }

  var bounds: (first: Int64, last: Int64) {
    guard let ends = UnsafePointer<Int64>(bitPattern: UInt(payload)) else { return (0, -1) }
    return (ends[0], ends[1])
  }

  @inline(__always)
  var host: bespoke_value {
    bespoke_value(doc: OpaquePointer(bitPattern: UInt(payload)), node: count, reserved: 0)
  }

  // MARK: Questions

  /// Only nil and false are false.
  @inline(__always)
  var isTruthy: Bool { kind != .null && (kind != .boolean || truth) }

  var isNumber: Bool { kind == .integer || kind == .double || kind == .bigInteger }
}

/// Borrowed UTF-8.
typealias Bytes = UnsafeBufferPointer<UInt8>
