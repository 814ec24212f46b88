import CPluginABI

/// The tables of the optional interfaces that a plugin type has; they live as long as the process.
struct ExtensionTables {
  private var tables: [String: UnsafeRawPointer] = [:]

  init<P: Plugin>(of type: P.Type) {
    if let type = type as? any ConcurrentPlugin.Type { tables[BESPOKE_CONCURRENT] = Self.concurrent(type.mostCalls) }
    if type is any WarmUpPlugin.Type { tables[BESPOKE_WARM_UP] = Self.warmUp }
    if type is any SelfTestingPlugin.Type { tables[BESPOKE_SELF_TEST] = Self.selfTest }
    if let type = type as? any TrainingPlugin.Type { tables[BESPOKE_TRAIN] = Self.train(type.trainingConfig) }
    if let type = type as? any InspectablePlugin.Type {
      tables[BESPOKE_INSPECT] = Self.inspect(type.inspectionConfig)
    }
  }

  subscript(id: String) -> UnsafeRawPointer? { tables[id] }

  private static func concurrent(_ mostCalls: Int) -> UnsafeRawPointer {
    let table = UnsafeMutablePointer<bespoke_concurrent_v1>.allocate(capacity: 1)
    table.initialize(to: bespoke_concurrent_v1(most_calls: UInt32(clamping: mostCalls), reserved: 0))
    return UnsafeRawPointer(table)
  }

  private static var warmUp: UnsafeRawPointer {
    let table = UnsafeMutablePointer<bespoke_warm_up_v1>.allocate(capacity: 1)
    table.initialize(
      to: bespoke_warm_up_v1(warm_up: { instance, errors in
        guard let instance, let errors else { return PluginError.Code.internal.status }
        return Unmanaged<Instance>.fromOpaque(instance)._withUnsafeGuaranteedRef { $0.warmUp(errors) }
      }))
    return UnsafeRawPointer(table)
  }

  private static var selfTest: UnsafeRawPointer {
    let table = UnsafeMutablePointer<bespoke_self_test_v1>.allocate(capacity: 1)
    table.initialize(
      to: bespoke_self_test_v1(
        count: { ctx in UInt32(PluginType.from(ctx)?.selfTests.count ?? 0) },
        at: { ctx, index in
          guard let tests = PluginType.from(ctx)?.selfTests, index < tests.count else {
            return bespoke_self_test_case_v1()
          }
          return tests[Int(index)]
        }))
    return UnsafeRawPointer(table)
  }

  private static func train(_ config: String) -> UnsafeRawPointer {
    let table = UnsafeMutablePointer<bespoke_train_v1>.allocate(capacity: 1)
    table.initialize(
      to: bespoke_train_v1(
        config: permanent(config),
        train: { ctx, request in
          guard let type = PluginType.from(ctx), let request else { return PluginError.Code.internal.status }
          return type.train(request.pointee)
        }))
    return UnsafeRawPointer(table)
  }

  private static func inspect(_ config: String) -> UnsafeRawPointer {
    let table = UnsafeMutablePointer<bespoke_inspect_v1>.allocate(capacity: 1)
    table.initialize(
      to: bespoke_inspect_v1(
        config: permanent(config),
        inspect: { ctx, request, out in
          guard let type = PluginType.from(ctx), let request, let out else { return PluginError.Code.internal.status }
          return type.inspect(request.pointee, out)
        }))
    return UnsafeRawPointer(table)
  }
}
