extension Template {
  /// The paths of the scope that it and all that it calls may read, sorted: `product.name`, `products[].price`.
  ///
  /// Found without running it, so that what only some briefs reach is among them.
  public var mayRead: [String] { Set(VariableUses(of: self).uses.map(\.path)).sorted() }
}
