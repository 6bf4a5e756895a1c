import HTTP

/// Calls that block, away from the cooperative threads.
enum Blocking {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let work: @Sendable () -> Void = { continuation.resume(with: Result(catching: body)) }
            if !BackgroundThread.start(named: "handover", work) { work() }
        }
    }
}
