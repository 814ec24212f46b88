import CPluginABI
import Core
import Glibc

extension ManifestReader {
  /// The keys of a manifest.
  static let keys = [
    "manifest", "name", "include", "environment", "site", "locales", "seed", "run_time", "channel", "campaign",
    "inputs",
    "templates", "plugins", "routes", "pipelines", "assets", "static", "feeds", "tests",
  ]

  /// Reads the whole manifest; what it returns is of use only where nothing was reported.
  func read(_ root: ConfigNode, sha256: String) -> Manifest {
    let subject = "manifest"
    checkKeys(root, Self.keys, of: subject)
    if let version = root["manifest"] {
      if case .number("1") = version.content {
      } else {
        fault(subject, "'manifest' must be 1, the version of the format, got \(version.shown)", at: version.location)
      }
    } else {
      fault(subject, "lacks 'manifest: 1', the version of the format", at: root.location)
    }
    let name = requiredString(root, "name", of: subject)
    let locales = readLocales(root)
    let pipelines = readPipelines(root)
    let feeds = readFeeds(root)
    let inputs = root["inputs"]
    if let inputs { checkKeys(inputs, ["profiles", "catalogue"], of: "inputs") }
    return Manifest(
      file: yaml.file, sha256: sha256, folder: folder, name: name,
      site: readSite(root, name: name, defaultLocale: locales.fallback),
      locales: locales,
      seed: number(root, "seed", of: subject, in: 0...9_007_199_254_740_992).map { UInt64($0) } ?? 0,
      runTime: readRunTime(root, needed: !feeds.isEmpty),
      channel: string(root, "channel", of: subject) ?? "",
      campaign: string(root, "campaign", of: subject) ?? "",
      profiles: inputs?["profiles"].map { readInput($0, "profiles", .profile) },
      catalogue: inputs?["catalogue"].map { readInput($0, "catalogue", .product) },
      templateFolders: readTemplateFolders(root),
      plugins: readPlugins(root),
      routes: readRoutes(root, pipelines: pipelines.map(\.name)),
      pipelines: pipelines,
      assets: readAssets(root),
      staticFiles: readStatic(root),
      feeds: feeds,
      tests: readTests(root, pipelines: pipelines, locales: locales),
      environment: environment, fragments: fragments)
  }

  private func readSite(_ root: ConfigNode, name: String, defaultLocale: String) -> Manifest.Site {
    let node = root["site"] ?? ConfigNode(.object([]), at: root.location)
    checkKeys(node, ["name", "base_url", "organisation", "currency", "product_path"], of: "site")
    let siteName = string(node, "name", of: "site") ?? name
    var baseURL = string(node, "base_url", of: "site") ?? ""
    if !baseURL.isEmpty, !baseURL.hasPrefix("https://"), !baseURL.hasPrefix("http://") {
      fault(
        "site", "'base_url' must begin with https:// or http://, got '\(baseURL)'",
        at: node["base_url"]?.location ?? node.location)
    }
    while baseURL.hasSuffix("/") { baseURL.removeLast() }
    let currency = string(node, "currency", of: "site") ?? ""
    if !currency.isEmpty, currency.wholeMatch(of: /[A-Z]{3}/) == nil {
      fault(
        "site", "'currency' must be three capital letters (ISO 4217), got '\(currency)'",
        at: node["currency"]?.location ?? node.location)
    }
    let organisation = string(node, "organisation", of: "site") ?? siteName
    return Manifest.Site(
      name: siteName, baseURL: baseURL, organisation: organisation, currency: currency,
      productPath: option(node, "product_path", of: "site"),
      document: Document { builder in
        builder.beginObject()
        for (key, value) in [
          ("name", siteName), ("base_url", baseURL), ("organisation", organisation), ("currency", currency),
          ("default_locale", defaultLocale),
        ] {
          builder.key(key)
          builder.string(value)
        }
        builder.end()
      })
  }

  func option(_ node: ConfigNode, _ key: String, of subject: String) -> Manifest.Option? {
    guard let text = string(node, key, of: subject), let location = node[key]?.location else { return nil }
    return Manifest.Option(text: text, location: location)
  }

