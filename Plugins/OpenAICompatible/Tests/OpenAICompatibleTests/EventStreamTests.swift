import Testing

@testable import OpenAICompatible

struct EventStreamTests {
  private func events(_ pieces: [String]) -> [String] {
    var stream = EventStream()
    var found: [String] = []
    for piece in pieces {
      Array(piece.utf8).withUnsafeBufferPointer {
        stream.feed($0) { found.append(String(decoding: $0, as: UTF8.self)) }
      }
    }
    stream.finish { found.append(String(decoding: $0, as: UTF8.self)) }
    return found
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func eventsEndAtABlankLine(newline: String) {
    let text = ["data: a", "", ": a comment", "event: x", "data:b", "data: c", "", ""].joined(separator: newline)
    #expect(events([text]) == ["a", "b\nc"])
  }

  @Test func itDoesNotMatterWhereTheStreamIsCut() {
    let text = "data: {\"x\":1}\r\n\r\ndata: zwölf\n\ndata: [DONE]"
    for length in 1...7 {
      let bytes = Array(text.utf8)
      var stream = EventStream()
      var found: [String] = []
      for start in stride(from: 0, to: bytes.count, by: length) {
        bytes[start..<min(start + length, bytes.count)].withUnsafeBufferPointer {
          stream.feed($0) { found.append(String(decoding: $0, as: UTF8.self)) }
        }
      }
      stream.finish { found.append(String(decoding: $0, as: UTF8.self)) }
      #expect(found == ["{\"x\":1}", "zwölf", "[DONE]"])
    }
  }
}
