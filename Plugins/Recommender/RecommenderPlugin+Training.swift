import Core
import Glibc
public import PluginAPI
import Recommendation

extension RecommenderPlugin: TrainingPlugin {
  /// The options of training.
  public static let trainingConfig = #"""
    {"type":"object","additionalProperties":false,"properties":{
      "tune":{"type":"boolean",
        "description":"choose the blend's settings by foreseeing what is held back; as usual, up to 20,000 products"},
      "neighbours":{"type":"integer","minimum":1,"maximum":1000,"default":100,"description":"sources an item keeps"},
      "half_life_days":{"type":"number","exclusiveMinimum":0,"default":7,
        "description":"days in which popularity loses half its weight, where it is not chosen"}}}
    """#

  struct TrainingConfig: Decodable {
    var tune: Bool?
    var neighbours: Int?
    var half_life_days: Double?
  }

  /// Learns a model from files of events.
  public static func train(_ run: TrainingRun) throws {
    let config = try run.config.decode(TrainingConfig.self)
    guard !run.inputs.isEmpty else { throw PluginError(.input, "there is no file of events to learn from") }
    var purchases = PurchaseFile()
    for (index, input) in run.inputs.enumerated() {
      run.progress(step: UInt64(index), of: UInt64(run.inputs.count))
      try purchases.read(input) { run.isCancelled }
    }
    guard !purchases.events.isEmpty else {
      throw PluginError(
        .input,
        "there are no purchases; lines look like "
          + #"{"kind":"purchase","user":"u1","product":"p1","time":"2024-05-01T10:00:00Z","order":"o1"}"#)
    }
    var settings = RecommendationSettings()
    settings.neighbours = config.neighbours ?? settings.neighbours
    settings.halfLifeDays = config.half_life_days ?? settings.halfLifeDays
    let interactions = Interactions(
      purchases.events, userCount: purchases.userCount, itemCount: purchases.itemIDs.count)
    if config.tune ?? (interactions.itemCount <= SettingsSearch.usualItems) {
      settings = SettingsSearch(interactions, settings: settings).best(from: settings)
    }
    if run.isCancelled { throw PluginError(.cancelled, "stopped") }
    let model = RecommendationModel(
      interactions, itemIDs: purchases.itemIDs, settings: settings, erasures: purchases.erasures)
    try write(model.bytes, to: run.output)
    run.note("purchases", "\(purchases.events.count)")
    run.note("users", "\(purchases.userCount)")
    run.note("items", "\(purchases.itemIDs.count)")
    if purchases.otherLines > 0 { run.note("other_lines", "\(purchases.otherLines)") }
    run.note("settings", Document { settings.write(to: $0) }.json)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "wb") else {
      throw PluginError(.resource, "cannot write the model: \(String(cString: strerror(errno)).lowercased())")
    }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else {
      throw PluginError(.resource, "cannot write the model: \(String(cString: strerror(errno)).lowercased())")
    }
  }
}
