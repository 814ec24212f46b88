import Testing

@testable import Host

struct KeySetTests {
  @Test func everyTextIsThereOnceWithItsNumber() {
    let set = KeySet()
    // Enough for several pages and many a larger table.
    let count: UInt32 = 200_000
    var odd = 0
    for number in 0..<count where set.add("products/\(number)/a-slug-as-long-as-slugs-are", number: number) != nil {
      odd += 1
    }
    for number in 0..<count where set.add("products/\(number)/a-slug-as-long-as-slugs-are", number: 0) != number {
      odd += 1
    }
    #expect(odd == 0)
    #expect(set.count == Int(count))
  }

  @Test func textsThatShareAHashStayApart() {
    let set = KeySet { UInt64($0.count % 2) }
    let texts = (0..<500).map { "text \($0)" }
    #expect(texts.allSatisfy(set.insert))
    #expect(!texts.contains(where: set.insert))
    #expect(set.count == texts.count)
  }

  @Test func aTextMayBeEmptyOrLongerThanAPage() {
    let set = KeySet()
    let long = String(repeating: "long ", count: 2_000_000)
    #expect(set.insert(long))
    #expect(set.insert(""))
    #expect(set.insert(long + "er"))
    #expect(!set.insert(long))
    #expect(!set.insert(""))
  }
}
