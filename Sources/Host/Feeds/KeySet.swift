import Markup

/// A set of texts, each with a number, whose memory the system can move to the disk.
///
/// Texts are kept and compared, so that two that share a hash stay two. Once they are many, they and the table that
/// finds them lie in temporary files: anonymous memory stays flat. For one thread at a time.
final class KeySet {
  /// By turns the hash of a text, 0 for none, and the place of its entry.
  private var table = TableMemory(count: 512)
  /// Entries: a word with the number of a text and its length, then its bytes.
  private var pages: [TableMemory] = []
  /// How many words of the last page are taken.
  private var end = 0
  private(set) var count = 0
  private let hash: (Bytes) -> UInt64

  init(hash: @escaping (Bytes) -> UInt64 = hash64) { self.hash = hash }

  /// Adds a text; false where it was there.
  func insert(_ text: some UTF8Text) -> Bool { add(text, number: 0) == nil }

  /// The number of a text; where it is not there, adds it with this one and returns nil.
  func add(_ text: some UTF8Text, number: UInt32) -> UInt32? {
    text.withBytes { text in
      if count * 3 >= table.words.count { grow() }
      // Zero stands for an empty slot.
      let key = max(hash(text), 1)
      var slot = firstSlot(of: key)
      while table.words[slot] != 0 {
        if table.words[slot] == key, let known = self.number(of: text, at: table.words[slot + 1]) { return known }
        slot = self.slot(after: slot)
      }
      table.words[slot] = key
      table.words[slot + 1] = append(text, number)
      count += 1
      return nil
    }
  }

  private func firstSlot(of key: UInt64) -> Int { 2 * (Int(truncatingIfNeeded: key) & (table.words.count / 2 - 1)) }

  private func slot(after slot: Int) -> Int { (slot + 2) & (table.words.count - 1) }

  private func grow() {
    let old = table
    table = TableMemory(count: old.words.count * 2)
    for index in stride(from: 0, to: old.words.count, by: 2) where old.words[index] != 0 {
      var slot = firstSlot(of: old.words[index])
      while table.words[slot] != 0 { slot = self.slot(after: slot) }
      table.words[slot] = old.words[index]
      table.words[slot + 1] = old.words[index + 1]
    }
  }

  // MARK: Entries

  /// Nil where the entry at a place is another text's.
  private func number(of text: Bytes, at place: UInt64) -> UInt32? {
    let page = UnsafeRawBufferPointer(pages[Int(place >> 32)].words)
    let start = Int(UInt32(truncatingIfNeeded: place)) * 8
    let head = page.loadUnaligned(fromByteOffset: start, as: UInt64.self)
    guard head >> 32 == UInt64(text.count), page[start + 8..<start + 8 + text.count].elementsEqual(text) else {
      return nil
    }
    return UInt32(truncatingIfNeeded: head)
  }

  /// The place of the new entry: its page above 32 bits, its first word below.
  private func append(_ text: Bytes, _ number: UInt32) -> UInt64 {
    let size = 1 + (text.count + 7) / 8
    if end + size > pages.last?.words.count ?? 0 {
      // The first page is small, as most sets are; all others are large enough to lie in a file.
      pages.append(TableMemory(count: max(size, pages.isEmpty ? 1 << 12 : 1 << 19)))
      end = 0
    }
    let page = pages[pages.count - 1].words
    page[end] = UInt64(text.count) << 32 | UInt64(number)
    UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(page)[(8 * end + 8)...])
      .copyMemory(from: UnsafeRawBufferPointer(text))
    defer { end += size }
    return UInt64(pages.count - 1) << 32 | UInt64(end)
  }
}
