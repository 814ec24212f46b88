import Core
import Glibc

/// A process whose stdout goes nowhere, whose stderr is kept, and which reports in lines on descriptor 3.
final class ChildProcess {
  enum End {
    case exited(Int32), signalled(Int32), timedOut
  }

  private let id: pid_t
  private let reports: Int32
  private let errors: UnsafeMutablePointer<FILE>
  private var received: [UInt8] = []

  /// - Parameter variables: of the environment, beside those of this process.
  init(program: String, arguments: [String], variables added: [String] = []) throws(Diagnostic) {
    func failed(_ status: Int32) -> Diagnostic {
      Diagnostic("cannot start a process", "'\(program)': \(String(cString: strerror(status)))")
    }
    guard let errors = tmpfile() else { throw failed(errno) }
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      fclose(errors)
      throw failed(errno)
    }
    for descriptor in ends + [fileno(errors)] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Descriptor 3 last: what is copied to it may be any of the others.
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, fileno(errors), STDERR_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 3)
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    // The runtime's backtraces cost time and say nothing of plugins in C.
    var variables: [UnsafeMutablePointer<CChar>?] = []
    var variable = environ
    while let text = variable.pointee {
      variables.append(strdup(text))
      variable += 1
    }
    variables += (["SWIFT_BACKTRACE=enable=no"] + added).map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var id: pid_t = 0
    let status = posix_spawn(&id, program, &actions, nil, &words, &variables)
    close(ends[1])
    self.id = id
    self.errors = errors
    reports = ends[0]
    if status != 0 { throw failed(status) }
  }

  deinit {
    close(reports)
    fclose(errors)
  }

  /// Waits until it has reported or ended, and kills it where it takes longer.
  func wait(seconds: Double) -> End {
    let deadline = monotonicNanoseconds() + UInt64(seconds * 1e9)
    var end: End?
    while end == nil {
      receive(milliseconds: 10)
      var status: Int32 = 0
      if waitpid(id, &status, WNOHANG) == id {
        receive(milliseconds: 0)
        return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
      }
      if monotonicNanoseconds() > deadline { end = .timedOut }
    }
    kill(id, SIGKILL)
    waitpid(id, nil, 0)
    return .timedOut
  }

  /// Reads what has come, waiting for the first of it.
  private func receive(milliseconds: Int32) {
    var state = pollfd(fd: reports, events: Int16(POLLIN), revents: 0)
    var patience = milliseconds
    var buffer = [UInt8](repeating: 0, count: 4096)
    while poll(&state, 1, patience) > 0, state.revents & Int16(POLLIN) != 0 {
      let count = read(reports, &buffer, buffer.count)
      guard count > 0 else { return }
      received += buffer[..<count]
      patience = 0
    }
    // The other end is closed: there is nothing to wait for but the end itself.
    if state.revents & Int16(POLLHUP) != 0 { usleep(1000) }
  }

  private var lines: [Substring] { String(decoding: received, as: UTF8.self).split(separator: "\n") }

  /// The line with which it reported; nil where it did not come so far.
  var report: String? { lines.last { !$0.hasPrefix("note\t") }.map(String.init) }

  /// What it was about to do last.
  var note: String? { lines.last { $0.hasPrefix("note\t") }?.split(separator: "\t").dropFirst().first.map(String.init) }

  /// The line of stderr that says most: that of a Swift runtime's fatal error, else the last.
  var lastWords: String {
    var text = [UInt8](repeating: 0, count: 4096)
    let count = pread(fileno(errors), &text, text.count, 0)
    let lines = String(decoding: text[..<max(0, count)], as: UTF8.self).split(separator: "\n")
    return String((lines.first { $0.contains("Fatal error") } ?? lines.last ?? "").prefix(200))
  }

  /// In the child: writes a line to descriptor 3.
  static func send(_ kind: String, _ detail: String, _ help: String? = nil) {
    func flat(_ text: String) -> String {
      String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }
    var line = "\(kind)\t\(flat(detail))\t\(flat(help ?? ""))\n"
    line.withUTF8 { text in
      var rest = UnsafeRawBufferPointer(text)
      while !rest.isEmpty {
        let count = write(3, rest.baseAddress, rest.count)
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
  }
}
