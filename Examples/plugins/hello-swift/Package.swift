// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "hello-swift",
  products: [.library(name: "HelloSwift", type: .dynamic, targets: ["HelloSwift"])],
  dependencies: [.package(path: "../../../Sources/PluginAPI")],
  targets: [
    .target(name: "HelloSwift", dependencies: [.product(name: "PluginExport", package: "PluginAPI")]),
    .testTarget(
      name: "HelloSwiftTests", dependencies: ["HelloSwift", .product(name: "PluginTesting", package: "PluginAPI")]),
  ])
