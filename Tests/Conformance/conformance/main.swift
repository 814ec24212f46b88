import DecoderSuite
import Foundation
import LiquidSuite
import NGramSuite

// conformance SUITE FOLDER: runs every case of a suite and ends with "N passed, M failed".
func finish(passed: Int, failures: [(name: String, reason: String)]) -> Never {
  for (name, reason) in failures { print("failed: \(name)\n  \(reason)") }
  print("\(passed) passed, \(failures.count) failed")
  exit(failures.isEmpty ? 0 : 1)
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  print("usage: conformance liquid|ngram|decoder FOLDER")
  exit(64)
}
let folder = URL(fileURLWithPath: arguments[2])
switch arguments[1] {
case "liquid":
  guard let suite = LiquidSuite(folder: folder) else {
    print("no '*.json' and no '*.yml' in '\(arguments[2])'")
    exit(66)
  }
  let result = try suite.run()
  if result.skipped > 0 { print("skipped: \(result.skipped) that need Ruby's objects or Shopify's shops") }
  finish(passed: result.passed, failures: result.failures)
case "ngram":
  guard let suite = NGramSuite(folder: folder) else {
    print("no 'cases.tsv' in '\(arguments[2])'")
    exit(66)
  }
  let result = suite.run()
  finish(passed: result.passed, failures: result.failures)
case "decoder":
  let models = ProcessInfo.processInfo.environment["BESPOKE_MODELS"].map { URL(fileURLWithPath: $0) }
  guard let suite = DecoderSuite(folder: folder, models: models) else {
    print("no folder 'tiny' in '\(arguments[2])'")
    exit(66)
  }
  let result = try suite.run()
  for model in result.absent { print("skipped: '\(model)' is not in the folder that BESPOKE_MODELS names") }
  finish(passed: result.passed, failures: result.failures)
default:
  print("no suite '\(arguments[1])'; suites are 'liquid', 'ngram' and 'decoder'")
  exit(64)
}
