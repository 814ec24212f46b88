import Glibc

/// How much memory this process has taken.
enum MemoryUse {
  /// Bytes that the C library's allocator has given out, kept free chunks of threads' caches included.
  static func heapBytes() -> Int {
    typealias Info = @convention(c) (Int32, UnsafeMutablePointer<FILE>) -> Int32
    // Not in the headers that Swift sees. RTLD_DEFAULT is a null handle.
    guard let symbol = dlsym(nil, "malloc_info") else { return 0 }
    var start: UnsafeMutablePointer<CChar>?
    var count = 0
    guard let stream = open_memstream(&start, &count) else { return 0 }
    _ = unsafeBitCast(symbol, to: Info.self)(0, stream)
    fclose(stream)
    defer { free(start) }
    let report = start.map { String(cString: $0) } ?? ""
    // The sums stand after the last arena.
    let sums = report.split(separator: "</heap>").last ?? ""
    func size(_ element: String) -> Int {
      guard let start = sums.firstRange(of: "<\(element)\"")?.upperBound,
        let size = sums[start...].firstRange(of: "size=\"")?.upperBound
      else { return 0 }
      return Int(sums[size...].prefix { $0 != "\"" }) ?? 0
    }
    let free = size("total type=\"fast") + size("total type=\"rest")
    return size("system type=\"current") - free + size("total type=\"mmap")
  }

  /// Bytes in memory.
  static func residentBytes() -> Int {
    let fields = (try? readText("/proc/self/statm"))?.split(separator: " ") ?? []
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}
