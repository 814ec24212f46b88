public import Core

extension GGUFFile {
  /// The text under a key, or nil where there is none.
  public func text(_ key: String) -> String? {
    guard case .string(let range)? = metadata[key] else { return nil }
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// The truth value under a key, or nil where there is none.
  public func truth(_ key: String) -> Bool? {
    guard case .boolean(let value)? = metadata[key] else { return nil }
    return value
  }

  /// The whole number under a key, or nil where the key is absent.
  ///
  /// - Throws: where there is something else, or the number is outside `range`.
  public func whole(_ key: String, in range: ClosedRange<Int>) throws(Diagnostic) -> Int? {
    guard let value = metadata[key] else { return nil }
    guard case .integer(let number) = value, let number = Int(exactly: number), range.contains(number) else {
      throw .model("'\(key)' must be a whole number in \(range), got \(value)")
    }
    return number
  }

  /// The number under a key, or nil where the key is absent.
  ///
  /// - Throws: where there is something else, or the number is not finite.
  public func number(_ key: String) throws(Diagnostic) -> Double? {
    switch metadata[key] {
    case nil: return nil
    case .number(let number)? where number.isFinite: return number
    case .integer(let number)?: return Double(number)
    case let value?: throw .model("'\(key)' must be a finite number, got \(value)")
    }
  }

  /// The array under a key, or nil where the key is absent.
  ///
  /// - Throws: where there is something else, or the elements are of other types.
  public func array(_ key: String, of types: Set<MetadataType>) throws(Diagnostic) -> MetadataArray? {
    guard let value = metadata[key] else { return nil }
    guard case .array(let array) = value, types.contains(array.element) else {
      throw .model("'\(key)' must be an array of \(types.map { "\($0)" }.sorted().joined(separator: " or "))")
    }
    return array
  }

  /// The tensor with this name and shape.
  ///
  /// - Throws: where there is none, or it has another shape.
  public func tensor(_ name: String, _ shape: [Int]) throws(Diagnostic) -> Tensor {
    guard let tensor = tensors[name] else {
      throw .model(
        "the tensor '\(name)' is missing",
        help: nearestName(to: name, among: tensors.keys.sorted()).map {
          "did you mean '\($0)'?"
        })
    }
    guard tensor.shape == shape else {
      throw .model("tensor '\(name)' has the shape \(tensor.shape), expected \(shape)")
    }
    return tensor
  }

  /// The bytes of a tensor.
  public func bytes(of tensor: Tensor) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[tensor.range])
  }
}
