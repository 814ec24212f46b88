/// A growing array of trivial elements without reference counts or uniqueness checks.
struct FlatArray<Element: BitwiseCopyable>: ~Copyable {
  private(set) var start: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 16) {
    self.capacity = capacity
    start = .allocate(capacity: capacity)
  }

  deinit { start.deallocate() }

  @inline(__always)
  subscript(index: Int) -> Element {
    get { start[index] }
    nonmutating set { start[index] = newValue }
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow(to: count + 1) }
    (start + count).initialize(to: element)
    count &+= 1
  }

  @inline(__always)
  mutating func truncate(to count: Int) { self.count = count }

  /// Grows to `count` elements, new ones being `filler`.
  mutating func extend(to count: Int, with filler: Element) {
    guard count > self.count else { return }
    if count > capacity { grow(to: count) }
    (start + self.count).initialize(repeating: filler, count: count - self.count)
    self.count = count
  }

  @inline(never)
  private mutating func grow(to needed: Int) {
    let larger = max(needed, capacity * 2)
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    moved.update(from: start, count: count)
    start.deallocate()
    start = moved
    capacity = larger
  }
}
