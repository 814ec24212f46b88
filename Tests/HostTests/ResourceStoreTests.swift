import Testing

@testable import Host

/// Which files a plugin gets, and how it is told why it gets none.
struct ResourceStoreTests {
  private let workspace: Workspace
  private let store: ResourceStore

  init() throws {
    workspace = try Workspace()
    try workspace.write("templates/a.txt", "A")
    try workspace.write("models/m.bin", "M")
    store = ResourceStore(templateFolders: ["\(workspace.path)/templates"], modelFolder: "\(workspace.path)/models")
  }

  private func failure(_ kind: String, _ name: String) -> ResourceStore.Failure? {
    do throws(ResourceStore.Failure) {
      _ = try store.open(kind: kind, name: name)
      return nil
    } catch {
      return error
    }
  }

  @Test func aKindDecidesWhichFoldersAreSearched() {
    #expect(failure("template", "a.txt") == nil)
    #expect(failure("locale", "a.txt") == nil)
    #expect(failure("model", "m.bin") == nil)
    #expect(failure("model", "a.txt") == .notFound)
  }

  @Test func aKindThatTheHostDoesNotKnowIsSaidToBeUnknown() {
    #expect(failure("image", "a.txt") == .unknownKind)
    #expect(store.name(kind: "image", at: 0) == nil)
  }

  @Test(arguments: ["", "/etc/passwd", "../models/m.bin", "a/../../x", "a\0b"])
  func aNameThatLeavesTheFoldersIsRefused(name: String) {
    #expect(failure("template", name) == .outsideFolders)
  }

  @Test func aFolderCannotBeRead() throws {
    try workspace.write("templates/sub/b.txt", "B")
    #expect(failure("template", "sub") == .unreadable)
    #expect(failure("template", "sub/b.txt") == nil)
  }
}
