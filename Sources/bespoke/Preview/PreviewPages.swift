import Core
import Foundation
import Host
import Synchronization

/// The pages of a preview: all profiles side by side, what each would get, and whether anything was saved since.
///
/// Each profile is rendered by a process of its own, this very program with `--json`: a plugin that crashes or hangs ends
/// that process and not the preview, and nothing of an earlier save stays behind.
final class PreviewPages: Sendable {
  private let manifest: String
  private let inputs: [String]
  private let profiles: [String?]
  private let options: [String]
  /// The files that the last readable manifest is made of.
  private let watched: Mutex<FileWatch>
  private let rendered = Mutex<[Int: (version: String, page: RenderedProfile)]>([:])

  /// - Parameters:
  ///   - profiles: their ids; none for the first profile.
  ///   - options: further options of `preview`.
  init(manifest: String, inputs: [String], profiles: [String], options: [String]) {
    self.manifest = manifest
    self.inputs = inputs
    self.profiles = profiles.isEmpty ? [nil] : profiles.map(Optional.init)
    self.options = options
    watched = Mutex(FileWatch(manifest: manifest, inputs: inputs))
  }

  /// Answers a request.
  func answer(_ path: String) -> LoopbackServer.Response {
    switch path {
    case "/":
      let version = self.version
      return .init(body: PreviewPage.all(profiles.indices.map { page($0, version) }, version: version))
    case "/version": return .init(mediaType: "text/plain", body: version)
    default:
      if path.hasPrefix("/page/"), let index = Int(path.dropFirst(6)), profiles.indices.contains(index) {
        return .init(body: page(index, version).html)
      }
      return .init(status: 404, mediaType: "text/plain", body: "there is no page here\n")
    }
  }

  private var version: String { watched.withLock { $0.version() } }

  private func page(_ index: Int, _ version: String) -> RenderedProfile {
    if let known = rendered.withLock({ $0[index] }), known.version == version { return known.page }
    let page = render(profiles[index])
    rendered.withLock { $0[index] = (version, page) }
    return page
  }

  private func render(_ profile: String?) -> RenderedProfile {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["preview", manifest, "--json"] + options + (profile.map { ["--profile", $0] } ?? [])
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    do { try process.run() } catch {
      return RenderedProfile(profile: profile, problem: "the preview cannot be started: \(error.localizedDescription)")
    }
    let limit = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: limit)
    let json = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    limit.cancel()
    if process.terminationReason == .uncaughtSignal {
      let words = process.terminationStatus == SIGKILL ? "took longer than a minute" : "crashed"
      return RenderedProfile(profile: profile, problem: "the preview \(words); a plugin did, most likely")
    }
    guard let document = try? Document(json: json) else {
      return RenderedProfile(profile: profile, problem: "the preview said nothing that can be shown")
    }
    return RenderedProfile(profile: profile, document)
  }
}

/// Whether files were saved: their names, sizes and times as one text.
struct FileWatch {
  private let manifest: String
  private let inputs: [String]
  private var folders: [String] = []
  private var files: [String] = []
  private var lastOfManifest = ""

  init(manifest: String, inputs: [String]) {
    self.manifest = manifest
    self.inputs = inputs
  }

  /// A text that is another after every save.
  mutating func version() -> String {
    let own = Self.mark(of: manifest) + files.map { Self.mark(of: $0) }.joined()
    // What a manifest names is looked up anew when it, or a file that it names, was saved.
    if own != lastOfManifest {
      if let read = try? Manifest(path: manifest) {
        folders = read.templateFolders
        files = read.fragments + [read.catalogue?.path, read.profiles?.path].compactMap(\.self)
        files += inputs.compactMap { $0.split(separator: "=", maxSplits: 1).last.map(String.init) }
      }
      lastOfManifest = Self.mark(of: manifest) + files.map { Self.mark(of: $0) }.joined()
    }
    var hash = SeedHash(0)
    hash.combine(lastOfManifest)
    for folder in folders {
      // A folder of templates has hundreds of files; one with more is no folder of templates.
      for name in (try? FileManager.default.subpathsOfDirectory(atPath: folder))?.prefix(5000).sorted() ?? [] {
        hash.combine(Self.mark(of: "\(folder)/\(name)"))
      }
    }
    return String(hash.value, radix: 16)
  }

  private static func mark(of path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return "\(path) absent;" }
    return "\(path) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec);"
  }
}
