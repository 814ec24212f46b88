public import Core

/// A manifest as it was read: what to run, over what, and what to write.
///
/// Immutable.
public struct Manifest: Sendable {
  /// The file as the user named it.
  public let file: String
  /// Lower-case hexadecimal SHA-256 of the text.
  public let sha256: String
  /// Folder that paths are relative to.
  public let folder: String
  /// Name of the run, for people and for seeds.
  public let name: String
  /// The shop.
  public let site: Site
  /// Which locales there are.
  public let locales: Locales
  /// The run's seed.
  public let seed: UInt64
  /// "Now" of the run, in seconds since 1970.
  public let runTime: Int64
  /// Value of `channel` in every brief; may be empty.
  public let channel: String
  /// Value of `campaign` in every brief; may be empty.
  public let campaign: String
  /// Who is generated for; nil for a run over products alone.
  public private(set) var profiles: Input?
  /// The products; nil where there are none.
  public private(set) var catalogue: Input?
  /// Folders of templates, partials and locales, in search order.
  public let templateFolders: [String]
  /// Plugins that are not ours.
  public let plugins: [PluginEntry]
  /// In order; the first that matches is taken.
  public let routes: [Route]
  /// In the manifest's order.
  public let pipelines: [PipelineSpec]
  /// What is written where.
  public let assets: [AssetRule]
  /// Files that are copied as they are.
  public let staticFiles: [StaticFolder]
  /// Feeds and CMS imports.
  public let feeds: [FeedSpec]
  /// What `bespoke check` proves.
  public let tests: [TestSpec]
  /// The environment variables that it may read.
  public let environment: Environment
  /// The files that it includes.
  public let fragments: [String]
  /// Where catalogues that were read are kept; nil for nowhere.
  public var catalogueCache: CatalogueCache?

  /// Makes an input read another file; false where there is no input of that name.
  public mutating func setInput(_ name: String, path: String) -> Bool {
    switch name {
    case "profiles" where profiles != nil: profiles?.path = path
    case "catalogue" where catalogue != nil: catalogue?.path = path
    default: return false
    }
    return true
  }

  /// The shop.
  public struct Site: Sendable {
    /// Name that readers see.
    public let name: String
    /// Absolute URL without a slash at its end.
    public let baseURL: String
    /// Legal name.
    public let organisation: String
    /// ISO 4217.
    public let currency: String
    /// Liquid that gives a product page's path from `product` and `locale`; nil where products have no page here.
    public let productPath: Option?
    /// The whole section, as briefs show it.
    public let document: Document
  }

  /// Which locales there are.
  public struct Locales: Sendable {
    /// What a profile without a locale gets.
    public let fallback: String
    /// All that are generated, the default among them.
    public let supported: [String]
    /// Path in the brief of a profile's locale.
    public let from: [String]
  }

  /// A file of records.
  public struct Input: Sendable {
    /// As this process can open it; "-" for standard input; nil where all records stand inline.
    public var path: String?
    /// How the file is to be read.
    public let options: InputOptions
    /// How its fields become canonical ones.
    public let map: FieldMap
    /// Records that stand in the manifest itself and come first: an array.
    public let inline: Document?
    /// What is doubtful about its map.
    let warnings: [Diagnostic]
    /// The section as JSON, by which a change shows.
    let section: String
    /// Where the section stands.
    public let location: SourceLocation
  }

  /// A plugin that is not ours.
  public struct PluginEntry: Sendable {
    /// What the manifest calls it.
    public let name: String
    /// Where it is.
    public let path: String
    /// Its expected digest, where pinned.
    public let sha256: String?
    /// Where it stands in the manifest.
    public let location: SourceLocation
  }

  /// Which pipeline a profile takes.
  public struct Route: Sendable {
    /// When; nil for always.
    public let condition: Condition?
    /// The condition as JSON; nil where there is none.
    let text: String?
    /// The pipeline's name.
    public let pipeline: String
  }

  /// A text with a place, for options that hold Liquid.
  public struct Option: Sendable {
    /// The text.
    public let text: String
    /// Where it stands.
    public let location: SourceLocation
  }

