import Foundation
import LiquidSuite

// conformance SUITE FOLDER: runs every case of a suite and ends with "N passed, M failed".
let arguments = CommandLine.arguments
guard arguments.count == 3, arguments[1] == "liquid" else {
  print("usage: conformance liquid FOLDER")
  exit(64)
}
guard let suite = LiquidSuite(folder: URL(fileURLWithPath: arguments[2])) else {
  print("no JSON files in '\(arguments[2])'")
  exit(66)
}
let result = try suite.run()
for (name, reason) in result.failures { print("failed: \(name)\n  \(reason)") }
print("\(result.passed) passed, \(result.failures.count) failed")
exit(result.failures.isEmpty ? 0 : 1)
