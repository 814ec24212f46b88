// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "Bespoke", path: ".."), .package(path: "../Sources/PluginAPI")],
  targets: [
    .executableTarget(
      name: "LiquidBench",
      dependencies: [
        .product(name: "Core", package: "Bespoke"), .product(name: "Liquid", package: "Bespoke"),
        .product(name: "CPluginABI", package: "PluginAPI"),
      ]),
    .executableTarget(
      name: "EmailBench",
      dependencies: [
        .product(name: "EmailWriter", package: "Bespoke"), .product(name: "Markup", package: "Bespoke"),
      ]),
    .executableTarget(
      name: "FeedBench",
      dependencies: [.product(name: "Core", package: "Bespoke"), .product(name: "Host", package: "Bespoke")]),
    .executableTarget(
      name: "InputBench",
      dependencies: [.product(name: "Core", package: "Bespoke"), .product(name: "Host", package: "Bespoke")]),
    .executableTarget(
      name: "DecoderBench",
      dependencies: [
        .product(name: "Core", package: "Bespoke"), .product(name: "Decoding", package: "Bespoke"),
      ]),
    .target(name: "ABIBenchPlugins", dependencies: [.product(name: "CPluginABI", package: "PluginAPI")]),
    .executableTarget(
      name: "ABIBench",
      dependencies: [
        "ABIBenchPlugins", .product(name: "Core", package: "Bespoke"),
        .product(name: "CPluginABI", package: "PluginAPI"), .product(name: "PluginAPI", package: "PluginAPI"),
      ]),
    .executableTarget(name: "ShopProfiles", dependencies: [.product(name: "Core", package: "Bespoke")]),
    .executableTarget(name: "NGramBench", dependencies: [.product(name: "NGramModelLogic", package: "Bespoke")]),
  ],
  swiftLanguageModes: [.v6]
)
