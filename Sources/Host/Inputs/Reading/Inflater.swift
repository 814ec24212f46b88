import CZlib
import Core

/// Inflates gzip (RFC 1952), several members in a row included, and refuses archives that blow up.
final class Inflater {
  private let name: String
  private let maxRatio: Int
  // Allocated apart, as zlib keeps the address of its stream.
  private let stream: UnsafeMutablePointer<z_stream>
  private var input = ByteBuffer(capacity: blockSize)
  private var inputUsed = 0
  private var bytesIn = 0
  private var bytesOut = 0
  private var inMember = true
  private var ended = false

  private static let blockSize = 1 << 16
  /// Below this many bytes out no ratio is held against an archive.
  private static let harmless = 64 << 20

  init(name: String, maxRatio: Int) throws {
    self.name = name
    self.maxRatio = maxRatio
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window, plus 16 for a gzip header and its check sum.
    guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw Diagnostic("unreadable input", "zlib cannot be set up for '\(name)'")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Fills `target` as far as the input goes and returns the bytes written; 0 at the end.
  func inflate(
    into target: UnsafeMutableRawBufferPointer, more: (inout ByteBuffer, Int) throws -> Int
  ) throws -> Int {
    var written = 0
    while written < target.count, !ended {
      if inputUsed == input.count {
        input.removeAll()
        inputUsed = 0
        if try more(&input, Self.blockSize) == 0 {
          if inMember { throw Diagnostic("corrupt gzip", "'\(name)' ends in the middle of its compressed data") }
          ended = true
          break
        }
      }
      if !inMember, try !beginMember() { continue }
      written += try step(into: UnsafeMutableRawBufferPointer(rebasing: target[written...]))
    }
    return written
  }

  /// One call of zlib; returns the bytes written.
  private func step(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    // zlib counts in 32 bits.
    let room = min(target.count, 1 << 30)
    stream.pointee.next_in = input.start + inputUsed
    stream.pointee.avail_in = UInt32(input.count - inputUsed)
    stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    let used = input.count - inputUsed - Int(stream.pointee.avail_in)
    let written = room - Int(stream.pointee.avail_out)
    inputUsed += used
    bytesIn += used
    bytesOut += written
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: inMember = false
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
      throw Diagnostic("corrupt gzip", "'\(name)' cannot be inflated: \(reason), after \(bytesIn) bytes")
    }
    if bytesOut > Self.harmless, bytesOut / max(bytesIn, 1) > maxRatio {
      throw Diagnostic(
        "suspicious gzip", "'\(name)' inflates to more than \(maxRatio) times its size",
        help: "raise 'max_inflate_ratio' for this input if that is right")
    }
    return written
  }

  /// Skips padding after a member; returns whether another member begins.
  private func beginMember() throws -> Bool {
    while inputUsed < input.count, input.view[inputUsed] == 0 { inputUsed += 1 }
    guard inputUsed < input.count else { return false }
    guard input.view[inputUsed] == 0x1F else {
      throw Diagnostic("corrupt gzip", "'\(name)' has other bytes after its compressed data")
    }
    inflateReset(stream)
    inMember = true
    return true
  }
}
