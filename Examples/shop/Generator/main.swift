import Core
import Glibc

// Writes what the demo shop knows: `shop-events PRODUCTS.jsonl FOLDER [CUSTOMERS]` makes accounts.jsonl and events.jsonl in the
// folder. All of it is invented; the same products and count always give the same bytes.

guard CommandLine.arguments.count >= 3 else {
  print("usage: shop-events PRODUCTS.jsonl FOLDER [CUSTOMERS]")
  exit(64)
}
let shop = try Shop(path: CommandLine.arguments[1])
let folder = CommandLine.arguments[2]
let count = CommandLine.arguments.count > 3 ? Int(CommandLine.arguments[3]) ?? 2000 : 2000

func write(_ name: String, _ lines: [String]) throws {
  guard let file = fopen("\(folder)/\(name)", "w") else { throw Diagnostic("cannot write", "'\(folder)/\(name)'") }
  for line in lines { fputs(line + "\n", file) }
  guard fclose(file) == 0 else { throw Diagnostic("cannot write", "'\(folder)/\(name)'") }
}

var accounts: [String] = []
var events: [ShopEvent] = []
for number in 1...max(1, count) {
  var random = SeededRandom(seed: 20_260_301 &+ UInt64(number) &* 0x9E37_79B9)
  let account = Account(number: number, &random)
  accounts.append(account.json)
  events += Shopper(account, shop, random).events
}
events.sort { ($0.time, $0.user) < ($1.time, $1.user) }

// What real logs have too: lines that are repeated or lack the user, a robot, clocks that are wrong, half a line.
var lines: [String] = []
for (number, event) in events.enumerated() {
  var event = event
  if number % 1009 == 7 { event.user = "" }
  if number % 20_011 == 11 { event.time = event.time % 2 == 0 ? 86_400_000 : 4_102_444_800_000 }
  lines.append(event.json(id: number, categories: shop.categories))
  if number % 401 == 3, let last = lines.last { lines.append(last) }
}
let product = shop.shelves[0][0]
for second in 0..<200 {
  let event = ShopEvent(
    time: Shop.end - 3_600_000 + Int64(second) * 200, kind: "view", user: "crawler", offset: 0, channel: "web",
    product: product)
  lines.append(event.json(id: events.count + second, categories: shop.categories))
}
lines.append(#"{"id":"e0","time":"2026-02-2"#)
try write("accounts.jsonl", accounts)
try write("events.jsonl", lines)
