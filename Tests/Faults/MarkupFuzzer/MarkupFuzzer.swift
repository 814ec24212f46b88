import Core
import HostileFragments
import Markup

/// One input of libFuzzer: markup as a stranger may send it, given to everything that reads such text.
///
/// A trap, a bad access and a run without end are found by libFuzzer and the address sanitizer. Beyond that, what the
/// sanitiser leaves of a fragment must be harmless.
///
/// libFuzzer's library brings the `main` that calls this by its name.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start else { return 0 }
  let bytes = UnsafeBufferPointer(start: start, count: count)
  do {
    try XMLCheck.text(bytes, named: "input")
  } catch {
    precondition(!"\(error)".isEmpty, "a fault has a message")
  }
  _ = PlainText.of(html: bytes)
  _ = HTMLCheck.problem(in: String(decoding: bytes, as: UTF8.self))
  for policy in [SanitisingPolicy.page, .email] {
    let sanitiser = HTMLSanitiser(policy)
    let harmless = sanitiser.sanitised(bytes)
    let offences = InertHTML(harmless).offences
    precondition(offences.isEmpty, "\(offences) in \(String(decoding: harmless, as: UTF8.self))")
  }
  return 0
}
