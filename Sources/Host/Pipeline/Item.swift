import Core

/// One brief on its way through a pipeline.
///
/// Its values live as long as the chunk it came from.
struct Item {
  let profile: Value
  /// Missing where the brief is not about one product.
  var product: Value
  /// Index into the supported locales.
  let locale: Int
  /// The row that it came from, for duplicates and reports.
  let row: Int
  /// What `products` shows; missing until a stage needs it.
  var products: Value = .missing
  /// What `asset` shows; missing until its stage is reached.
  var asset: Value = .missing
  /// Output path of each of the pipeline's assets, where known.
  var paths: [String?]
  var state: State = .running
  /// Optional stages that filled nothing, and why.
  var emptied: [(stage: String, reason: String)] = []
  /// Alternatives that were passed over, and why.
  var passedOver: [(stage: Int, alternative: Int, reason: String)] = []
  /// Calls that were made again, by stage.
  var retries: [Int: Int] = [:]
  /// For each stage that has run: which alternative filled it, or nil.
  var used: [Int?] = []

  enum State {
    case running
    /// A stage had nothing to write and says why; not a failure.
    case skipped(stage: String, reason: String)
    case failed(stage: String, code: Status, field: String, message: String)
  }

  var isRunning: Bool {
    if case .running = state { true } else { false }
  }
}
