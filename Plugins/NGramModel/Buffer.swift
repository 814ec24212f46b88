/// A block of plain values that its owner reads and writes through pointers, without checks.
///
/// Invariant: `base` points at `count` initialised elements for as long as the buffer lives. Whoever passes an index
/// has made sure that it is below `count`.
final class Buffer<Element: BitwiseCopyable> {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  /// A buffer to be written before it is read.
  init(uninitialized count: Int) {
    base = .allocate(capacity: max(1, count))
    self.count = count
  }

  init(count: Int, repeating value: Element) {
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: value, count: count)
    self.count = count
  }

  init(_ elements: [Element]) {
    base = .allocate(capacity: max(1, elements.count))
    count = elements.count
    elements.withUnsafeBufferPointer { elements in
      if let start = elements.baseAddress { base.initialize(from: start, count: elements.count) }
    }
  }

  deinit { base.deallocate() }

  subscript(index: Int) -> Element {
    @inline(__always) get { base[index] }
    @inline(__always) set { base[index] = newValue }
  }

  subscript(index: UInt32) -> Element {
    @inline(__always) get { base[Int(index)] }
    @inline(__always) set { base[Int(index)] = newValue }
  }

  /// The elements; valid while the buffer lives.
  var all: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }
}