  /// One output document of a brief.
  public struct AssetRule: Sendable {
    /// The slot that is written.
    public let slot: String
    /// Liquid that gives its path.
    public let path: Option
    /// Where the rule stands.
    public let location: SourceLocation
  }

  /// A folder whose files are copied as they are.
  public struct StaticFolder: Sendable {
    /// Where it lies.
    public let from: String
    /// Where its content goes, relative to the output folder; empty for the output folder itself.
    public let to: String
  }

  /// A feed or CMS import.
  public struct FeedSpec: Sendable {
    /// A raw value of `FeedKind`.
    public let kind: String
    /// Relative to the output folder.
    public let path: String
    /// The asset whose pages it lists.
    public let slot: String
    /// The slot that gives the content of an item.
    public let content: String
    /// Which locale's pages; nil for the default of the kind.
    public let locale: String?
    /// Whether the content passes the allowlist for HTML.
    public let sanitises: Bool
    /// What an import into WordPress chooses.
    public let wordPress: WordPressFeed.Options
    /// Where it stands.
    public let location: SourceLocation
  }

  /// What one brief must come to.
  public struct TestSpec: Sendable {
    /// What a slot must hold; texts are Liquid over the brief.
    public enum Rule: Sendable {
      /// The path of the slot's asset.
      case path(Option)
      /// The whole slot.
      case equals(Option)
      /// A part of it.
      case contains(Option)
      /// No part of it.
      case lacks(Option)
      /// Its length.
      case atMostCharacters(Int)
    }

    /// Its name; nil where it has none.
    public let name: String?
    /// Id of the profile; nil for the first.
    public let profile: String?
    /// Id of the product; nil for the first.
    public let product: String?
    /// The locale; nil for the profile's.
    public let locale: String?
    /// The pipeline that the profile must take.
    public let route: String?
    /// The slot that the rules are about.
    public let slot: Option?
    /// All of them must hold.
    public let rules: [Rule]
    /// Where it stands.
    public let location: SourceLocation
  }
}

/// An ordered list of stages and what it is run for.
public struct PipelineSpec: Sendable {
  /// What a pipeline makes one brief for.
  public enum ForEach: Sendable, Equatable {
    /// For each profile.
    case profiles
    /// For each product of the catalogue.
    case products
    /// For each product in a slot.
    case slot(String, limit: Int?)
  }

  /// What `products` holds in its briefs.
  public enum Products: Sendable, Equatable {
    /// The profile's recommendations.
    case recommendations
    /// Every product of the catalogue.
    case catalogue
    /// The products in a slot, once a stage has filled it.
    case slot(String)
  }

  /// One way to fill a slot.
  public struct Alternative: Sendable {
    /// Name of the plugin.
    public let use: String
    /// Its options: an object.
    public let with: Document
    /// Where it stands.
    public let location: SourceLocation
    // For the place of a single option.
    let node: ConfigNodeBox
  }

  /// How often a call is made again whose plugin answered `unavailable`, the one status that asks for it.
  public struct Retries: Sendable, Equatable {
    /// Most further calls.
    public var most = 0
    /// Wait before the first of them; it doubles before each that follows, up to a minute.
    public var delaySeconds = 0.5
  }

  /// A step.
  public struct Stage: Sendable {
    /// Its id, which is also its slot.
    public let id: String
    /// In order; the first that succeeds fills the slot.
    public let alternatives: [Alternative]
    /// Run over what each alternative wrote.
    public let checks: [Alternative]
    /// Whether the slot may stay empty.
    public let isOptional: Bool
    /// Cooperative limit for one call; nil for none.
    public let timeoutSeconds: Double?
    /// How often a call is made again that may be.
    public let retries: Retries
    /// Where it stands.
    public let location: SourceLocation
  }

  /// Its name.
  public let name: String
  /// What it is run for.
  public let forEach: ForEach
  /// Whether every brief is made once for each supported locale.
  public let allLocales: Bool
  /// What `products` holds.
  public let products: Products
  /// In order.
  public let stages: [Stage]
  /// Where it stands.
  public let location: SourceLocation
}

/// Keeps a manifest's nodes for messages that come later.
struct ConfigNodeBox: @unchecked Sendable {
  // Nodes are immutable; hence the unchecked conformance.
  let node: ConfigNode
}
