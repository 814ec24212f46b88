/// The arguments of one filter call.
struct FilterArguments {
  /// How many were given; all named ones together count as one.
  var count = 0
  var first = Datum.null
  var second = Datum.null
  /// The named arguments as an object, or nil.
  var named = Datum.null
}

extension Machine {
  /// A value sent through the first `calls` filters of an expression.
  mutating func filtered(_ expression: Expression, _ code: Code, calls: Int) throws(Stop) -> Datum {
    var value = try evaluate(expression.a, code)
    for index in Int(expression.b)..<Int(expression.b) + calls {
      let call = code.pointee.filterCalls[index]
      // A chain of filters may multiply a text as a loop does.
      try countStep()
      let arguments = try self.arguments(of: call, code)
      if value.isMissing, options.undefinedIsFailure, call.filter != .default {
        throw undefined(code.pointee.expressions[Int(expression.a)], code)
      }
      let signature = call.filter.signature
      if arguments.count < signature.least || arguments.count > mostArguments(call.filter, signature, arguments) {
        throw fail(
          .argumentCount(
            filter: "\(signature.name)", given: arguments.count, least: signature.least, most: signature.most),
          at: call.nameText.offset)
      }
      if call.filter == .default, options.recordsGaps, !value.isTruthy || isEmpty(value) {
        recordGap(expression, code, fellBack: true)
      }
      let mark = out.count
      do throws(Stop) {
        value = try apply(call.filter, value, arguments)
      } catch {
        // What the filter wrote before it failed goes.
        out.truncate(to: mark)
        if faultPlace < 0 { faultPlace = call.nameText.offset }
        throw error
      }
      if !emptyFillings.isEmpty { recordFillings(of: call, code) }
    }
    return value
  }

  private func mostArguments(
    _ filter: Filter, _ signature: Filter.Signature, _ arguments: FilterArguments
  ) -> Int {
    let takesNames = filter.isOwn || (filter == .date && dialect == .bespoke)
    return signature.most + (takesNames && arguments.named.kind == .object ? 1 : 0)
  }

  @inline(__always)
  private mutating func arguments(of call: FilterCall, _ code: Code) throws(Stop) -> FilterArguments {
    var result = FilterArguments()
    guard call.argumentCount > 0 else { return result }
    let positional = Int(call.argumentCount - call.namedCount)
    let base = code.pointee.arguments + Int(call.firstArgument)
    if positional > 0 { result.first = try evaluate(base[0].value, code) }
    if positional > 1 { result.second = try evaluate(base[1].value, code) }
    result.count = positional
    guard call.namedCount > 0 else { return result }
    let members = arena.data(Int(call.namedCount) * 2)
    for index in 0..<Int(call.namedCount) {
      let argument = base[positional + index]
      members[index * 2] = Datum(code.pointee.text(argument.nameText))
      members[index * 2 + 1] = try evaluate(argument.value, code)
    }
    result.named = Datum(object: members)
    // Ruby hands named arguments over as a last, unnamed one.
    if positional == 0 { result.first = result.named }
    if positional == 1 { result.second = result.named }
    result.count += 1
    return result
  }

  private mutating func apply(
    _ filter: Filter, _ input: Datum, _ arguments: FilterArguments
  ) throws(Stop) -> Datum {
    let (first, second) = (arguments.first, arguments.second)
    switch filter {
    case .unknown: return input
    case .size: return size(of: input) ?? Datum(Int64(0))
    case .downcase: return changeCase(input, .lower)
    case .upcase: return changeCase(input, .upper)
    case .capitalize: return changeCase(input, .capital)
    case .escape, .h: return escape(input)
    case .escapeOnce: return escapeOnce(input)
    case .urlEncode: return urlEncode(input)
    case .urlDecode: return try urlDecode(input)
    case .base64Encode: return base64Encode(input, alphabet: .standard)
    case .base64URLSafeEncode: return base64Encode(input, alphabet: .urlSafe)
    case .base64Decode: return try base64Decode(input, alphabet: .standard)
    case .base64URLSafeDecode: return try base64Decode(input, alphabet: .urlSafe)
    case .slice: return try slice(input, first, second)
    case .truncate: return try truncate(input, arguments)
    case .truncateWords: return try truncateWords(input, arguments)
    case .split: return split(input, first)
    case .squish: return input.kind == .null ? .null : squish(input)
    case .strip: return strip(input, left: true, right: true)
    case .leftStrip: return strip(input, left: true, right: false)
    case .rightStrip: return strip(input, left: false, right: true)
    case .stripHTML: return stripHTML(input)
    case .stripNewlines: return replaceNewlines(input, with: "")
    case .newlineToBR: return newlineToBR(input)
    case .replace: return try replace(input, first, second, .all)
    case .replaceFirst: return try replace(input, first, second, .first)
    case .replaceLast: return try replace(input, first, second, .last)
    case .remove: return try replace(input, first, .null, .all)
    case .removeFirst: return try replace(input, first, .null, .first)
    case .removeLast: return try replace(input, first, .null, .last)
    case .append: return joined(input, first)
    case .prepend: return joined(first, input)
    case .join: return try join(input, arguments)
    case .sort: return try sort(input, arguments, .plain)
    case .sortNatural: return try sort(input, arguments, .natural)
    case .where: return try select(input, first, second, .matching)
    case .reject: return try select(input, first, second, .others)
    case .has: return try select(input, first, second, .any)
    case .find: return try select(input, first, second, .element)
    case .findIndex: return try select(input, first, second, .index)
    case .uniq: return try uniq(input, arguments)
    case .reverse: return try reverse(input)
    case .map: return try map(input, first)
    case .compact: return try compact(input, arguments)
    case .concat: return try concat(input, first)
    case .first: return input.kind == .string ? firstCharacter(input) : self.first(of: input) ?? .null
    case .last: return input.kind == .string ? lastCharacter(input) : self.last(of: input) ?? .null
    case .sum: return try sum(input, arguments)
    case .plus, .minus, .times, .dividedBy, .modulo: return try calculate(filter, input, first)
    case .abs: return absolute(input)
    case .round: return try round(input, arguments)
    case .ceil: return try whole(input, .up)
    case .floor: return try whole(input, .down)
    case .atLeast: return clamp(input, first, isLeast: true)
    case .atMost: return clamp(input, first, isLeast: false)
    case .default: return fallback(input, arguments)
    case .date: return try date(input, first)
    case .raw, .safe: return safe(input)
    case .money: return try money(input, arguments)
    case .number: return try number(input, arguments)
    case .percent: return try percent(input, arguments)
    case .translate: return try translate(input, arguments)
    case .json: return json(input)
    case .sanitise: return sanitise(input)
    }
  }

  private mutating func fallback(_ input: Datum, _ arguments: FilterArguments) -> Datum {
    var keepsFalse = false
    if arguments.second.kind == .object {
      keepsFalse = value(of: Datum("allow_false"), in: arguments.second)?.isTruthy ?? false
    }
    let isAbsent = keepsFalse ? input.kind == .null : !input.isTruthy
    guard isAbsent || isEmpty(input) else { return input }
    return arguments.count == 0 ? Datum("") : arguments.first
  }

  private mutating func safe(_ input: Datum) -> Datum {
    Datum(text(of: input), isSafe: true)
  }
}
