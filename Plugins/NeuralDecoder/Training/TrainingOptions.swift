/// The options of `bespoke train neural-decoder`; their schema is `jsonSchema`.
struct TrainingOptions: Codable, Equatable {
  /// How the weights of the finished model are stored.
  enum Storage: String, Codable {
    case f32, f16, q8_0
  }

  var vocabulary = 2048
  var width = 128
  var layers = 4
  var heads = 4
  var context = 128
  var batch = 16
  var epochs = 40
  var learning_rate = 0.001
  var warm_up_steps = 100
  var weight_decay = 0.1
  var dropout = 0.1
  var clip = 1.0
  var validation = 0.1
  var patience = 4
  var weights = Storage.q8_0
  var checkpoint: String?
  var report: String?

  /// Width of the feed-forward layers: 8/3 of the model's, as SwiGLU has three matrices (Shazeer 2020).
  var hidden: Int { (width * 8 / 3 + 31) / 32 * 32 }

  init() {}

  init(from decoder: any Swift.Decoder) throws {
    let options = try decoder.container(keyedBy: CodingKeys.self)
    func read<T: Decodable>(_ key: CodingKeys, _ value: inout T) throws {
      value = try options.decodeIfPresent(T.self, forKey: key) ?? value
    }
    try read(.vocabulary, &vocabulary)
    try read(.width, &width)
    try read(.layers, &layers)
    try read(.heads, &heads)
    try read(.context, &context)
    try read(.batch, &batch)
    try read(.epochs, &epochs)
    try read(.learning_rate, &learning_rate)
    try read(.warm_up_steps, &warm_up_steps)
    try read(.weight_decay, &weight_decay)
    try read(.dropout, &dropout)
    try read(.clip, &clip)
    try read(.validation, &validation)
    try read(.patience, &patience)
    try read(.weights, &weights)
    checkpoint = try options.decodeIfPresent(String.self, forKey: .checkpoint)
    report = try options.decodeIfPresent(String.self, forKey: .report)
  }

  static let jsonSchema = #"""
    {"type":"object","additionalProperties":false,"properties":{
      "vocabulary":{"type":"integer","minimum":300,"maximum":32768,"default":2048,"description":"most tokens to learn"},
      "width":{"type":"integer","minimum":32,"maximum":1024,"default":128,"description":"numbers a token is described by; a multiple of 32"},
      "layers":{"type":"integer","minimum":1,"maximum":24,"default":4},
      "heads":{"type":"integer","minimum":1,"maximum":32,"default":4,"description":"attention heads; they divide the width into multiples of 16"},
      "context":{"type":"integer","minimum":16,"maximum":2048,"default":128,"description":"tokens that the model looks back on"},
      "batch":{"type":"integer","minimum":1,"maximum":256,"default":16,"description":"stretches of text a step"},
      "epochs":{"type":"integer","minimum":1,"maximum":10000,"default":40,"description":"most passes over the texts"},
      "learning_rate":{"type":"number","exclusiveMinimum":0,"maximum":0.1,"default":0.001,"description":"at its highest, after the warm-up"},
      "warm_up_steps":{"type":"integer","minimum":0,"maximum":100000,"default":100},
      "weight_decay":{"type":"number","minimum":0,"maximum":1,"default":0.1},
      "dropout":{"type":"number","minimum":0,"maximum":0.9,"default":0.1},
      "clip":{"type":"number","exclusiveMinimum":0,"maximum":1000,"default":1,"description":"longest gradient"},
      "validation":{"type":"number","minimum":0,"maximum":0.5,"default":0.1,"description":"part of the texts that is held back to measure with"},
      "patience":{"type":"integer","minimum":1,"maximum":1000,"default":4,"description":"epochs without a better validation loss before it stops"},
      "weights":{"type":"string","enum":["f32","f16","q8_0"],"default":"q8_0","description":"how the finished model stores them"},
      "checkpoint":{"type":"string","minLength":1,"description":"file to go on from after an interruption; removed at the end"},
      "report":{"type":"string","minLength":1,"description":"SVG file to draw the losses into, an n-gram model's beside them"}}}
    """#
}
