// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "OpenAICompatible",
  products: [.library(name: "OpenAICompatible", type: .dynamic, targets: ["OpenAICompatibleEntry"])],
  dependencies: [.package(path: "../../Sources/PluginAPI")],
  targets: [
    .systemLibrary(
      name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(
      name: "OpenAICompatible", dependencies: ["CCurl", .product(name: "PluginAPI", package: "PluginAPI")],
      swiftSettings: settings),
    .target(
      name: "OpenAICompatibleEntry",
      dependencies: ["OpenAICompatible", .product(name: "PluginExport", package: "PluginAPI")], path: "Sources/Entry",
      swiftSettings: settings),
    .testTarget(
      name: "OpenAICompatibleTests",
      dependencies: ["OpenAICompatible", .product(name: "PluginTesting", package: "PluginAPI")],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
