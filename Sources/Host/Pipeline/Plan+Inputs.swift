public import Core
import Glibc

extension Plan {
  /// What is doubtful about the maps of the inputs: names that no field has, columns that the files do not have.
  ///
  /// Standard input and pipes are not looked at, as they can be read but once.
  /// - Throws: `Diagnostic` where a file cannot be read.
  public func checkInputs() throws -> [Diagnostic] {
    try [manifest.profiles, manifest.catalogue].compactMap(\.self).flatMap { input in
      guard let path = input.path, isRegularFile(path) else { return input.warnings }
      let reader = try RowReader(path: path, options: input.options)
      return input.warnings + input.map.problems(with: reader.layout, file: path)
    }.map { problem in
      var problem = problem
      problem.excerpt = excerpt(problem.location)
      return manifest.environment.hidden(in: problem)
    }
  }

  private func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
