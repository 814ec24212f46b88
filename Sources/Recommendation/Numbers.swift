import Glibc

/// A power of a number that is not negative.
@inline(__always)
func power(_ base: Float, _ exponent: Float) -> Float { exponent == 0 ? 1 : powf(base, exponent) }

/// The logarithm to base 2.
func binaryLogarithm(_ number: Double) -> Double { log2(number) }

/// A power of a number that is not negative.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
