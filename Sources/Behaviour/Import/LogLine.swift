import Host

/// One line of a web server's log in the combined format of Apache and nginx.
///
/// Views into the line that was given.
struct LogLine {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  var address = Bytes(start: nil, count: 0)
  var user = Bytes(start: nil, count: 0)
  var time = Bytes(start: nil, count: 0)
  var path = Bytes(start: nil, count: 0)
  var query = Bytes(start: nil, count: 0)
  var agent = Bytes(start: nil, count: 0)
  var status = 0

  /// Takes a line apart; nil where it is none of a log.
  init?(_ line: Bytes) {
    var rest = line
    func upTo(_ byte: UInt8) -> Bytes? {
      guard let end = rest.firstIndex(of: byte) else { return nil }
      defer { rest = Bytes(rebasing: rest[(end + 1)...]) }
      return Bytes(rebasing: rest[..<end])
    }
    guard let address = upTo(0x20), upTo(0x20) != nil, let user = upTo(UInt8(ascii: "[")),
      let time = upTo(UInt8(ascii: "]")), upTo(UInt8(ascii: "\"")) != nil, let request = upTo(UInt8(ascii: "\""))
    else { return nil }
    self.address = address
    self.user = trimmed(user)
    self.time = time
    let words = request.split(separator: 0x20, maxSplits: 2)
    guard words.count >= 2 else { return nil }
    let target = Bytes(rebasing: words[1])
    let mark = target.firstIndex(of: UInt8(ascii: "?")) ?? target.count
    path = Bytes(rebasing: target[..<mark])
    if mark < target.count { query = Bytes(rebasing: target[(mark + 1)...]) }
    _ = upTo(0x20)
    for byte in rest.prefix(while: { 48...57 ~= $0 }).prefix(3) { status = status * 10 + Int(byte - 48) }
    // The agent is the last text in quotes.
    if rest.last == UInt8(ascii: "\""), let open = rest.dropLast().lastIndex(of: UInt8(ascii: "\"")) {
      agent = Bytes(rebasing: rest[(open + 1)..<(rest.count - 1)])
    }
  }

  /// The value of a parameter of the query string, still escaped; nil where it is not there.
  func parameter(_ name: [UInt8]) -> Bytes? {
    for pair in query.split(separator: UInt8(ascii: "&")) where pair.starts(with: name) {
      let value = pair.dropFirst(name.count)
      if value.first == UInt8(ascii: "=") { return Bytes(rebasing: value.dropFirst()) }
    }
    return nil
  }

  /// Whether the agent calls itself a program.
  static func isRobot(_ agent: Bytes) -> Bool {
    robots.contains { contains(agent, $0) }
  }

  private static let robots: [[UInt8]] = [
    "bot", "crawl", "spider", "slurp", "curl/", "wget", "python-", "headless", "scrapy", "monitor", "java/",
  ].map { Array($0.utf8) }

  private static func contains(_ text: Bytes, _ word: [UInt8]) -> Bool {
    guard text.count >= word.count else { return false }
    for start in 0...(text.count - word.count)
    where word.indices.allSatisfy({ text[start + $0] | 0x20 == word[$0] | 0x20 }) { return true }
    return false
  }
}
