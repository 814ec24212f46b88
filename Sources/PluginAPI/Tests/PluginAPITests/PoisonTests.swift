import PluginAPI
import PluginTesting
import Testing

/// What a plugin keeps beyond its call is found out.
struct PoisonTests {
  private func late(_ what: String) throws -> (TestInstance, TestRequest) {
    let instance = try TestHost().instance(of: Hoarder.self)
    #expect(try instance.process(#"{"do":"keep","name":"Augusta Ada King Lovelace"}"#).text == "kept")
    return (instance, TestRequest(#"{"do":"\#(what)"}"#))
  }

  @Test func aValueThatIsReadAfterItsCallIsAMisuse() throws {
    let (instance, request) = try late("value")
    let error = try #require(throws: TestError.self) { try instance.process(request) }
    #expect(error.message.contains("brief 0 was asked for 'type' after the call that lent it had returned"))
  }

  @Test func aViewThatIsReadAfterItsCallShowsPoison() throws {
    let (instance, request) = try late("view")
    #expect(try instance.process(request).text?.contains("POISONED") == true)
  }

  @Test func anOutputThatIsUsedAfterItsCallIsAMisuse() throws {
    let (instance, request) = try late("output")
    let error = try #require(throws: TestError.self) { try instance.process(request) }
    #expect(error.message.contains("an output was used after the call that lent it had returned"))
  }

  @Test func aPortThatIsNotDeclaredFailsTheItem() throws {
    let (instance, request) = try late("undeclared")
    #expect(
      try instance.process(request).failure?.message
        == "wrote text to the port 'undeclared', which 'describe' does not declare; it declares its own slot ('text')")
  }
}
