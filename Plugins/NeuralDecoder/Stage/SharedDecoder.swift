import Core
import PluginAPI
import Synchronization

/// A decoder that all stages with the same model and thread count share, so that its weights lie in memory once.
final class SharedDecoder: Sendable {
  let decoder: Decoder
  private let file: MappedFile

  private init(_ file: MappedFile, threads: Int) throws(Diagnostic) {
    let pool = ThreadPool(count: threads)
    let model = try Model(GGUFFile(file.bytes), pool: pool, forget: file.forget)
    self.file = file
    decoder = Decoder(model, pool: pool)
  }

  private struct Entry: Sendable {
    weak var shared: SharedDecoder?
  }

  private static let known = Mutex<[String: Entry]>([:])

  /// The decoder of a model file.
  ///
  /// The file is mapped anew where the host can lend it, since what the host mapped is one instance's; else copied.
  static func of(_ resource: Resource, threads: Int) throws -> SharedDecoder {
    let key = "\(resource.sha256) \(threads)"
    return try known.withLock { known in
      if let shared = known[key]?.shared { return shared }
      let file =
        resource.fileDescriptor >= 0
        ? try MappedFile(descriptor: resource.fileDescriptor, name: "the model") : MappedFile(copying: resource.bytes)
      let made = try SharedDecoder(file, threads: threads)
      known[key] = Entry(shared: made)
      return made
    }
  }
}
