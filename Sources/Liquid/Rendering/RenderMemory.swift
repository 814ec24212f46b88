/// What tags remember between their uses in one frame.
struct RenderMemory: ~Copyable {
  /// `cycle`: group and position.
  var cycles = FlatArray<Entry>()
  /// `increment` and `decrement`: name and value.
  var counters = FlatArray<Entry>()
  /// Where loops ended: name and index.
  var offsets = FlatArray<Entry>()
  /// What `ifchanged` showed last.
  var shown = FlatArray<Entry>()

  struct Entry: BitwiseCopyable {
    var frame: Int32
    var key: Datum
    var value: Datum
  }

  /// How much there is, to be cut back to when a frame ends.
  var marks: (Int, Int, Int, Int) { (cycles.count, counters.count, offsets.count, shown.count) }

  @inline(__always)
  mutating func truncate(to marks: (Int, Int, Int, Int)) {
    cycles.truncate(to: marks.0)
    counters.truncate(to: marks.1)
    offsets.truncate(to: marks.2)
    shown.truncate(to: marks.3)
  }

  @inline(__always)
  mutating func reset() {
    cycles.truncate(to: 0)
    counters.truncate(to: 0)
    offsets.truncate(to: 0)
    shown.truncate(to: 0)
  }
}
