/// Guesses the next tokens of a text by what followed its latest tokens before, in the prompt or in the text itself.
///
/// A guess only saves time: the model says whether it was right. Sources: Leviathan et al. 2023, "Fast inference from
/// transformers via speculative decoding"; Saxena 2023, "Prompt lookup decoding".
struct PromptLookup {
  private let prompt: [Int32]
  // How far is guessed grows where guesses come true; where none does, passes without any come between, so that texts
  // which repeat nothing pay little.
  private var reach = 2
  private var pause = 0
  private var nextPause = 1

  private static let longest = 8
  private static let longestPause = 32
  /// How many tokens must be the same.
  private static let needed = 2

  init(_ prompt: [Int32]) { self.prompt = prompt }

  /// The tokens that followed the last place where the text went as it does now.
  mutating func guesses(after tokens: [Int32], atMost most: Int) -> ArraySlice<Int32> {
    if pause > 0 {
      pause -= 1
      return []
    }
    let count = min(most, reach)
    let total = prompt.count + tokens.count
    guard count > 0, total > Self.needed else { return [] }
    func token(_ place: Int) -> Int32 { place < prompt.count ? prompt[place] : tokens[place - prompt.count] }
    let last = (1...Self.needed).map { token(total - $0) }
    var place = total - 1
    while place >= Self.needed {
      if (0..<Self.needed).allSatisfy({ token(place - 1 - $0) == last[$0] }) {
        return (place..<min(place + count, total)).map(token)[...]
      }
      place -= 1
    }
    return []
  }

  /// Notes how many of the guesses were right.
  mutating func learn(guessed: Int, right: Int) {
    guard guessed > 0 else { return }
    reach = right == guessed ? min(Self.longest, reach * 2) : max(1, right)
    if right > 0 {
      nextPause = 1
    } else {
      pause = nextPause
      nextPause = min(Self.longestPause, nextPause * 2)
    }
  }
}
