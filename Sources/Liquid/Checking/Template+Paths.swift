extension Template {
  /// What it reads of the scope, those it calls included, without rendering: `profile.first_name`, `products[].title`.
  public var paths: Set<String> { Set(VariableUses(of: self).uses.map(\.path)) }
}
