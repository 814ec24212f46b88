import Core
import Glibc

// Writes profiles of invented customers, with recommendations, one JSON object a line: `ShopProfiles PRODUCTS.jsonl [COUNT]`.
// The same products, count and seed always give the same bytes.

guard CommandLine.arguments.count >= 2 else {
  print("usage: ShopProfiles PRODUCTS.jsonl [COUNT]")
  exit(64)
}
let shop = try Shop(path: CommandLine.arguments[1])
let count = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 2000 : 2000
var random = SeededRandom(seed: 20_260_301)
for number in 1...count {
  print(ProfileMaker(shop: shop, number: number).profile(&random))
}
