import Core
import Glibc

// Writes the demo shop's profiles to standard output, one JSON object a line: `shop-profiles PRODUCTS.jsonl [COUNT]`.
// The same products, count and seed always give the same bytes.

guard CommandLine.arguments.count >= 2 else {
  print("usage: shop-profiles PRODUCTS.jsonl [COUNT]")
  exit(64)
}
let shop = try Shop(path: CommandLine.arguments[1])
let count = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 2000 : 2000
var random = SeededRandom(seed: 20_260_301)
for number in 1...count {
  print(ProfileMaker(shop: shop, number: number).profile(&random))
}
