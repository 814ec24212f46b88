/// A value of a model file's metadata; texts and arrays stay where they lie.
public enum Metadata: Sendable, Equatable {
  /// A whole number.
  case integer(Int64)
  /// A whole number that is too large for `integer`.
  case large(UInt64)
  /// A number with a fraction.
  case number(Double)
  /// A truth value.
  case boolean(Bool)
  /// A text, as the range of its bytes in the file.
  case string(Range<Int>)
  /// An array of numbers or texts.
  case array(MetadataArray)
}

extension Metadata: CustomStringConvertible {
  /// For people.
  public var description: String {
    switch self {
    case .integer(let number): "\(number)"
    case .large(let number): "\(number)"
    case .number(let number): "\(number)"
    case .boolean(let value): "\(value)"
    case .string: "a text"
    case .array(let array): "an array of \(array.count) \(array.element)"
    }
  }
}

/// An array in a model file's metadata.
public struct MetadataArray: Sendable, Equatable {
  /// What its elements are.
  public let element: MetadataType
  /// How many there are.
  public let count: Int
  /// Where the elements lie in the file.
  public let range: Range<Int>
}

/// The types of metadata.
///
/// Source: the GGUF specification, `gguf_metadata_value_type`.
public enum MetadataType: UInt32, Sendable {
  case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

  /// How many bytes a value takes; nil where that differs.
  var size: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string, .array: nil
    }
  }
}
