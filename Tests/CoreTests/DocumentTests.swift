import CPluginABI
import Core
import Testing

/// A value whose document is never freed: a `Value` does not keep its document alive.
private func value(of json: String) throws(JSONError) -> Value {
  let document = try Document(json: json)
  _ = Unmanaged.passRetained(document)
  return document.root
}

struct DocumentTests {
  @Test func readsEveryJSONType() throws {
    let root = try value(of: #" {"a": [1, -2.50, "x", true, null, {}], "b": {"c": "caf\u00e9 \ud83c\udf92"}} "#)
    #expect(root.kind == .object)
    #expect(root.count == 2)
    #expect(root["a"].count == 6)
    #expect(root["a"][0].int == 1)
    #expect(root["a"][1].double == -2.5)
    #expect(root["a"][1].scalarText == "-2.50", "a number keeps its source text")
    #expect(root["a"][3].bool == true)
    #expect(root["a"][4].kind == .null)
    #expect(root["a"][5].count == 0)
    #expect(root["b"]["c"].string == "café 🎒")
  }

  @Test func missingIsAValueThatEveryQuestionAccepts() throws {
    let missing = try value(of: "{}")["x"]["y"][3]
    #expect(missing.kind == .missing)
    #expect(missing.count == 0)
    #expect(missing.string == nil)
    #expect(missing.text.isEmpty)
  }

  @Test func ofRepeatedKeysTheLastWins() throws {
    #expect(try value(of: #"{"a":1,"a":2}"#)["a"].int == 2)
  }

  @Test(arguments: [
    ("{", 1), ("[1,", 3), ("[1 2]", 3), (#"{"a" 1}"#, 5), (#"{a:1}"#, 1), ("01", 0), ("1.", 2), ("tru", 0),
    (#""a"#, 0), ("\"a\nb\"", 2), (#""\x""#, 1), ("1 1", 2), ("", 0), ("-", 0), (#"["#, 1), ("]", 0),
  ])
  func namesTheByteOfAFault(text: String, offset: Int) {
    let error = #expect(throws: JSONError.self) { try Document(json: text) }
    #expect(error?.offset == offset)
  }

  @Test func refusesDeepNesting() {
    #expect(throws: JSONError.self) { try Document(json: String(repeating: "[", count: 100_000)) }
  }

  @Test func loneSurrogatesBecomeReplacementCharacters() throws {
    #expect(try value(of: #""\ud83c!\udf92""#).string == "\u{FFFD}!\u{FFFD}")
  }

  @Test(arguments: [
    ("9223372036854775807", Value.Kind.integer), ("9223372036854775808", .double), ("-9223372036854775808", .integer),
    ("1e3", .double), ("1.0", .double), ("123456789012345678901234567890", .double),
  ])
  func integersThatFitStayIntegers(text: String, kind: Value.Kind) throws {
    #expect(try value(of: text).kind == kind)
  }

  @Test func doublesAreTheNearest() throws {
    for text in [
      "0.1", "1234.5678", "-0.000123", "123456789012345.6", "1e-7", "5e-324", "89.99", "0.30000000000000004",
    ] {
      #expect(try value(of: text).double == Double(text))
    }
  }

  @Test func linksReadAcrossDocuments() throws {
    let profile = try value(of: #"{"name":"Ada"}"#)
    let brief = Document { builder in
      builder.beginObject()
      builder.key("profile")
      builder.link(profile)
      builder.end()
    }
    withExtendedLifetime(brief) {
      #expect(brief.root["profile"]["name"].string == "Ada")
      #expect(brief.root[0]["name"].string == "Ada")
    }
  }

  @Test func theAccessorTableAnswersLikeTheValue() throws {
    let root = try value(of: #"{"price":12.50,"n":3,"on":true,"list":["a","b"]}"#)
    let access = Accessors.table.pointee
    func get(_ key: StaticString) -> bespoke_value {
      access.get(root.raw, bespoke_str(UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)))
    }
    #expect(access.type(get("price")) == Int32(BESPOKE_TYPE_DOUBLE.rawValue))
    #expect(access.str(get("price")).string == "12.50")
    #expect(access.i64(get("n"), 0) == 3)
    #expect(access.i64(get("on"), 7) == 1)
    #expect(access.i64(get("absent"), 7) == 7)
    #expect(access.f64(get("price"), 0) == 12.5)
    #expect(access.count(get("list")) == 2)
    #expect(access.str(access.at(get("list"), 1)).string == "b")
    #expect(access.key_at(root.raw, 1).string == "n")
    #expect(access.type(access.at(get("list"), 9)) == Int32(BESPOKE_TYPE_MISSING.rawValue))
  }

  @Test func oneBuilderHoldsManyRoots() throws {
    let builder = DocumentBuilder()
    var roots: [Int] = []
    for number in 0..<1000 {
      var text = #"{"id":"p\#(number)","deep":{"list":[\#(number)]}}"#
      roots.append(Int(try text.withUTF8 { try builder.parseJSON($0) }.raw.node))
    }
    for (number, root) in roots.enumerated() {
      #expect(builder.root(at: root)["id"].string == "p\(number)")
      #expect(builder.root(at: root)["deep"]["list"][0].int == Int64(number))
    }
  }

  @Test func aFailedParseLeavesNothingBehind() throws {
    let builder = DocumentBuilder()
    var bad = #"{"a":[1,{"b":"#
    #expect(throws: JSONError.self) { try bad.withUTF8 { try builder.parseJSON($0) } }
    var good = "[7]"
    #expect(try good.withUTF8 { try builder.parseJSON($0) }[0].int == 7)
  }

  @Test func aFailedParseLeavesEarlierRootsReadable() throws {
    let builder = DocumentBuilder()
    var first = #"{"id":"p1"}"#
    let root = try first.withUTF8 { try builder.parseJSON($0) }
    var bad = "[" + String(repeating: #"{"a":["long enough to move the tape"]},"#, count: 10_000)
    #expect(throws: JSONError.self) { try bad.withUTF8 { try builder.parseJSON($0) } }
    #expect(root["id"].string == "p1")
  }

  @Test func valuesAreReusedWhileTheTapeMoves() throws {
    let builder = DocumentBuilder()
    var text = "{" + (0..<100).map { "\"k\($0)\":[\($0)]" }.joined(separator: ",") + "}"
    let source = try text.withUTF8 { try builder.parseJSON($0) }
    for round in 0..<20 {
      builder.beginObject()
      for index in 0..<100 {
        builder.reuseKey(of: source, at: index)
        builder.beginArray()
        builder.string("round \(round)")
        builder.end()
      }
      builder.end()
      let root = builder.finishRoot()
      #expect(root["k99"][0].string == "round \(round)")
    }
    #expect(source["k99"][0].int == 99)
  }

  @Test func valuesAreReusedWithoutACopy() throws {
    let builder = DocumentBuilder()
    var text = #"{"a":[1,"two"],"b":{"c":2.50}}"#
    let source = try text.withUTF8 { try builder.parseJSON($0) }
    builder.beginObject()
    builder.reuseKey(of: source, at: 1)
    builder.reuse(source[0])
    builder.key("whole")
    builder.reuse(source)
    builder.end()
    let root = builder.finishRoot()
    #expect(root["b"][1].string == "two")
    #expect(root["whole"]["b"]["c"].scalarText == "2.50")
    #expect(root["b"][1].text.baseAddress == source["a"][1].text.baseAddress)
  }
}
