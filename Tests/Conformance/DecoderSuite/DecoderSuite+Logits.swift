import Core
import Foundation
import NeuralDecoder

extension DecoderSuite {
  /// One way to compute: a level of the CPU, quantised or exact.
  struct Mode {
    let kernels: Kernels
    let exact: Bool
    var name: String { "\(kernels.name)\(exact ? " exact" : "")" }
  }

  /// A tiny model at every level, quantised and exact.
  static func tiny(_ reference: Value, _ name: String, _ file: GGUFFile, _ pool: ThreadPool, into result: inout Result)
    throws
  {
    let tokenizer = try Tokenizer(file)
    let spread = reference["logit_std"].double ?? 0
    let types = (0..<reference["tensor_types"].count).compactMap { reference["tensor_types"][$0].string }
    let isQuantised = types.contains { $0.hasPrefix("Q") }
    let cases = reference["cases"]
    for index in 0..<cases.count {
      result.check("\(name) tokens \(index)") {
        let found = tokenizer.encode(cases[index]["prompt"].string ?? "", beginning: true)
        let expected = tokens(cases[index]["ids"])
        return found == expected ? nil : "expected \(expected), got \(found)"
      }
    }
    for mode in Kernels.levels.flatMap({ [Mode(kernels: $0, exact: false), Mode(kernels: $0, exact: true)] }) {
      let model = try Model(file, kernels: mode.kernels, exact: mode.exact, pool: pool)
      let evaluator = Evaluator(model, pool: pool)
      for index in 0..<cases.count {
        let test = cases[index]
        let ids = tokens(test["ids"])
        var last: [Float] = []
        var wrong: [Int] = []
        evaluator.logits(of: ids) { position, logits in
          let top = test["exact_top1_every_position"][position]
          let isSure = top[2].double ?? 0 > (isQuantised && !mode.exact ? 0.4 * spread : 0.02)
          if isSure, best(logits) != Int(top[0].int ?? -1) { wrong.append(position) }
          if position == ids.count - 1 { last = Array(logits) }
        }
        let expected = (0..<test["exact_last_logits"].count).map { test["exact_last_logits"][$0].double ?? .nan }
        result.check("\(name) \(mode.name) logits \(index)") {
          let differences = zip(last, expected).map { Double($0) - $1 }
          let most = differences.map(abs).max() ?? .infinity
          let mean = (differences.reduce(0) { $0 + $1 * $1 } / Double(max(1, differences.count))).squareRoot()
          if isQuantised && !mode.exact {
            return mean <= 0.15 * spread ? nil : "root mean square \(mean), expected at most \(0.15 * spread)"
          }
          return most <= 2e-3 ? nil : "largest difference \(most), expected at most 0.002"
        }
        result.check("\(name) \(mode.name) best tokens \(index)") {
          wrong.isEmpty ? nil : "another token is best at \(wrong)"
        }
      }
    }
  }

  /// A big model: logits after each prompt, and the best token along the reference's greedy text.
  static func big(
    _ cases: Value, _ name: String, _ file: GGUFFile, _ mode: Mode, _ pool: ThreadPool, into result: inout Result
  ) throws {
    let model = try Model(file, kernels: mode.kernels, exact: mode.exact, pool: pool)
    let evaluator = Evaluator(model, pool: pool)
    for index in 0..<cases.count {
      let test = cases[index]
      let ids = tokens(test["ids"])
      let path = tokens(test["greedy"]["llamacpp_plain"])
      let steps = test["greedy"]["exact_argmax_and_margin_along_plain"]
      var wrong: [String] = []
      var sample: [Double] = []
      evaluator.logits(of: ids + path.dropLast(), from: ids.count - 1) { position, logits in
        let step = position - ids.count + 1
        if step == 0 {
          sample = (0..<test["exact"]["sample_ids"].count).map {
            let id = Int(test["exact"]["sample_ids"][$0].int ?? 0)
            return Double(logits[id]) - (test["exact"]["sample_logits"][$0].double ?? .nan)
          }
        }
        let expected = Int(steps[step][0].int ?? -1)
        let margin = steps[step][1].double ?? 0
        if margin > (mode.exact ? 0.04 : 0.6), best(logits) != expected {
          wrong.append("step \(step), margin \(margin)")
        }
      }
      result.check("\(name) \(mode.name) logits \(index)") {
        let most = sample.map(abs).max() ?? .infinity
        let mean = (sample.reduce(0) { $0 + $1 * $1 } / Double(max(1, sample.count))).squareRoot()
        if mode.exact { return most <= 0.02 ? nil : "largest difference \(most), expected at most 0.02" }
        return mean <= 0.9 ? nil : "root mean square \(mean), expected at most 0.9"
      }
      result.check("\(name) \(mode.name) best tokens \(index)") {
        wrong.isEmpty ? nil : "another token is best at \(wrong)"
      }
    }
  }

  private static func best(_ logits: UnsafeBufferPointer<Float>) -> Int? {
    logits.indices.max { logits[$0] < logits[$1] }
  }
}
