import Core

/// A few lines of copy, one sentence a line, to train on.
let shopCopy = """
  new arrivals for the summer
  new shoes for the summer
  save 20 % on all shoes
  save 30 % on summer dresses
  shop the new summer collection now
  shop all running shoes now
  discover the new collection today
  discover running shoes for every day
  free delivery on all orders today
  free returns on all summer dresses
  our best shoes are back
  our best dresses for the new season
  a new season needs new shoes
  the summer sale ends today
  the sale on running shoes ends now

  """

/// Sentences of words that are the rarer the higher their number, one a line.
func manySentences(_ count: Int) -> String {
  var random = SeededRandom(seed: 6)
  return (0..<count).map { _ in
    (0..<Int(1 + random.next() % 12)).map { _ in
      let unit = random.unit()
      return "w\(Int(unit * unit * unit * 80))"
    }.joined(separator: " ") + "\n"
  }.joined()
}
