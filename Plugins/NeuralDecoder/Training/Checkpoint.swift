import Glibc
import PluginAPI

/// A run's state after a whole epoch, in a file that a later run of the same texts and options goes on from.
///
/// Layout, little-endian: 8 bytes of magic, the run's fingerprint, counts of epochs and steps, two doubles an epoch, then the
/// state's floats, then a checksum of all before it.
struct Checkpoint {
  private static let magic: UInt64 = 0x0001_5450_4B43_5342

  let path: String
  /// A hash of texts, options and seed.
  let fingerprint: UInt64

  /// Writes the state; the file that was there stays whole until the new one is.
  func write(_ trainer: Trainer) throws {
    var bytes: [UInt8] = []
    func add(_ number: UInt64) { bytes.append(contentsOf: withUnsafeBytes(of: number.littleEndian, Array.init)) }
    add(Self.magic)
    add(fingerprint)
    add(UInt64(trainer.epochs.count))
    add(UInt64(trainer.stepsDone))
    for epoch in trainer.epochs {
      add(epoch.training.bitPattern)
      add(epoch.validation.bitPattern)
    }
    for (start, count) in trainer.state {
      bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count * 4))
    }
    add(Self.hash(bytes))
    let temporary = path + ".part"
    guard let file = fopen(temporary, "wb") else { throw Self.failure(path) }
    let isWhole = fwrite(bytes, 1, bytes.count, file) == bytes.count && fflush(file) == 0 && fsync(fileno(file)) == 0
    guard fclose(file) == 0, isWhole, rename(temporary, path) == 0 else {
      let error = Self.failure(path)
      unlink(temporary)
      throw error
    }
  }

  /// Takes the state up; false where there is no file.
  ///
  /// - Throws: `PluginError` with code `input` for a file of another run, or one that is damaged.
  func read(into trainer: Trainer) throws -> Bool {
    guard let file = fopen(path, "rb") else { return false }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    func number(_ index: Int) -> UInt64 {
      bytes[index * 8..<index * 8 + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    func refused(_ words: String) -> PluginError {
      PluginError(.input, field: "checkpoint", "'\(path)' \(words); remove it to begin anew")
    }
    guard bytes.count >= 40, number(0) == Self.magic else { throw refused("is not a checkpoint of this plugin") }
    guard number(1) == fingerprint else { throw refused("belongs to other texts, options or another seed") }
    let sizes = trainer.state.map { $0.1 * 4 }
    let epochs = Int(clamping: number(2))
    let size = 32 &+ epochs &* 16 &+ sizes.reduce(0, +) &+ 8
    guard epochs < 1 << 24, bytes.count == size,
      bytes.suffix(8).reversed().reduce(UInt64(0), { $0 << 8 | UInt64($1) }) == Self.hash(bytes[..<(bytes.count - 8)])
    else { throw refused("is damaged") }
    var place = 32 + epochs * 16
    for (start, count) in trainer.state {
      bytes[place..<place + count * 4].withUnsafeBytes {
        UnsafeMutableRawBufferPointer(start: start, count: count * 4).copyMemory(from: $0)
      }
      place += count * 4
    }
    trainer.resume(
      epochs: (0..<epochs).map {
        Trainer.Epoch(
          training: Double(bitPattern: number(4 + 2 * $0)), validation: Double(bitPattern: number(5 + 2 * $0)))
      }, step: Int(clamping: number(3)))
    return true
  }

  func remove() { unlink(path) }

  /// FNV-1a (Fowler, Noll and Vo).
  static func hash(_ bytes: some Collection<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }

  private static func failure(_ path: String) -> PluginError {
    PluginError(.resource, field: "checkpoint", "'\(path)' cannot be written: \(String(cString: strerror(errno)))")
  }
}
