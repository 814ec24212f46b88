/// Documents that lie one after another in a file and are read in place once it is mapped.
///
/// Nodes are numbered, and text is placed, from the beginning of the file, so that one header serves all of them.
public enum Tape {
  /// What the parts of a file begin at multiples of.
  public static let alignment = MemoryLayout<Node>.stride

  /// The header that belongs at an offset of the file; readers of `Value`s point at it.
  public static func header(at offset: Int) -> [UInt8] {
    withUnsafeBytes(of: DocumentHeader(nodes: -offset, bytes: -offset)) { Array($0) }
  }
}

extension DocumentBuilder {
  /// Appends all that is on the tape as it must stand at an offset of a file, padded to the alignment.
  ///
  /// - Parameter offset: a multiple of the alignment.
  /// - Returns: what to add to the number of a node.
  /// - Complexity: O(nodes).
  public func appendTape(to file: inout [UInt8], at offset: Int) -> UInt32 {
    precondition(offset % Tape.alignment == 0, "a tape begins at a multiple of its alignment")
    let firstNode = offset / Tape.alignment
    let firstByte = offset + nodes.count * Tape.alignment
    file.reserveCapacity(file.count + nodes.count * Tape.alignment + byteCount + Tape.alignment)
    for index in 0..<nodes.count {
      var node = nodes.start[index]
      switch node.tag {
      case .integer, .double, .string: node.payload += UInt64(firstByte)
      case .array, .object: node.payload += UInt64(firstNode)
      case .null, .boolean: break
      case .link: preconditionFailure("a link leads out of the file")
      }
      withUnsafeBytes(of: &node) { file.append(contentsOf: $0) }
    }
    file.append(contentsOf: text(at: 0..<byteCount))
    while file.count % Tape.alignment != 0 { file.append(0) }
    return UInt32(firstNode)
  }
}
