// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let abi = Target.Dependency.product(name: "CPluginABI", package: "PluginAPI")
let sdk = Target.Dependency.product(name: "PluginAPI", package: "PluginAPI")
let export = Target.Dependency.product(name: "PluginExport", package: "PluginAPI")

/// A plugin is two targets: its logic, which tests import, and the entry, which only the shared object holds.
func plugin(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> [Target] {
  [
    .target(
      name: name, dependencies: [sdk] + dependencies, path: "Plugins/\(name)", exclude: ["Entry"] + exclude,
      swiftSettings: settings),
    .target(
      name: "\(name)Entry", dependencies: [export, .target(name: name)], path: "Plugins/\(name)/Entry",
      swiftSettings: settings),
  ]
}

func pluginProduct(_ name: String) -> Product {
  .library(name: name, type: .dynamic, targets: ["\(name)Entry"])
}

let package = Package(
  name: "Bespoke",
  products: [
    .executable(name: "bespoke", targets: ["bespoke"]),
    pluginProduct("TemplateFiller"),
    pluginProduct("ProductPage"),
    pluginProduct("Email"),
    .library(name: "bespoke-allocation-counter", type: .dynamic, targets: ["CAllocationCounter"]),
    pluginProduct("Recommender"),
    pluginProduct("NeuralDecoder"),
    .library(name: "Decoding", targets: ["NeuralDecoder"]),
    .library(name: "Core", targets: ["Core"]),
    .library(name: "Liquid", targets: ["Liquid"]),
    .library(name: "Markup", targets: ["Markup"]),
    .library(name: "Host", targets: ["Host"]),
    .library(name: "EmailWriter", targets: ["Email"]),
    .library(name: "NgramModel", type: .dynamic, targets: ["NGramModelEntry"]),
    .library(name: "NGramModelLogic", targets: ["NGramModel"]),
  ],
  dependencies: [
    .package(path: "Sources/PluginAPI"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(name: "Core", dependencies: [abi], swiftSettings: settings),
    .target(name: "Liquid", dependencies: ["Core", abi], swiftSettings: settings),
    .systemLibrary(
      name: "CLibXML2", path: "Sources/CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Markup", dependencies: ["Core", "CLibXML2"], swiftSettings: settings),
    .target(name: "CAllocationCounter"),
    .target(
      name: "Host",
      dependencies: [
        "Core", "Liquid", "Markup", "CZlib", abi, "Yams", .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .target(name: "Recommendation", dependencies: ["Core"], swiftSettings: settings),
    .target(
      name: "Behaviour",
      dependencies: [
        "Core", "Host", "Recommendation", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "bespoke",
      dependencies: [
        "Behaviour", "Core", "Host", "Recommendation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings,
      linkerSettings: [
        // What is installed runs where there is no Swift. Foundation's archives do not say what they need.
        .unsafeFlags(
          [
            "-static-stdlib", "-l_CFURLSessionInterface", "-lCoreFoundation", "-l_FoundationCShims",
            "-l_FoundationCollections", "-l_FoundationICU", "-lcurl",
          ],
          .when(configuration: .release))
      ]),
    .executableTarget(
      name: "shop-events", dependencies: ["Core"], path: "Examples/shop/Generator", swiftSettings: settings),
  ]
    + [
      .target(
        name: "TemplateSupport", dependencies: ["Liquid", "Markup", sdk], path: "Plugins/TemplateSupport",
        swiftSettings: settings)
    ]
    + plugin("TemplateFiller", ["Liquid", "TemplateSupport"])
    + plugin("ProductPage", ["Liquid", "Markup", "TemplateSupport"])
    + plugin("Email", ["Core", "Liquid", "Markup", "TemplateSupport"])
    + plugin("Recommender", ["Core", "Recommendation"])
    + [
      .target(name: "CDecoderKernels", path: "Plugins/NeuralDecoder/CKernels"),
      .target(name: "CTrainingKernels", path: "Plugins/NeuralDecoder/CTraining"),
    ]
    + plugin(
      "NeuralDecoder", ["CDecoderKernels", "CTrainingKernels", "Core", "NGramModel"], exclude: ["CKernels", "CTraining"])
    + plugin("NGramModel", ["Core"])
    + [
      .testTarget(name: "CoreTests", dependencies: ["Core", abi], swiftSettings: settings),
      .target(
        name: "LiquidSuite", dependencies: ["Core", "Liquid", "Yams"],
        path: "Tests/Conformance/LiquidSuite",
        swiftSettings: settings),
      .target(
        name: "DecoderSuite", dependencies: ["Core", "NeuralDecoder"], path: "Tests/Conformance/DecoderSuite",
        swiftSettings: settings),
      .testTarget(
        name: "NeuralDecoderTests",
        dependencies: [
          "CDecoderKernels", "Core", "NeuralDecoder", "DecoderSuite",
          .product(name: "PluginTesting", package: "PluginAPI"),
        ], swiftSettings: settings),
      .target(
        name: "NGramSuite", dependencies: ["Core", "CZlib", "NGramModel"], path: "Tests/Conformance/NGramSuite",
        swiftSettings: settings),
      .executableTarget(
        name: "conformance", dependencies: ["DecoderSuite", "LiquidSuite", "NGramSuite"],
        path: "Tests/Conformance/conformance",
        swiftSettings: settings),
      .testTarget(
        name: "LiquidTests", dependencies: ["Core", "Liquid", "LiquidSuite", abi], exclude: ["inputs", "snapshots"],
        swiftSettings: settings),
      .target(
        name: "HostileFragments", dependencies: ["CLibXML2"], path: "Tests/HostileFragments", swiftSettings: settings),
      .testTarget(
        name: "NGramModelTests", dependencies: ["Core", "NGramModel", "NGramSuite"], swiftSettings: settings),
      .testTarget(
        name: "MarkupTests", dependencies: ["Core", "HostileFragments", "Markup", "CLibXML2"],
        swiftSettings: settings),
      .testTarget(
        name: "EmailTests",
        dependencies: [
          "Core", "Email", "HostileFragments", "Markup", sdk, .product(name: "PluginTesting", package: "PluginAPI"),
        ],
        swiftSettings: settings),
      .testTarget(
        name: "HostTests", dependencies: ["Core", "Host", "HostileFragments", "Liquid", "Markup", "CLibXML2", abi],
        exclude: ["Fixtures"], swiftSettings: settings),
      .testTarget(name: "RecommendationTests", dependencies: ["Core", "Recommendation"], swiftSettings: settings),
      .testTarget(
        name: "BehaviourTests",
        dependencies: ["Behaviour", "Core", "Host", "Recommendation", .product(name: "GRDB", package: "GRDB.swift")],
        swiftSettings: settings),
      .testTarget(
        name: "PluginTests",
        dependencies: [
          "TemplateFiller", "ProductPage", "NGramModel", "Recommender", "Recommendation", "Core", "HostileFragments", sdk,
          .product(name: "PluginTesting", package: "PluginAPI"),
        ],
        swiftSettings: settings),
      .testTarget(name: "CLITests", dependencies: ["bespoke"], swiftSettings: settings),
    ],
  swiftLanguageModes: [.v6]
)
