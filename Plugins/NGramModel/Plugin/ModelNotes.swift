import Core

/// What training keeps beside a model, so that copy is read and shown as it was.
struct ModelNotes {
  /// Whether sentences begin with a capital letter.
  var capitalises = false
  /// Whether the text was split by `Tokeniser`, or at blanks alone.
  var splitsCopy = true
  /// Whether prices and percentages are slots.
  var recognisesClasses = false
  /// How many lines the text had.
  var sentences = 0
  /// How many words they had, each line's end among them.
  var tokens = 0
  /// The weights of the models that it is a mixture of; empty where it is none.
  var weights: [Double] = []

  init() {}

  /// Reads what `json` wrote; what is missing keeps its default.
  init(json: String) {
    guard let document = try? Document(json: json) else { return }
    withExtendedLifetime(document) {
      capitalises = document.root["capitalises"].bool ?? capitalises
      splitsCopy = document.root["splits_copy"].bool ?? splitsCopy
      recognisesClasses = document.root["recognises_classes"].bool ?? recognisesClasses
      sentences = Int(document.root["sentences"].int ?? 0)
      tokens = Int(document.root["tokens"].int ?? 0)
      let list = document.root["weights"]
      weights = (0..<list.count).compactMap { list[$0].double }
    }
  }

  var json: String {
    """
    {"capitalises":\(capitalises),"splits_copy":\(splitsCopy),"recognises_classes":\(recognisesClasses),\
    "sentences":\(sentences),"tokens":\(tokens),\
    "weights":[\(weights.map { "\($0)" }.joined(separator: ","))]}
    """
  }

  /// Whether copy is split into the same words as by another model.
  func splits(like other: ModelNotes) -> Bool {
    splitsCopy == other.splitsCopy && recognisesClasses == other.recognisesClasses
  }
}
