public import Host

/// How files of events are to be read and cleaned.
public struct ImportOptions: Sendable {
  /// What becomes of a number that is missing, impossible or outlying.
  public enum Treatment: String, Sendable, CaseIterable {
    case keep, drop, mean, median, mode, interpolation

    var outcome: Finding.Outcome {
      switch self {
      case .keep: .kept
      case .drop: .dropped
      case .mean: .mean
      case .median: .median
      case .mode: .mode
      case .interpolation: .interpolation
      }
    }
  }

  /// What becomes of a negative quantity that belongs to no cancellation.
  public enum NegativeQuantity: String, Sendable, CaseIterable {
    case drop, refund
  }

  /// What becomes of an event that is all equal to another and has no id.
  public enum Duplicates: String, Sendable, CaseIterable {
    case drop, keep
  }

  /// The column of each field; fields that are not stated are found by their usual names.
  public var columns: [EventField: String] = [:]
  /// The kind of rows that state none; a purchase where rows have a price or an order, else a view.
  public var kind: EventKind?
  /// Words for kinds that are not the usual ones, folded.
  public var kinds: [String: EventKind] = [:]
  /// The IANA zone of times that name none.
  public var timeZone = "UTC"
  /// Whether dates with slashes are month/day; as the first rows show where nil.
  public var monthFirst: Bool?
  /// The mark before fractions, a point or a comma; as the first rows show where nil.
  public var decimalMark: UInt8?
  /// The currency of prices that name none.
  public var currency: String?
  /// The beginning of order ids that cancel another order.
  public var refundPrefix: String?
  /// What product codes look like: `#` is a digit, `?` any character, `*` any rest.
  public var productPattern: String?
  /// Codes that are no products.
  public var excludedProducts: Set<String> = []
  /// Whether product codes that differ in case are one.
  public var foldsProductCase = false
  /// Events before this moment are impossible, in milliseconds since 1970; 1990 where nothing else is stated.
  public var earliest: Int64 = 631_152_000_000
  /// Events after this moment are impossible; a day from now where nil.
  public var latest: Int64?
  /// What becomes of a negative quantity that belongs to no cancellation.
  public var negativeQuantity = NegativeQuantity.drop
  /// What becomes of equal events without an id.
  public var duplicates = Duplicates.drop
  /// What becomes of quantities and prices that are missing where the kind needs them.
  public var missing = Treatment.keep
  /// What becomes of quantities and prices far outside of what the file holds.
  public var outliers = Treatment.keep
  /// How many interquartile ranges beyond the quartiles, on a logarithmic scale, a number is outlying.
  public var outlierFence = 3.0
  /// The most browsing events that a person makes in a minute; more are a robot's.
  public var robotLimit = 120
  /// Whether events of robots are kept.
  public var keepsRobots = false
  /// The form of the file, where it cannot be found out.
  public var input = InputOptions()
  /// How a web server's log is read; nil for tables and JSON.
  public var log: LogPaths?
  /// How many rows are committed at a time.
  public var batchRows = 524_288
  /// Whether a file that was imported is read again from its first row.
  public var startsOver = false

  /// The usual options.
  public init() {}
}
