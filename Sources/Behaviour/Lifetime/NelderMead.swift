/// Finds a minimum of a function of a few variables without derivatives.
///
/// Source: Nelder and Mead, "A simplex method for function minimization", 1965, with the usual coefficients.
func minimise(
  _ function: ([Double]) -> Double, from start: [Double], step: Double = 0.3, tolerance: Double = 1e-11,
  maxSteps: Int = 4000
) -> [Double] {
  let count = start.count
  var points = [start]
  for index in 0..<count {
    var point = start
    point[index] += step
    points.append(point)
  }
  var simplex = points.map { (point: $0, value: function($0)) }
  for _ in 0..<maxSteps {
    simplex.sort { $0.value < $1.value }
    let (best, worst) = (simplex[0], simplex[count])
    if abs(worst.value - best.value) <= tolerance * (abs(best.value) + tolerance) { break }
    let centre = (0..<count).map { index in
      simplex[..<count].reduce(0) { $0 + $1.point[index] } / Double(count)
    }
    func moved(_ factor: Double) -> (point: [Double], value: Double) {
      let point = (0..<count).map { centre[$0] + factor * (worst.point[$0] - centre[$0]) }
      let value = function(point)
      return (point, value.isNaN ? .infinity : value)
    }
    let reflected = moved(-1)
    if reflected.value < best.value {
      let expanded = moved(-2)
      simplex[count] = expanded.value < reflected.value ? expanded : reflected
    } else if reflected.value < simplex[count - 1].value {
      simplex[count] = reflected
    } else {
      let contracted = moved(reflected.value < worst.value ? -0.5 : 0.5)
      if contracted.value < min(reflected.value, worst.value) {
        simplex[count] = contracted
      } else {
        for index in 1...count {
          let point = zip(best.point, simplex[index].point).map { ($0 + $1) / 2 }
          simplex[index] = (point, function(point))
        }
      }
    }
  }
  return simplex.min { $0.value < $1.value }?.point ?? start
}
