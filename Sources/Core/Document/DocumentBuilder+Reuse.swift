import CPluginABI

extension DocumentBuilder {
  /// Adds a value that already lies on this builder's tape once more: neither its text nor its children are copied.
  public func reuse(_ value: Value) {
    precondition(holds(value), "a reused value belongs to the builder")
    pending.append(nodes.start[Int(value.raw.node)])
  }

  /// Adds the key of the member of an object that already lies on this builder's tape.
  public func reuseKey(of object: Value, at index: Int) {
    precondition(holds(object) && 0..<object.count ~= index, "a reused key belongs to an object of the builder")
    pending.append(nodes.start[Int(nodes.start[Int(object.raw.node)].payload) + index * 2])
  }
}
