import Core

/// Writes regular files one after the other as a tar archive: headers of ustar, with extended headers before members whose
/// name or size does not fit.
///
/// Owner, rights and time are the same for all members, so that the same files give the same bytes.
/// Source: POSIX.1-2024, pax, "ustar Interchange Format" and "pax Extended Header".
final class TarWriter {
  private let file: LogFile
  private let time: Int64
  private var written = 0
  private var promised = 0

  private static let blockSize = 512
  /// Archives are filled up to whole records of 20 blocks.
  private static let recordSize = 20 * blockSize
  private static let mostOctal = 0o777_7777_7777

  init(file: LogFile, time: Int64) {
    self.file = file
    self.time = min(max(0, time), Int64(Self.mostOctal))
  }

  /// Begins a member; exactly `size` bytes must be appended before it is ended.
  func begin(_ path: String, size: Int) throws(Diagnostic) {
    let place = Self.split(path)
    var extended: [UInt8] = []
    if place == nil { extended += Self.record("path", path) }
    if size > Self.mostOctal { extended += Self.record("size", "\(size)") }
    if !extended.isEmpty {
      try put(header("PaxHeaders/\(path.utf8.count)", prefix: [], size: extended.count, type: "x"))
      try put(extended)
      try pad(to: Self.blockSize)
    }
    let (prefix, name) = place ?? ([], Array(path.utf8.suffix(100)))
    try put(header(name, prefix: prefix, size: size > Self.mostOctal ? 0 : size, type: "0"))
    promised = written + size
  }

  /// Adds content to the member that was begun.
  func append(_ bytes: some Collection<UInt8>) throws(Diagnostic) { try put(bytes) }

  /// Ends the member.
  func end() throws(Diagnostic) {
    precondition(written == promised, "a member has as many bytes as its header says")
    try pad(to: Self.blockSize)
  }

  /// Ends the archive and makes it visible.
  func finish() throws(Diagnostic) {
    try put(repeatElement(0, count: 2 * Self.blockSize))
    try pad(to: Self.recordSize)
    try file.finish()
  }

  /// Leaves nothing behind.
  func abandon() { file.abandon() }

  private func put(_ bytes: some Collection<UInt8>) throws(Diagnostic) {
    try file.append(bytes)
    written += bytes.count
  }

  private func pad(to size: Int) throws(Diagnostic) {
    let rest = written % size
    if rest > 0 { try put(repeatElement(0, count: size - rest)) }
  }

  private func header(_ name: String, prefix: [UInt8], size: Int, type: Unicode.Scalar) -> [UInt8] {
    header(Array(name.utf8), prefix: prefix, size: size, type: type)
  }

  private func header(_ name: [UInt8], prefix: [UInt8], size: Int, type: Unicode.Scalar) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: Self.blockSize)
    func put(_ bytes: some Collection<UInt8>, at start: Int) {
      block.replaceSubrange(start..<start + bytes.count, with: bytes)
    }
    put(name, at: 0)
    put("0000644\0".utf8, at: 100)
    put("0000000\0".utf8, at: 108)
    put("0000000\0".utf8, at: 116)
    put(Self.octal(size, digits: 11), at: 124)
    put(Self.octal(Int(time), digits: 11), at: 136)
    // The sum is made as if its own field held blanks.
    put("        ".utf8, at: 148)
    put(String(type).utf8, at: 156)
    put("ustar\0".utf8, at: 257)
    put("00".utf8, at: 263)
    put("0000000\0".utf8, at: 329)
    put("0000000\0".utf8, at: 337)
    put(prefix, at: 345)
    put(Self.octal(block.reduce(0) { $0 + Int($1) }, digits: 6) + [0, UInt8(ascii: " ")], at: 148)
    return block
  }

  private static func octal(_ number: Int, digits: Int) -> [UInt8] {
    let text = String(number, radix: 8)
    return Array(repeatElement(UInt8(ascii: "0"), count: digits - text.utf8.count)) + Array(text.utf8)
  }

  /// A path as the header's two fields hold it; nil where they cannot: too long, or not ASCII.
  private static func split(_ path: String) -> (prefix: [UInt8], name: [UInt8])? {
    let bytes = Array(path.utf8)
    guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    if bytes.count <= 100 { return ([], bytes) }
    // The slash between the fields is in neither.
    guard let slash = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: "/") && bytes.count - $0 - 1 <= 100 }),
      slash <= 155
    else { return nil }
    return (Array(bytes[..<slash]), Array(bytes[(slash + 1)...]))
  }

  /// A record of an extended header: its own length in decimal, a blank, keyword, "=", value, newline.
  private static func record(_ keyword: String, _ value: String) -> [UInt8] {
    let rest = " \(keyword)=\(value)\n"
    var length = rest.utf8.count + 1
    while "\(length)".utf8.count + rest.utf8.count != length { length = "\(length)".utf8.count + rest.utf8.count }
    return Array("\(length)\(rest)".utf8)
  }
}
