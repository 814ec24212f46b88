import Core
public import PluginAPI
import Recommendation

/// Chooses products for a profile by what it bought, with a reason for each.
public final class RecommenderPlugin: Plugin {
  /// What it says of itself.
  public static let info = PluginInfo(
    id: "org.bespoke.recommender", version: "0.1.0", summary: "Chooses products for a profile, with a reason for each.",
    config: #"""
      {"type":"object","additionalProperties":false,"required":["model"],"properties":{
        "model":{"type":"string","minLength":1,"description":"name of the model, made by 'bespoke train recommender'"},
        "count":{"type":"integer","minimum":1,"maximum":1000,"default":8,"description":"how many products"},
        "purpose":{"type":"string","minLength":1,"default":"personalise",
          "description":"where the profile's consent to it is false, its past is not looked at"},
        "repeats":{"type":"string","enum":["include","exclude"],"default":"include",
          "description":"whether products that the profile bought before may come again"},
        "rest_days":{"type":"number","minimum":0,"description":"days for which what was bought does not come again"},
        "least_margin":{"type":"number","description":"products whose field 'margin' is lower are left out"},
        "most_of_category":{"type":"integer","minimum":1,"description":"the most products of one category"},
        "out_of_stock":{"type":"boolean","default":false,"description":"whether products out of stock may come"},
        "new_products":{"type":"integer","minimum":0,"default":1,
          "description":"places at the end for products nobody bought yet that resemble what the profile bought"},
        "vectors":{"type":"string","minLength":1,
          "description":"JSON lines of products' vectors, such as a stage neural-decoder writes: resemblance beyond words"},
        "pinned":{"type":"array","items":{"type":"string"},"description":"ids of products that come first"},
        "excluded":{"type":"array","items":{"type":"string"},"description":"ids of products that never come"}}}
      """#,
    reads: ["profile.consent", "profile.erasures", "profile.history", "run_time"],
    writes: [.init(.products, summary: "products with score and reason, the best first")])

  struct Config: Decodable {
    var model: String
    var count: Int?
    var purpose: String?
    var repeats: String?
    var rest_days: Double?
    var least_margin: Double?
    var most_of_category: Int?
    var out_of_stock: Bool?
    var new_products: Int?
    var vectors: String?
    var pinned: [String]?
    var excluded: [String]?
  }

  private let assortment: Assortment
  private let model: RecommendationModel
  private var recommender: Recommender
  private let rules: BusinessRules
  private let count: Int
  private let newProducts: Int
  private let repeats: Repeats
  private let purpose: String
  private let name: String

  /// Reads the model and looks the catalogue through.
  public init(_ setup: Setup) throws {
    let config = try setup.config.decode(Config.self)
    let resource = try setup.host.resource(kind: "model", named: config.model)
    do {
      model = try RecommendationModel(bytes: resource.bytes, name: config.model)
    } catch {
      throw PluginError(.config, field: "model", "\(error)")
    }
    var vectors: ProductVectors?
    if let name = config.vectors {
      let file = try setup.host.resource(kind: "model", named: name)
      do {
        vectors = try ProductVectors(lines: file.bytes, name: name)
      } catch {
        throw PluginError(.config, field: "vectors", "\(error)")
      }
    }
    assortment = Assortment(setup.host.catalogue, model, vectors)
    recommender = Recommender(model)
    var rules = BusinessRules()
    rules.needsStock = !(config.out_of_stock ?? false)
    rules.leastMargin = config.least_margin
    rules.restDays = config.rest_days
    rules.mostOfCategory = config.most_of_category
    for (field, ids) in [("pinned", config.pinned ?? []), ("excluded", config.excluded ?? [])] {
      for id in ids {
        guard let item = assortment.item(id), assortment.product(of: item) != nil else {
          // Where a manifest is only checked, there is no catalogue to look it up in.
          if setup.host.catalogue == nil { continue }
          throw PluginError(.config, field: field, "no product '\(id)' in the catalogue")
        }
        if field == "pinned" { rules.pinned.append(item) } else { rules.excluded.insert(item) }
      }
    }
    self.rules = rules
    count = config.count ?? 8
    newProducts = config.new_products ?? 1
    repeats = config.repeats.flatMap { Repeats(rawValue: $0) } ?? .include
    purpose = config.purpose ?? "personalise"
    name = config.model
  }

  /// Ranks, applies the shop's rules and says why.
  public func process(_ request: Request, into output: Output) throws {
    let erasures = request.profile["erasures"].int ?? 0
    guard erasures <= model.erasures else {
      throw PluginError(
        .refused, field: "model",
        "'\(name)' was learnt before somebody was erased: write the purchases with 'bespoke events export' and make it anew "
          + "with 'bespoke train recommender'")
    }
    // Who has said no is shown what everybody is shown.
    let agrees = request.profile["consent"][purpose].bool ?? true
    let (history, latest) = agrees ? history(request.profile["history"]) : ([], [:])
    let now = time(request.brief["run_time"]) ?? model.lastEvent
    let (rules, assortment) = (rules, assortment)
    func isAllowed(_ item: Int32) -> Bool {
      guard let product = assortment.product(of: item) else { return false }
      return rules.allows(item, assortment.products[product], lastTaken: latest[item], now: now)
    }
    let known = history.filter { Int($0.item) < model.itemIDs.count }
    // More than are wanted, as categories may be full.
    let ranked = recommender.recommend(
      known, count: rules.mostOfCategory == nil ? count : count * 10, repeats: repeats, isAllowed: isAllowed)
    let fresh = similar(history, isAllowed)
    var chosen = rules.choose(
      ranked, count: count - fresh.count,
      product: { item in assortment.product(of: item).map { assortment.products[$0] } },
      isAllowed: isAllowed)
    chosen += fresh.map { entry in
      Recommendation(item: entry.item, score: min(entry.score, chosen.last?.score ?? entry.score), reason: entry.reason)
    }
    guard !chosen.isEmpty else { throw PluginError(.skip, "no product may be recommended") }
    write(chosen, to: output)
    output.note("model", name)
  }

  /// What the profile bought, and when it bought each product last.
  private func history(_ list: PluginAPI.Value) -> ([HistoryItem], [Int32: Int64]) {
    var history: [HistoryItem] = []
    var latest: [Int32: Int64] = [:]
    var age: Int32 = 0
    var basket: Int64?
    for place in (0..<list.count).reversed() {
      let entry = list[place]
      guard let id = entry["id"].string, let item = assortment.item(id) else { continue }
      let taken = time(entry["time"]) ?? 0
      let order = entry["order"].int.map { Int64($0) } ?? -1 - taken / 86_400
      if let basket, basket != order { age += 1 }
      basket = order
      history.append(HistoryItem(item: item, age: age, time: taken))
      latest[item] = max(latest[item] ?? taken, taken)
    }
    return (history.reversed(), latest)
  }

  private func time(_ value: PluginAPI.Value) -> Int64? {
    TimeText.read(value.utf8, order: .monthDay).map { ($0.milliseconds - Int64($0.offset ?? 0) * 60_000) / 1000 }
  }

  /// Products that nobody bought yet, by their resemblance to what the profile bought.
  private func similar(_ history: [HistoryItem], _ isAllowed: (Int32) -> Bool) -> [Recommendation] {
    guard newProducts > 0, !assortment.newProducts.isEmpty else { return [] }
    let bought = history.suffix(HistoryItem.contentLimit).compactMap { entry in
      assortment.product(of: entry.item).map { (product: $0, weight: entry.contentWeight) }
    }
    let open = assortment.newProducts.filter { product in
      isAllowed(assortment.itemOfProduct[product]) && !bought.contains { $0.product == product }
    }
    return assortment.index.nearest(to: bought, among: open, count: min(newProducts, count)).map {
      Recommendation(
        item: assortment.itemOfProduct[$0.product], score: $0.score,
        reason: .similar(item: assortment.itemOfProduct[$0.nearest]))
    }
  }

  /// Writes products with reasons as data: templates turn them into sentences of any language.
  private func write(_ chosen: [Recommendation], to output: Output) {
    output.open(.products).array { list in
      for entry in chosen {
        guard let product = assortment.product(of: entry.item) else { continue }
        list.object { object in
          object.member("id", assortment.ids[product])
          object.member("score", Double("\(entry.score)") ?? 0)
          switch entry.reason {
          case .again(let times):
            object.member("reason", "again")
            object.member("times", times)
          case .because(let item): source("bought_together", item, to: object)
          case .similar(let item): source("similar", item, to: object)
          case .popular: object.member("reason", "bestseller")
          case .pinned: object.member("reason", "pinned")
          }
        }
      }
    }
  }

  private func source(_ reason: String, _ item: Int32, to object: StructuredOutput) {
    object.member("reason", reason)
    if let product = assortment.product(of: item) {
      object.member("source", assortment.ids[product])
      object.member("source_name", assortment.names[product])
    }
  }
}
