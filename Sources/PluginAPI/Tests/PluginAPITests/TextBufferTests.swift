import PluginAPI
import PluginTesting
import Testing

struct TextBufferTests {
  /// Writes "ab" as often as its brief says, in pieces.
  private struct Repeater: Plugin {
    static let info = PluginInfo(id: "com.example.repeater", version: "1.0.0")
    init(_ setup: Setup) throws {}
    func process(_ request: Request, into output: Output) throws {
      output.write {
        for _ in 0..<(request.brief["times"].int ?? 0) {
          $0.append("a")
          $0.append(request.brief["b"].utf8)
        }
        $0.append(request.brief["end"].string ?? "")
      }
    }
  }

  @Test(arguments: [0, 1, 255, 256, 257, 5000])
  func piecesBecomeOneText(_ times: Int) throws {
    let instance = try TestHost().instance(of: Repeater.self)
    let result = try instance.process(TestRequest(#"{"times":\#(times),"b":"b","end":"."}"#))
    #expect(result.text == String(repeating: "ab", count: times) + ".")
  }
}
