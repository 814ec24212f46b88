import CPluginABI

extension DocumentBuilder {
  /// Adds a value that already lies on this builder's tape once more: neither its text nor its children are copied.
  public func reuse(_ value: Value) {
    pending.append(node(of: value))
  }

  /// Adds the key of the member of an object that already lies on this builder's tape.
  public func reuseKey(of object: Value, at index: Int) {
    let object = node(of: object)
    precondition(object.tag == .object && index < Int(object.count), "a reused key belongs to an object")
    pending.append(nodes.start[Int(object.payload) + index * 2])
  }

  /// The node of a value on this builder's tape, read where the tape lies now: the header may still say where it lay.
  private func node(of value: Value) -> Node {
    precondition(holds(value), "a reused value belongs to the builder")
    return nodes.start[Int(value.raw.node)]
  }
}
