import Core

/// What `plugins new` puts into its files.
struct Beginning {
  /// As the user gave it: "spring-greeting".
  let name: String
  /// Folder of the SDK, absolute.
  let sdk: String

  /// As languages name types: "SpringGreeting".
  var typeName: String { name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }

  /// A file to be written.
  struct File {
    let path: String
    let text: String
  }

  /// - Throws: `Diagnostic` where the name would make no names of files, types and ids.
  init(name: String, sdk: String) throws(Diagnostic) {
    guard name.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil else {
      throw Diagnostic(
        "invalid name", "'\(name)' is not a name for a plugin",
        help: "begin with a letter and use lower-case letters, digits and single hyphens: 'spring-greeting'")
    }
    let taken = [
      "batch", "catalogue", "output", "plugin", "plugin-api", "plugin-error", "plugin-export", "plugin-info", "request",
      "resource", "setup", "string", "swift", "testing", "value",
    ]
    guard !taken.contains(name) else {
      throw Diagnostic("invalid name", "'\(name)' is what the SDK or its language calls something else")
    }
    self.name = name
    self.sdk = sdk
  }
}
