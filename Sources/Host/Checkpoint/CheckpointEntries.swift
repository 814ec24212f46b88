import Core

/// The entries of a checkpoint's log: each is the length of its payload (4 bytes), a checksum (8 bytes), its kind (1 byte)
/// and the payload; numbers are little-endian.
struct CheckpointEntries {
  enum Kind: UInt8 {
    /// The plan as JSON; always the first.
    case plan = 1
    /// A key and what a plugin wrote.
    case call
    /// Paths of assets that are about to be written, a line each.
    case paths
    /// Paths that discarded runs had noted.
    case discarded
    /// The run ended by an error that the same plan would meet again.
    case ended
  }

  private static let headCount = 13

  private(set) var plan: String?
  private(set) var calls: [CallKey: Range<Int>] = [:]
  /// Where paths of assets stand, a line each.
  private(set) var paths: [Range<Int>] = []
  /// Where the paths that discarded runs had noted stand.
  private(set) var discarded: [Range<Int>] = []
  /// Whether the run that wrote last ended by an error that the same plan would meet again.
  private(set) var hasEnded = false
  /// Where the last whole entry ends.
  private(set) var end = 0

  /// - Parameter toleratesDamage: whether what cannot be read ends the log, as it is discarded anyway.
  /// - Throws: `Diagnostic` of kind "damaged checkpoint" where an entry that others follow is not what was written.
  init(_ log: UnsafeBufferPointer<UInt8>, path: String, toleratesDamage: Bool) throws(Diagnostic) {
    while end + Self.headCount <= log.count {
      let length = Int(Self.number(log, at: end, bytes: 4))
      let start = end + Self.headCount
      // A process that is killed while it appends leaves the beginning of an entry, and that is the last.
      guard length <= log.count - start else { return }
      let payload = start..<start + length
      guard
        contentHash(UnsafeBufferPointer(rebasing: log[start - 1..<payload.upperBound]))
          == Self.number(log, at: end + 4, bytes: 8),
        let kind = Kind(rawValue: log[start - 1]), kind == .plan || plan != nil
      else {
        if toleratesDamage || payload.upperBound == log.count { return }
        throw Diagnostic(
          "damaged checkpoint", "'\(path)' is damaged at byte \(end)",
          help: "begin anew with '--restart'; assets that are right already are left alone")
      }
      add(kind, log, payload)
      end = payload.upperBound
    }
  }

  private mutating func add(_ kind: Kind, _ log: UnsafeBufferPointer<UInt8>, _ payload: Range<Int>) {
    hasEnded = kind == .ended
    switch kind {
    case .ended: break
    case .plan: plan = String(decoding: log[payload], as: UTF8.self)
    case .call:
      guard let key = CallKey(log[payload.prefix(CallKey.count)]) else { return }
      calls[key] = payload.dropFirst(CallKey.count)
    case .paths: paths.append(payload)
    case .discarded: discarded.append(payload)
    }
  }

  /// An entry as it is appended.
  static func entry(_ kind: Kind, _ payload: [UInt8]) -> [UInt8] {
    let body = [kind.rawValue] + payload
    var bytes: [UInt8] = []
    bytes.reserveCapacity(headCount + payload.count)
    bytes.append(number: UInt64(payload.count), bytes: 4)
    bytes.append(number: body.withUnsafeBufferPointer { contentHash($0) }, bytes: 8)
    return bytes + body
  }

  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, bytes count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
  }
}

extension [UInt8] {
  /// Appends a number, its lowest byte first.
  mutating func append(number: UInt64, bytes: Int) {
    for place in 0..<bytes { append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place))) }
  }
}
