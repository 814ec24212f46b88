import Core
import Glibc

/// What an ELF file (System V ABI, "Object Files") says of itself, read without running any of it.
struct ObjectFile {
  /// Names of the symbols that it defines for others.
  let exports: [String]
  /// Names of the libraries that the loader must find for it.
  let libraries: [String]

  /// Reads the tables of symbols and libraries.
  ///
  /// - Throws: `Diagnostic` of kind "plugin not loaded" where the file is no whole shared object of this machine.
  init(path: String) throws(Diagnostic) {
    let file = try FileBytes(path: path)
    let header = try ObjectHeader(file: file, path: path)
    var exports: [String] = []
    var libraries: [String] = []
    for section in header.sections where section.type == .dynamicSymbols || section.type == .dynamic {
      guard section.link < header.sections.count else { continue }
      let names = file.read(header.sections[section.link])
      let table = file.read(section)
      switch section.type {
      case .dynamicSymbols: exports = Self.exports(table, names)
      default: libraries = Self.libraries(table, names)
      }
    }
    self.exports = exports
    self.libraries = libraries
  }

  /// Throws where the file is no whole shared object of this machine; reads no more than its headers.
  static func check(path: String) throws(Diagnostic) {
    _ = try ObjectHeader(file: FileBytes(path: path), path: path)
  }

  /// Symbols that linkers define in every object.
  private static let ofLinkers: Set<String> = ["_init", "_fini", "_edata", "_end", "__bss_start"]

  private static func exports(_ symbols: [UInt8], _ names: [UInt8]) -> [String] {
    stride(from: 0, to: symbols.count - 23, by: 24).compactMap { at in
      let binding = symbols[at + 4] >> 4
      let visibility = symbols[at + 5] & 3
      // Global or weak, default or protected, and defined here.
      guard binding == 1 || binding == 2, visibility == 0 || visibility == 3, symbols.number(at + 6, bytes: 2) != 0
      else { return nil }
      let name = names.text(symbols.number(at, bytes: 4))
      return ofLinkers.contains(name) ? nil : name
    }
  }

  private static func libraries(_ entries: [UInt8], _ names: [UInt8]) -> [String] {
    let needed = 1
    return stride(from: 0, to: entries.count - 15, by: 16).compactMap { at in
      entries.number(at, bytes: 8) == needed ? names.text(entries.number(at + 8, bytes: 8)) : nil
    }
  }
}

/// The headers of an ELF file for 64-bit little-endian machines.
private struct ObjectHeader {
  struct Section {
    enum Kind { case dynamic, dynamicSymbols, other }
    let type: Kind
    let link: Int
    let place: Range<Int>
  }

  let sections: [Section]

  init(file: FileBytes, path: String) throws(Diagnostic) {
    func refused(_ detail: String, help: String? = nil) -> Diagnostic {
      Diagnostic("plugin not loaded", "'\(path)' \(detail)", help: help)
    }
    if file.count == 0 { throw refused("is empty, expected a shared object") }
    let header = file.read(0..<min(64, file.count))
    guard header.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
      throw refused("is not a shared object: it does not begin with an ELF header")
    }
    guard header.count == 64 else {
      throw refused("is cut short: it ends within its header, after \(file.count) bytes")
    }
    let machine = MachineType(header: header)
    if let own = MachineType.own, machine != own {
      throw refused("is built for \(machine.name), this program runs on \(own.name)", help: "build it for \(own.name)")
    }
    guard header.number(16, bytes: 2) == 3 else {
      throw refused("is not a shared object but another kind of ELF file", help: "link it with -shared")
    }
    let segments = Self.table(header, at: 32, size: 54, count: 56)
    let list = Self.table(header, at: 40, size: 58, count: 60)
    var end = max(segments.end, list.end)
    if segments.size >= 56, segments.end <= file.count {
      let bytes = file.read(segments.start..<segments.end)
      for at in stride(from: 0, to: bytes.count - 55, by: segments.size) {
        end = max(end, bytes.number(at + 8, bytes: 8) &+ bytes.number(at + 32, bytes: 8))
      }
    }
    guard end <= file.count else {
      throw refused(
        "is cut short: its header tells of \(end) bytes, the file has \(file.count)",
        help: "copy it anew, or build it again")
    }
    guard list.size >= 64 else {
      sections = []
      return
    }
    let bytes = file.read(list.start..<list.end)
    sections = stride(from: 0, to: bytes.count - 63, by: list.size).map { at in
      let start = bytes.number(at + 24, bytes: 8)
      let type = bytes.number(at + 4, bytes: 4)
      let size = type == 8 ? 0 : bytes.number(at + 32, bytes: 8)
      return Section(
        type: type == 6 ? .dynamic : type == 11 ? .dynamicSymbols : .other, link: bytes.number(at + 40, bytes: 4),
        place: start..<max(start, start &+ size))
    }
  }

  private static func table(_ header: [UInt8], at: Int, size: Int, count: Int) -> (start: Int, end: Int, size: Int) {
    let start = header.number(at, bytes: 8)
    let size = header.number(size, bytes: 2)
    return (start, start &+ size * header.number(count, bytes: 2), size)
  }
}

/// What machine an ELF file is for.
private struct MachineType: Equatable {
  let is64Bit: Bool
  let isLittleEndian: Bool
  let number: Int

  init(header: [UInt8]) {
    is64Bit = header[4] == 2
    isLittleEndian = header[5] == 1
    number = isLittleEndian ? header.number(18, bytes: 2) : Int(header[18]) << 8 | Int(header[19])
  }

  /// This program's own.
  static let own: MachineType? = {
    guard let header = (try? FileBytes(path: "/proc/self/exe"))?.read(0..<64), header.count == 64 else { return nil }
    return MachineType(header: header)
  }()

  var name: String {
    let known = [
      3: "i386", 8: "mips", 21: "powerpc64", 22: "s390x", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64",
      258: "loongarch64",
    ]
    let name = known[number] ?? "machine type \(number)"
    return name + (is64Bit || number == 3 || number == 40 ? "" : " (32-bit)") + (isLittleEndian ? "" : " (big-endian)")
  }
}

/// A file read in parts.
private final class FileBytes {
  let count: Int
  private let descriptor: Int32

  init(path: String) throws(Diagnostic) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Diagnostic("plugin not loaded", "'\(path)' cannot be read: \(String(cString: strerror(errno)))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Diagnostic("plugin not loaded", "'\(path)' is not a file, expected a shared object")
    }
    count = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// The bytes at a place; fewer where the file ends.
  func read(_ place: Range<Int>) -> [UInt8] {
    let wanted = min(place.upperBound, count) - place.lowerBound
    guard place.lowerBound >= 0, wanted > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, wanted, place.lowerBound))
    }
  }

  func read(_ section: ObjectHeader.Section) -> [UInt8] { read(section.place) }
}

extension [UInt8] {
  /// A little-endian number; one too large for a signed word is the largest, which is outside of every file.
  fileprivate func number(_ at: Int, bytes: Int) -> Int {
    guard at >= 0, at + bytes <= count else { return 0 }
    let number = (0..<bytes).reduce(UInt64(0)) { $0 | UInt64(self[at + $1]) << UInt64($1 * 8) }
    return Int(exactly: number).map { Swift.min($0, 1 << 60) } ?? 1 << 60
  }

  /// The text up to the next zero.
  fileprivate func text(_ at: Int) -> String {
    guard indices.contains(at) else { return "" }
    return String(decoding: self[at...].prefix { $0 != 0 }, as: UTF8.self)
  }
}
