import DecoderSuite
import Foundation
import LiquidSuite

// conformance SUITE FOLDER: runs every case of a suite and ends with "N passed, M failed".
let arguments = CommandLine.arguments
guard arguments.count == 3, ["liquid", "decoder"].contains(arguments[1]) else {
  print("usage: conformance liquid|decoder FOLDER")
  exit(64)
}
let folder = URL(fileURLWithPath: arguments[2])
var passed = 0
var failures: [(name: String, reason: String)] = []
switch arguments[1] {
case "liquid":
  guard let suite = LiquidSuite(folder: folder) else {
    print("no JSON files in '\(arguments[2])'")
    exit(66)
  }
  let result = try suite.run()
  (passed, failures) = (result.passed, result.failures)
default:
  let models = ProcessInfo.processInfo.environment["BESPOKE_MODELS"].map { URL(fileURLWithPath: $0) }
  guard let suite = DecoderSuite(folder: folder, models: models) else {
    print("no folder 'tiny' in '\(arguments[2])'")
    exit(66)
  }
  let result = try suite.run()
  for model in result.absent { print("skipped: '\(model)' is not in the folder that BESPOKE_MODELS names") }
  (passed, failures) = (result.passed, result.failures)
}
for (name, reason) in failures { print("failed: \(name)\n  \(reason)") }
print("\(passed) passed, \(failures.count) failed")
exit(failures.isEmpty ? 0 : 1)