  private func readLocales(_ root: ConfigNode) -> Manifest.Locales {
    guard let node = root["locales"] else {
      return Manifest.Locales(fallback: "en-US", supported: ["en-US"], from: ["profile", "locale"])
    }
    checkKeys(node, ["default", "supported", "from"], of: "locales")
    let fallback = requiredString(node, "default", of: "locales")
    var supported = strings(node, "supported", of: "locales")
    if supported.isEmpty { supported = [fallback] }
    for locale in supported where locale.wholeMatch(of: /[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?/) == nil {
      fault(
        "locales", "'\(locale)' is not a locale", at: node["supported"]?.location ?? node.location,
        help: "write language and region, as in 'de-DE'")
    }
    if !supported.contains(fallback) {
      fault(
        "locales", "the default '\(fallback)' is not among the supported locales",
        at: node["default"]?.location ?? node.location)
    }
    let from = string(node, "from", of: "locales") ?? "profile.locale"
    return Manifest.Locales(fallback: fallback, supported: supported, from: Self.path(from))
  }

  static func path(_ text: String) -> [String] { text.split(separator: ".").map(String.init) }

  private func readRunTime(_ root: ConfigNode, needed: Bool) -> Int64 {
    guard let text = string(root, "run_time", of: "manifest") else {
      if needed, root["run_time"] == nil {
        fault(
          "manifest", "lacks 'run_time', which feeds need for their dates", at: root.location,
          help: "for example 'run_time: 2026-03-01T08:00:00Z'")
      }
      return 0
    }
    guard let time = secondsSince1970(text) else {
      fault(
        "manifest", "'run_time' must be an ISO 8601 time, got '\(text)'",
        at: root["run_time"]?.location ?? root.location, help: "for example 2026-03-01T08:00:00Z")
      return 0
    }
    return time
  }

  private func readInput(_ node: ConfigNode, _ name: String, _ kind: RecordKind) -> Manifest.Input {
    let subject = "input '\(name)'"
    checkKeys(node, ["path", "inline", "map"] + InputOptions.keys, of: subject)
    let path = string(node, "path", of: subject)
    let inline = node["inline"]
    if path == nil, inline == nil { fault(subject, "lacks 'path'", at: node.location) }
    if let inline {
      if case .array = inline.content {
      } else {
        fault(subject, "'inline' must be an array of records, got \(inline.typeName)", at: inline.location)
      }
    }
    let document = node.document
    let locations = node.locations(in: document.root)
    let locate: (Value) -> SourceLocation? = { locations[$0.raw.node] }
    var problems: [Diagnostic] = []
    let options = InputOptions(document.root, locate: locate, problems: &problems)
    let map = FieldMap(document.root["map"], for: kind, locate: locate, problems: &problems)
    withExtendedLifetime(document) {}
    report(problems.filter { $0.severity == .error })
    return Manifest.Input(
      path: path.map(resolve), options: options, map: map, inline: inline?.document,
      warnings: problems.filter { $0.severity == .warning }, section: document.json, location: node.location)
  }

  private func readTemplateFolders(_ root: ConfigNode) -> [String] {
    if root["templates"] != nil {
      let folders = strings(root, "templates", of: "manifest", orOne: true).map(resolve)
      for folder in folders where !isFolder(folder) {
        fault("templates", "there is no folder '\(folder)'", at: root["templates"]?.location ?? root.location)
      }
      return folders
    }
    return ["Templates", "templates", "../Templates"].map(resolve).first(where: isFolder).map { [$0] } ?? []
  }

  private func readPlugins(_ root: ConfigNode) -> [Manifest.PluginEntry] {
    guard let node = root["plugins"] else { return [] }
    return node.members.map { member in
      let subject = "plugin '\(member.key)'"
      checkKeys(member.value, ["path", "sha256", "trust"], of: subject)
      let trust = string(member.value, "trust", of: subject) ?? "worker"
      switch trust {
      case "in-process": break
      case "worker":
        fault(
          subject, "'trust: worker' is not available in this version, and a plugin is never run in process unasked",
          at: member.value["trust"]?.location ?? member.keyLocation,
          help: "write 'trust: in-process' if you trust its authors as you trust this program")
      default:
        choiceFault(subject, "trust", trust, ["in-process", "worker"], at: member.value.location)
      }
      return Manifest.PluginEntry(
        name: member.key, path: resolve(requiredString(member.value, "path", of: subject)),
        sha256: string(member.value, "sha256", of: subject)?.lowercased(), location: member.keyLocation)
    }
  }

  private func readAssets(_ root: ConfigNode) -> [Manifest.AssetRule] {
    array(root, "assets", of: "manifest").compactMap { node in
      checkKeys(node, ["slot", "path"], of: "asset")
      let slot = requiredString(node, "slot", of: "asset")
      guard let path = option(node, "path", of: "asset '\(slot)'") else {
        if node["path"] == nil { fault("asset '\(slot)'", "lacks 'path'", at: node.location) }
        return nil
      }
      return Manifest.AssetRule(slot: slot, path: path, location: node.location)
    }
  }

  private func readStatic(_ root: ConfigNode) -> [Manifest.StaticFolder] {
    array(root, "static", of: "manifest").map { node in
      checkKeys(node, ["from", "to"], of: "static")
      let from = resolve(requiredString(node, "from", of: "static"))
      if node["from"] != nil, !isFolder(from) {
        fault("static", "there is no folder '\(from)'", at: node["from"]?.location ?? node.location)
      }
      return Manifest.StaticFolder(from: from, to: string(node, "to", of: "static") ?? "")
    }
  }

  private func readFeeds(_ root: ConfigNode) -> [Manifest.FeedSpec] {
    array(root, "feeds", of: "manifest").map { node in
      let kind = requiredString(node, "kind", of: "feed")
      let subject = "feed '\(kind)'"
      checkKeys(
        node,
        [
          "kind", "path", "slot", "content", "locale", "sanitise", "author", "post_type", "status", "base_date",
          "images",
        ],
        of: subject)
      if !kind.isEmpty, !FeedKind.allCases.contains(where: { $0.rawValue == kind }) {
        choiceFault(
          "feed", "kind", kind, FeedKind.allCases.map(\.rawValue), at: node["kind"]?.location ?? node.location)
      }
      let slot = string(node, "slot", of: subject) ?? "page"
      let path = requiredString(node, "path", of: subject)
      if !path.isEmpty, !AssetPath.isSafe(path) {
        fault(
          subject, "'path' must be a file below the output folder, got '\(path)'",
          at: node["path"]?.location ?? node.location)
      }
      return Manifest.FeedSpec(
        kind: kind, path: path, slot: slot,
        content: string(node, "content", of: subject) ?? "\(slot).body",
        locale: string(node, "locale", of: subject), sanitises: bool(node, "sanitise", of: subject) ?? true,
        wordPress: readWordPress(node, subject), location: node.location)
    }
  }

  /// What a feed of kind `wordpress-wxr` chooses.
  private func readWordPress(_ node: ConfigNode, _ subject: String) -> WordPressFeed.Options {
    var options = WordPressFeed.Options()
    if let author = string(node, "author", of: subject) { options.author = author }
    if let hasImages = bool(node, "images", of: subject) { options.hasImages = hasImages }
    if let type = string(node, "post_type", of: subject) {
      if let known = WordPressFeed.Options.PostType(rawValue: type) {
        options.postType = known
      } else {
        choiceFault(subject, "post_type", type, ["post", "page"], at: node["post_type"]?.location ?? node.location)
      }
    }
    if let status = string(node, "status", of: subject) {
      options.isDraft = status == "draft"
      if !["draft", "publish"].contains(status) {
        choiceFault(subject, "status", status, ["publish", "draft"], at: node["status"]?.location ?? node.location)
      }
    }
    if let date = string(node, "base_date", of: subject) {
      options.baseDate = secondsSince1970(date)
      if options.baseDate == nil {
        fault(
          subject, "option 'base_date' must be a date as in '2026-03-01', got '\(date)'",
          at: node["base_date"]?.location ?? node.location)
      }
    }
    return options
  }
}

/// Whether a folder of this name exists.
func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Seconds since 1970 of an ISO 8601 date or time; without a zone it is UTC.
func secondsSince1970(_ text: String) -> Int64? {
  let pattern =
    /([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(Z|([+-])([0-9]{2}):?([0-9]{2}))?)?/
  guard let match = text.wholeMatch(of: pattern),
    let year = Int64(match.1), let month = Int64(match.2), let day = Int64(match.3),
    1...12 ~= month, 1...31 ~= day
  else { return nil }
  func number(_ part: Substring?) -> Int64 { part.flatMap { Int64($0) } ?? 0 }
  let (hour, minute, second) = (number(match.4), number(match.5), number(match.6))
  guard hour < 24, minute < 60, second < 61 else { return nil }
  let offset = (number(match.9) * 60 + number(match.10)) * 60 * (match.8 == "-" ? -1 : 1)
  // Days from civil date. Source: Hinnant, "chrono-compatible low-level date algorithms".
  let shifted = month <= 2 ? year - 1 : year
  let era = (shifted >= 0 ? shifted : shifted - 399) / 400
  let yearOfEra = shifted - era * 400
  let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return (era * 146_097 + dayOfEra - 719_468) * 86_400 + hour * 3600 + minute * 60 + second - offset
}
