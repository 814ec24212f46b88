/// The n-grams of several models under one numbering of their words.
struct NGramUnion {
  let models: [Model]
  /// Holds the words; who mixes adds the n-grams.
  var builder: NGramsBuilder
  /// For each model, the model's number of each word here; 0 for a word that it does not know.
  let translation: [[UInt32]]
  /// For each length, from 1 on, the n-grams that a model has.
  let known: [[[UInt32]]]

  init(_ models: [Model]) {
    self.models = models
    var builder = NGramsBuilder(order: models.map(\.order).max() ?? 1)
    for model in models {
      for id in 0..<UInt32(model.wordCount) { _ = builder.add(word: model.words.word(id)) }
    }
    let vocabulary = builder.vocabulary
    translation = models.map { model in
      (0..<UInt32(vocabulary.count)).map { model.id(of: vocabulary.word($0)) }
    }
    var known: [[[UInt32]]] = Array(repeating: [], count: builder.order)
    known[0] = (0..<UInt32(vocabulary.count)).map { [$0] }
    for length in 1..<max(1, builder.order) {
      var seen = Set<[UInt32]>()
      for model in models where model.order > length {
        let back = (0..<UInt32(model.wordCount)).map { vocabulary.id(of: model.words.word($0)) ?? 0 }
        model.forEachNGram(order: length + 1) { words in
          let words = words.map { back[Int($0)] }
          if seen.insert(words).inserted { known[length].append(words) }
        }
      }
    }
    self.builder = builder
    self.known = known
  }

  /// What a model remembers after some words.
  func state(_ model: Int, after context: ArraySlice<UInt32>) -> Model.State {
    var state = models[model].emptyState
    for word in context { _ = models[model].score(translation[model][Int(word)], after: &state) }
    return state
  }
}

extension Model {
  /// Calls with the words of each n-gram of an order.
  func forEachNGram(order: Int, _ body: ([UInt32]) -> Void) {
    func visit(_ words: [UInt32], _ index: Int) {
      guard words.count < order else { return body(words) }
      let level = levels[words.count - 1]
      for item in level.extensions(index)..<level.extensions(index + 1) {
        visit(words + [levels[words.count].word(item)], item)
      }
    }
    for word in 0..<UInt32(wordCount) { visit([word], Int(word)) }
  }
}
