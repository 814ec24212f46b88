public import CPluginABI

/// Where one request's slots are written.
///
/// Valid during the call that lent it, on its thread.
///
/// `port` names what the plugin's info lists under `writes`; left out, it is the stage's own slot. The host copies
/// everything. What it refuses (an undeclared port, too much output) makes the item fail by itself.
public struct Output {
  @usableFromInline let out: OpaquePointer
  @usableFromInline let sink: UnsafePointer<bespoke_sink_v1>

  /// Wraps the host's sink.
  @inlinable
  public init(_ out: OpaquePointer, _ sink: UnsafePointer<bespoke_sink_v1>) {
    self.out = out
    self.sink = sink
  }

  /// Sets the whole text of a slot.
  public func write(_ text: String, to port: StaticString = "") {
    _ = withText(text) { sink.pointee.write(out, bespoke_str(port), $0) }
  }

  /// Sets the whole text of a slot, without making a String.
  public func write(_ text: UnsafeBufferPointer<UInt8>, to port: StaticString = "") {
    _ = sink.pointee.write(out, bespoke_str(port), bespoke_str(text))
  }

  /// Sets the whole text of a slot from pieces, which cross to the host in one call; makes no String.
  ///
  /// Texts of up to 512 bytes need no allocation.
  @inlinable
  public func write(to port: StaticString = "", _ body: (inout TextBuffer) throws -> Void) rethrows {
    try TextBuffer.with { text in
      try body(&text)
      _ = sink.pointee.write(out, bespoke_str(port), bespoke_str(text.bytes))
    }
  }

  /// Adds text to a slot.
  public func append(_ text: UnsafeBufferPointer<UInt8>, to port: StaticString = "") {
    _ = sink.pointee.append(out, bespoke_str(port), bespoke_str(text))
  }

  /// Adds literal text to a slot.
  public func append(_ text: StaticString, to port: StaticString = "") {
    _ = sink.pointee.append(out, bespoke_str(port), bespoke_str(text))
  }

  /// Sets the whole content of a media slot; `mediaType` as in RFC 6838.
  public func bytes(_ content: UnsafeBufferPointer<UInt8>, mediaType: String, to port: StaticString = "") {
    _ = withText(mediaType) {
      sink.pointee.bytes(out, bespoke_str(port), $0, content.baseAddress, content.count)
    }
  }

  /// Opens a structured slot; exactly one value must be written to it.
  public func open(_ kind: PluginInfo.Kind, port: StaticString = "") -> StructuredOutput {
    _ = withText(kind.rawValue) { sink.pointee.open(out, bespoke_str(port), $0) }
    return StructuredOutput(out: out, sink: sink)
  }

  /// Records one fact of how a slot came to be.
  public func note(_ key: StaticString, _ value: String, port: StaticString = "") {
    _ = withText(value) { sink.pointee.note(out, bespoke_str(port), bespoke_str(key), $0) }
  }

  /// Whether the host wants this item no longer; to be asked at least every 10 ms of work.
  public var isCancelled: Bool { sink.pointee.cancelled(out) != 0 }

  func fail(_ error: PluginError) {
    withText(error.field) { field in
      withText(error.message) { sink.pointee.fail(out, error.code.status, field, $0) }
    }
  }
}

/// Writes the value of a structured slot in reading order.
public struct StructuredOutput {
  let out: OpaquePointer
  let sink: UnsafePointer<bespoke_sink_v1>

  /// Writes an object; `body` writes its members.
  public func object(_ body: (StructuredOutput) throws -> Void) rethrows {
    _ = sink.pointee.object(out)
    try body(self)
    _ = sink.pointee.end(out)
  }

  /// Writes an array; `body` writes its elements.
  public func array(_ body: (StructuredOutput) throws -> Void) rethrows {
    _ = sink.pointee.array(out)
    try body(self)
    _ = sink.pointee.end(out)
  }

  /// Writes the key of the member that follows.
  public func key(_ key: StaticString) { _ = sink.pointee.key(out, bespoke_str(key)) }
  /// Writes the key of the member that follows.
  public func key(_ key: UnsafeBufferPointer<UInt8>) { _ = sink.pointee.key(out, bespoke_str(key)) }
  /// Writes a string.
  public func string(_ text: String) { _ = withText(text) { sink.pointee.str(out, $0) } }
  /// Writes a string.
  public func string(_ text: UnsafeBufferPointer<UInt8>) { _ = sink.pointee.str(out, bespoke_str(text)) }
  /// Writes an integer.
  public func int(_ number: Int) { _ = sink.pointee.i64(out, Int64(number)) }
  /// Writes a number.
  public func double(_ number: Double) { _ = sink.pointee.f64(out, number) }
  /// Writes a truth value.
  public func bool(_ truth: Bool) { _ = sink.pointee.boolean(out, truth ? 1 : 0) }
  /// Writes null.
  public func null() { _ = sink.pointee.null(out) }
  /// Writes a member of an object.
  public func member(_ key: StaticString, _ text: String) {
    self.key(key)
    string(text)
  }
  /// Writes a member of an object.
  public func member(_ key: StaticString, _ number: Int) {
    self.key(key)
    int(number)
  }
  /// Writes a member of an object.
  public func member(_ key: StaticString, _ number: Double) {
    self.key(key)
    double(number)
  }
  /// Writes a member of an object.
  public func member(_ key: StaticString, _ truth: Bool) {
    self.key(key)
    bool(truth)
  }
  /// Writes a copy of a borrowed value, whole.
  public func value(_ value: Value) { _ = sink.pointee.value(out, value.raw) }
}
