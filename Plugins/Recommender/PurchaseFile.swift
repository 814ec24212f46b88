import Core
import Glibc
import PluginAPI
import Recommendation

/// Purchases read from files of events, as `bespoke events export` writes them.
struct PurchaseFile {
  private(set) var events: [Interactions.Event] = []
  private(set) var itemIDs: [String] = []
  /// Lines that are no purchase of a product by a known user.
  private(set) var otherLines = 0
  /// How many people had been erased when the newest of the files was written.
  private(set) var erasures = 0
  private var users: [String: Int32] = [:]
  private var items: [String: Int32] = [:]
  private var orders: [String: Int64] = [:]

  var userCount: Int { users.count }

  /// Reads one file more.
  ///
  /// - Parameter isCancelled: asked every few thousand lines.
  /// - Throws: `PluginError` where the file cannot be read or is cancelled.
  mutating func read(_ path: String, isCancelled: () -> Bool) throws {
    guard let file = fopen(path, "rb") else {
      throw PluginError(.resource, "cannot open '\(path)': \(String(cString: strerror(errno)).lowercased())")
    }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    let builder = DocumentBuilder()
    var count = 0
    while case let length = getline(&line, &capacity, file), length > 0, let start = line {
      count += 1
      if count % 4096 == 0, isCancelled() { throw PluginError(.cancelled, "stopped") }
      builder.reset()
      // The line that `getline` lent is not written again before the next one.
      start.withMemoryRebound(to: UInt8.self, capacity: length) {
        add(UnsafeBufferPointer(start: $0, count: length), builder)
      }
    }
  }

  private mutating func add(_ line: UnsafeBufferPointer<UInt8>, _ builder: DocumentBuilder) {
    guard let row = try? builder.parseJSON(line) else {
      otherLines += 1
      return
    }
    if let number = row["erasures"].int { erasures = max(erasures, Int(number)) }
    guard let user = row["user"].scalarText,
      let product = row["product"].scalarText, row["kind"].string ?? "purchase" == "purchase",
      row["price"].double ?? 1 > 0, row["quantity"].double ?? 1 > 0,
      let time = TimeText.read(row["time"].text, order: .monthDay)
    else {
      otherLines += 1
      return
    }
    let number = users[user] ?? Int32(users.count)
    users[user] = number
    let item = items[product] ?? Int32(items.count)
    if items[product] == nil {
      items[product] = item
      itemIDs.append(product)
    }
    let seconds = (time.milliseconds - Int64(time.offset ?? 0) * 60_000) / 1000
    var basket = -1 - seconds / 86_400
    if let order = row["order"].scalarText {
      basket = orders[order] ?? Int64(orders.count)
      orders[order] = basket
    }
    events.append(.init(user: number, item: item, time: seconds, basket: basket))
  }
}
