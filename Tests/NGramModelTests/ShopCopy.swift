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
