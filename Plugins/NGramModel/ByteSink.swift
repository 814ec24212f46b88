import Core
import Glibc

/// Writes bytes to a file through a large buffer.
final class ByteSink {
  private let descriptor: Int32
  private let buffer = Buffer<UInt8>(uninitialized: 1 << 18)
  private var used = 0
  private var failure: Int32 = 0

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Writes a file, which is replaced if it exists.
  ///
  /// - Throws: `Diagnostic` where the file cannot be written.
  static func write(to path: String, _ body: (ByteSink) -> Void) throws {
    func fault(_ number: Int32) -> Diagnostic {
      Diagnostic("cannot write", "'\(path)': \(String(cString: strerror(number)))")
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw fault(errno) }
    defer { close(descriptor) }
    let sink = ByteSink(descriptor: descriptor)
    body(sink)
    let failure = sink.finish()
    guard failure == 0 else { throw fault(failure) }
  }

  /// What went wrong while writing; 0 if nothing did.
  func finish() -> Int32 {
    flush()
    return failure
  }

  /// Where at least 64 bytes can be written; `advance` says how many were.
  @inline(__always)
  func room() -> UnsafeMutablePointer<UInt8> {
    if used > buffer.count &- 64 { flush() }
    return buffer.base + used
  }

  @inline(__always)
  func advance(_ count: Int) { used &+= count }

  @inline(__always)
  func write(_ byte: UInt8) {
    room()[0] = byte
    used &+= 1
  }

  @inline(__always)
  func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    if bytes.count > buffer.count &- used { flush() }
    if bytes.count <= buffer.count {
      memcpy(buffer.base + used, start, bytes.count)
      used &+= bytes.count
    } else {
      send(start, bytes.count)
    }
  }

  func write(_ text: String) {
    var text = text
    text.withUTF8 { write($0) }
  }

  private func flush() {
    send(UnsafePointer(buffer.base), used)
    used = 0
  }

  private func send(_ start: UnsafePointer<UInt8>, _ count: Int) {
    var done = 0
    while done < count, failure == 0 {
      let written = Glibc.write(descriptor, start + done, count - done)
      if written > 0 { done += written } else if errno != EINTR { failure = errno }
    }
  }
}
