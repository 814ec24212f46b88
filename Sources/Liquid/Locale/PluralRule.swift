/// One set of CLDR's cardinal rules, named after a language that has it or after what it tells apart.
enum PluralRule {
  case none
  case wholeZeroOrOne, partZeroOrOne, english, sinhala, zeroToOne, tamazight, one, danish, icelandic, macedonian
  case filipino, latvian, langi, zeroAndOne, hebrew, dual, tachelhit, romanian, serbian, french, portuguese, italian
  case spanish, gaelic, slovenian, sorbian, czech, polish, belarusian, lithuanian, russian, breton, maltese, irish
  case manx, cornish, arabic, welsh

  func category(_ x: PluralOperands) -> PluralRules.Category {
    let (i, v, f, t) = (x.i, x.v, x.f, x.t)
    let n = x.n ?? -1
    let isWhole = v == 0
    switch self {
    case .none: return .other
    case .wholeZeroOrOne: return i == 0 || n == 1 ? .one : .other
    case .partZeroOrOne, .portuguese, .french:
      if i == 0 || i == 1 { return .one }
      return self != .partZeroOrOne && isMillions(x) ? .many : .other
    case .english: return i == 1 && isWhole ? .one : .other
    case .sinhala: return n == 0 || n == 1 || (i == 0 && f == 1) ? .one : .other
    case .zeroToOne: return n == 0 || n == 1 ? .one : .other
    case .tamazight: return n == 0 || n == 1 || 11...99 ~= n ? .one : .other
    case .one: return n == 1 ? .one : .other
    case .danish: return n == 1 || (t != 0 && i <= 1) ? .one : .other
    case .icelandic: return (t == 0 && endsInOne(i)) || endsInOne(t) ? .one : .other
    case .macedonian: return (isWhole && endsInOne(i)) || endsInOne(f) ? .one : .other
    case .filipino:
      let bad = [4, 6, 9]
      return (isWhole && (1...3 ~= i || !bad.contains(i % 10))) || (!isWhole && !bad.contains(f % 10)) ? .one : .other
    case .latvian:
      if (n >= 0 && (n % 10 == 0 || 11...19 ~= n % 100)) || (v == 2 && 11...19 ~= f % 100) { return .zero }
      return (n >= 0 && endsInOne(n)) || (v == 2 && endsInOne(f)) || (v != 2 && f % 10 == 1) ? .one : .other
    case .langi: return n == 0 ? .zero : i == 0 || i == 1 ? .one : .other
    case .zeroAndOne: return n == 0 ? .zero : n == 1 ? .one : .other
    case .hebrew:
      if (i == 1 && isWhole) || (i == 0 && !isWhole) { return .one }
      return i == 2 && isWhole ? .two : .other
    case .dual: return n == 1 ? .one : n == 2 ? .two : .other
    case .tachelhit: return i == 0 || n == 1 ? .one : 2...10 ~= n ? .few : .other
    case .romanian:
      if i == 1 && isWhole { return .one }
      return !isWhole || n == 0 || (n != 1 && 1...19 ~= n % 100) ? .few : .other
    case .serbian:
      if (isWhole && endsInOne(i)) || endsInOne(f) { return .one }
      return (isWhole && endsInTwoToFour(i)) || endsInTwoToFour(f) ? .few : .other
    case .italian: return i == 1 && isWhole ? .one : isMillions(x) ? .many : .other
    case .spanish: return n == 1 ? .one : isMillions(x) ? .many : .other
    default: return larger(x, n: n)
    }
  }

  /// The rules with four categories and more.
  private func larger(_ x: PluralOperands, n: Int) -> PluralRules.Category {
    let (i, v, f) = (x.i, x.v, x.f)
    let isWhole = v == 0
    switch self {
    case .gaelic:
      return n == 1 || n == 11 ? .one : n == 2 || n == 12 ? .two : 3...10 ~= n || 13...19 ~= n ? .few : .other
    case .slovenian:
      if !isWhole { return .few }
      return i % 100 == 1 ? .one : i % 100 == 2 ? .two : 3...4 ~= i % 100 ? .few : .other
    case .sorbian:
      let last = isWhole ? i % 100 : f % 100
      return last == 1 ? .one : last == 2 ? .two : 3...4 ~= last ? .few : .other
    case .czech: return !isWhole ? .many : i == 1 ? .one : 2...4 ~= i ? .few : .other
    case .polish:
      if !isWhole { return .other }
      return i == 1 ? .one : endsInTwoToFour(i) ? .few : .many
    case .belarusian:
      if n < 0 { return .other }
      return endsInOne(n) ? .one : endsInTwoToFour(n) ? .few : .many
    case .lithuanian:
      if f != 0 { return .many }
      if n < 0 || 11...19 ~= n % 100 { return .other }
      return n % 10 == 1 ? .one : 2...9 ~= n % 10 ? .few : .other
    case .russian:
      if !isWhole { return .other }
      return endsInOne(i) ? .one : endsInTwoToFour(i) ? .few : .many
    case .breton: return n < 0 ? .other : breton(n)
    case .maltese:
      return n == 1 ? .one : n == 2 ? .two : n == 0 || 3...10 ~= n % 100 ? .few : 11...19 ~= n % 100 ? .many : .other
    case .irish: return n == 1 ? .one : n == 2 ? .two : 3...6 ~= n ? .few : 7...10 ~= n ? .many : .other
    case .manx:
      if !isWhole { return .many }
      return i % 10 == 1 ? .one : i % 10 == 2 ? .two : i % 20 == 0 ? .few : .other
    case .cornish: return n < 0 ? .other : cornish(n)
    case .arabic:
      if n < 0 { return .other }
      return n == 0
        ? .zero : n == 1 ? .one : n == 2 ? .two : 3...10 ~= n % 100 ? .few : 11...99 ~= n % 100 ? .many : .other
    case .welsh:
      return n == 0 ? .zero : n == 1 ? .one : n == 2 ? .two : n == 3 ? .few : n == 6 ? .many : .other
    default: return .other
    }
  }

  private func breton(_ n: Int) -> PluralRules.Category {
    let last = n % 100
    if n % 10 == 1, last != 11, last != 71, last != 91 { return .one }
    if n % 10 == 2, last != 12, last != 72, last != 92 { return .two }
    let tens = last / 10
    if [3, 4, 9].contains(n % 10), tens != 1, tens != 7, tens != 9 { return .few }
    return n != 0 && n % 1_000_000 == 0 ? .many : .other
  }

  private func cornish(_ n: Int) -> PluralRules.Category {
    let twenties = [0, 20, 40, 60, 80]
    let last = n % 100
    if n == 0 { return .zero }
    if n == 1 { return .one }
    let thousands = n % 100_000
    if twenties.contains(last - 2)
      || (n % 1000 == 0 && (1000...20000 ~= thousands || [40000, 60000, 80000].contains(thousands)))
      || n % 1_000_000 == 100_000
    {
      return .two
    }
    if twenties.contains(last - 3) { return .few }
    return twenties.contains(last - 1) ? .many : .other
  }

  private func endsInOne(_ n: Int) -> Bool { n % 10 == 1 && n % 100 != 11 }

  private func endsInTwoToFour(_ n: Int) -> Bool { 2...4 ~= n % 10 && !(12...14 ~= n % 100) }

  private func isMillions(_ x: PluralOperands) -> Bool { x.i != 0 && x.i % 1_000_000 == 0 && x.v == 0 }
}
