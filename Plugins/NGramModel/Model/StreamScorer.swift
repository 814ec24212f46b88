/// Scores a stream of words order by order instead of word by word.
///
/// The n-gram of length k that ends at a place is the extension of the one of length k - 1 that ends at the place before.
/// So all lookups of one order are independent of each other, and their waits for memory overlap: one pass reads where the
/// extensions lie, the next ones guess the record, touch it, guess better and touch that, the last searches from there.
final class StreamScorer {
  /// How many words are scored at once.
  static let chunk = 512

  private let model: Model
  /// For each order, the index of the n-gram that ends at a place, or -1; place 0 is the last one of the chunk before.
  private let found: [Buffer<Int32>]
  /// The places that are still looked at, and where the extensions of their contexts lie.
  private let places = Buffer<Int32>(uninitialized: chunk + 1)
  private let starts = Buffer<Int32>(uninitialized: chunk + 1)
  private let ends = Buffer<Int32>(uninitialized: chunk + 1)
  private let guesses = Buffer<Int32>(uninitialized: chunk)
  /// Keeps the second pass from being left out.
  private var touched: UInt64 = 0

  /// The words to score; `<s>` begins a sentence and has no score.
  let words = Buffer<UInt32>(uninitialized: chunk)
  /// The logarithms of their probabilities, base 10.
  let scores = Buffer<Float>(uninitialized: chunk)

  init(_ model: Model) {
    self.model = model
    found = (0..<model.order).map { _ in Buffer(count: Self.chunk + 1, repeating: -1) }
  }

  /// Scores the first `count` words.
  func score(_ count: Int) {
    for buffer in found { buffer.base[0] = buffer.base[Self.chunk] }
    let unigrams = found[0].base
    for place in 0..<count { unigrams[place &+ 1] = Int32(truncatingIfNeeded: words.base[place]) }
    for order in stride(from: 1, to: model.order, by: 1) { extend(order, count) }
    for place in 0..<count { scores.base[place] = probability(place) }
    for buffer in found { buffer.base[Self.chunk] = buffer.base[count] }
  }

  /// Finds the n-grams one word longer than `order`.
  @inline(__always)
  private func extend(_ order: Int, _ count: Int) {
    let contexts = model.levels.base[order &- 1]
    let level = model.levels.base[order]
    let shorter = found[order &- 1].base
    let longer = found[order].base + 1
    let (places, starts, ends, guesses) = (places.base, starts.base, ends.base, guesses.base)
    let words = words.base
    var possible = 0
    for place in 0..<count {
      longer[place] = -1
      places[possible] = Int32(truncatingIfNeeded: place)
      // Where the context or the suffix is unknown, so is the n-gram.
      possible &+= 1 &+ Int(truncatingIfNeeded: (shorter[place] | shorter[place &+ 1]) &>> 31)
    }
    var filled = 0
    for index in 0..<possible {
      let place = places[index]
      let context = Int(shorter[Int(place)])
      let start = contexts.extensions(context)
      let end = contexts.extensions(context &+ 1)
      places[filled] = place
      starts[filled] = Int32(truncatingIfNeeded: start)
      ends[filled] = Int32(truncatingIfNeeded: end)
      filled &-= (start &- end) &>> 63
    }
    // Counting and reading ahead are kept free of branches on what is read: a branch guessed wrong would end the overlap.
    var sum: UInt64 = 0
    for index in 0..<filled {
      let guess = level.guess(words[Int(places[index])], from: Int(starts[index]), to: Int(ends[index]))
      guesses[index] = Int32(truncatingIfNeeded: guess)
    }
    // The shorter such a loop is, the more of its reads are under way at once.
    for index in 0..<filled { sum &+= level.touch(Int(guesses[index])) }
    for index in 0..<filled {
      let (word, start, end) = (words[Int(places[index])], Int(starts[index]), Int(ends[index]))
      guesses[index] = Int32(truncatingIfNeeded: level.refine(Int(guesses[index]), word, from: start, to: end))
    }
    for index in 0..<filled { sum &+= level.touch(Int(guesses[index])) }
    touched &+= sum
    for index in 0..<filled {
      let place = Int(places[index])
      longer[place] = Int32(
        truncatingIfNeeded: level.find(
          words[place], from: Int(starts[index]), to: Int(ends[index]), near: Int(guesses[index])))
    }
  }

  @inline(__always)
  private func probability(_ place: Int) -> Float {
    var order = model.order
    while order > 1, found[order &- 1].base[place &+ 1] < 0 { order &-= 1 }
    var sum = model.levels.base[order &- 1].logProbability(Int(found[order &- 1].base[place &+ 1]))
    // What the contexts that are known, but not with this word, release.
    while order < model.order {
      let context = found[order &- 1].base[place]
      if context < 0 { break }
      sum += model.levels.base[order &- 1].logBackoff(Int(context))
      order &+= 1
    }
    return sum
  }
}
