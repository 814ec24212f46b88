// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "PluginAPI",
  products: [
    .library(name: "CPluginABI", targets: ["CPluginABI"]),
    .library(name: "PluginAPI", targets: ["PluginAPI"]),
    .library(name: "PluginExport", targets: ["PluginExport"]),
    .library(name: "PluginTesting", targets: ["PluginTesting"]),
  ],
  targets: [
    .target(name: "CPluginABI", path: "CPluginABI"),
    .target(name: "PluginAPI", dependencies: ["CPluginABI"], path: "PluginAPI", swiftSettings: settings),
    .target(
      name: "PluginExport",
      dependencies: ["PluginAPI"],
      path: "PluginExport",
      exclude: ["plugin.map"],
      swiftSettings: settings,
      linkerSettings: [
        // A release plugin carries its own Swift runtime and exports one symbol, so that it lives beside plugins of
        // other compilers. Debug builds stay dynamic, or an author's test bundle would not link. What Foundation needs
        // is named, as its archives do not say so, and whatever is still missing is found here rather than by a host.
        .unsafeFlags(
          [
            "-static-stdlib", "-lCoreFoundation", "-l_FoundationCShims", "-l_FoundationCollections", "-l_FoundationICU",
            "-Xlinker", "-z", "-Xlinker", "defs",
            "-Xlinker", "--version-script=\(Context.packageDirectory)/PluginExport/plugin.map",
          ],
          .when(platforms: [.linux], configuration: .release))
      ]),
    .target(
      name: "PluginTesting", dependencies: ["CPluginABI", "PluginAPI"], path: "PluginTesting",
      swiftSettings: settings),
    .testTarget(
      name: "PluginAPITests", dependencies: ["CPluginABI", "PluginAPI", "PluginTesting"],
      path: "Tests/PluginAPITests", swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
