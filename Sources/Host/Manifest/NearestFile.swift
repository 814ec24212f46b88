import Core

/// Words that offer the file whose name is most like that of one that does not exist; nil where none is.
func nearestFile(to path: String) -> String? {
  let folder = parentFolder(of: path)
  let name = folder.isEmpty ? path : String(path.dropFirst(folder.utf8.count + (folder == "/" ? 0 : 1)))
  let names = folderEntries(folder.isEmpty ? "." : folder).sorted()
  return nearestName(to: name, among: names).map {
    "did you mean '\(folder.isEmpty ? $0 : folder == "/" ? "/\($0)" : "\(folder)/\($0)")'?"
  }
}
