import Core
import Host

/// What one profile would get, as a page.
struct RenderedProfile: Sendable {
  /// The profile, the product and the pipeline, in words.
  let title: String
  /// Which plugin filled each stage.
  let stages: [String]
  /// The page itself, or what is wrong.
  let html: String

  /// A profile that cannot be shown.
  init(profile: String?, problem: String) {
    title = profile ?? "preview"
    stages = []
    html = PreviewPage.problems([problem])
  }

  /// What `preview --json` printed: a preview, or errors.
  init(profile: String?, _ document: Document) {
    let root = document.root
    let brief = root["briefs"][0]
    let errors = root["errors"].elements.map { "\(Diagnostic($0))" }
    let problem = brief["problem"].string
    guard errors.isEmpty, problem == nil else {
      title = profile ?? "preview"
      stages = []
      html = PreviewPage.problems(errors + (problem.map { [$0] } ?? []))
      return
    }
    let product = brief["product"].string.map { ", product '\($0)'" } ?? ""
    title =
      "'\(brief["profile"].string ?? "")'\(product), \(brief["locale"].string ?? ""): "
      + "pipeline '\(root["pipeline"].string ?? "")'"
    stages = brief["stages"].elements.map { stage in
      "\(stage["id"].string ?? ""): \(stage["plugin"].string ?? "left empty")"
    }
    let assets = brief["assets"].elements
    let page = assets.first { asset in
      let path = asset["path"].string ?? ""
      return path.hasSuffix(".html") || path.hasSuffix(".htm")
    }
    if let page = page?["content"].string {
      html = page
    } else {
      let slots = brief["slots"]
      html = PreviewPage.slots(
        (0..<slots.count).map { index in
          (String(decoding: slots.key(at: index), as: UTF8.self), slots[index].string ?? "")
        })
    }
    withExtendedLifetime(document) {}
  }
}

extension Diagnostic {
  /// A diagnostic as `--json` prints it.
  fileprivate init(_ value: Value) {
    let place = value["file"].string.map {
      SourceLocation(file: $0, line: Int(value["line"].int ?? 0), column: Int(value["column"].int ?? 0))
    }
    self.init(
      value["kind"].string ?? "", value["detail"].string ?? "", at: place, excerpt: value["excerpt"].string,
      help: value["help"].string)
  }
}
