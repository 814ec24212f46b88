import CPluginABI
import Core
import Crypto

// Same request, same bytes: whatever else happens.
extension Check {
  static let batches = Check(name: "batches") { context in
    let probe = try context.probe()
    let (requests, documents) = try context.requests(256)
    context.note("with a batch of 0")
    let nothing = probe.process([])
    guard nothing.whole == Status.ok.rawValue else {
      throw Fault("a batch of 0 answered \(statusName(nothing.whole)), expected ok")
    }
    context.note("with batches of 1")
    let alone = requests.map { request in probe.process([request]).answers.first }
    func compare(_ order: [Int], _ words: String) throws {
      context.note("with \(words)")
      let (whole, answers) = probe.process(order.map { requests[$0] })
      guard whole == Status.ok.rawValue else { throw Fault("\(words) answered \(statusName(whole))") }
      guard try context.plugin().description.isDeterministic else { return }
      for (place, index) in order.enumerated() where answers[place] != alone[index] {
        throw Fault("\(words) gave other bytes for item \(place) than the same request alone")
      }
    }
    try compare(Array(0..<17), "a batch of 17")
    try compare(Array(0..<256), "a batch of 256")
    var random = context.random
    try compare(Array(0..<256).shuffled(using: &random), "a batch of 256 in another order")
    withExtendedLifetime(documents) {}
    return "0, 1, 17, 256 and another order"
  }

  static let repeatable = Check(name: "repeatable", isRepeated: true) { context in
    guard try context.plugin().description.isDeterministic else {
      throw Skip(detail: "'describe' says that it is not deterministic")
    }
    let (requests, documents) = try context.requests(64)
    let first = try context.probe().process(requests).answers
    let probe = try context.probe()
    for round in 2...3 where probe.process(requests).answers != first {
      throw Fault("the same requests and seeds gave other bytes the \(round == 2 ? "second" : "third") time")
    }
    withExtendedLifetime(documents) {}
    var hash = SHA256()
    for answer in first { hash.update(data: Array("\(answer)".utf8)) }
    return "digest \(hexadecimal(hash.finalize()).prefix(16))"
  }

  static let interleaved = Check(name: "interleaved") { context in
    guard try context.plugin().description.isDeterministic else {
      throw Skip(detail: "'describe' says that it is not deterministic")
    }
    let (requests, documents) = try context.requests(16)
    let alone: [[Probe.Answer]] = try (0..<2).map { _ in
      let probe = try context.probe()
      return requests.flatMap { probe.process([$0]).answers }
    }
    guard alone[0] == alone[1] else { throw Skip(detail: "two instances write different bytes even in turn") }
    let probes = [try context.probe(), try context.probe()]
    for (index, request) in requests.enumerated() {
      for probe in probes where probe.process([request]).answers.first != alone[0][index] {
        throw Fault("two instances in turns gave other bytes than one alone", help: "keep state in the instance")
      }
    }
    let onThread = Shared(probes[0], requests)
    try onThread.runOnThread()
    guard onThread.answers == alone[0] else {
      throw Fault("an instance gave other bytes on another thread", help: "keep state in the instance")
    }
    withExtendedLifetime(documents) {}
    return "two instances, and another thread"
  }
}
