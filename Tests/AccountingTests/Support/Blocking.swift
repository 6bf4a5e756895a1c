import Dispatch
import Testing

/// Runs tests that block, or work for long, on a thread of their own.
///
/// Swift's cooperative pool has as many threads as the machine has cores. Two tests that hold them for half a minute would stop every
/// asynchronous test of the whole run for that long, until its requests time out.
struct Blocking: TestTrait, SuiteTrait, TestScoping {
    let isRecursive = true

    /// One after another: side by side they would only be slower.
    private final class Executor: TaskExecutor {
        private let queue = DispatchQueue(label: "blocking tests")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    private static let executor = Executor()

    func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        try await withTaskExecutorPreference(Self.executor) { try await function() }
    }
}

extension Trait where Self == Blocking {
    /// See ``Blocking``.
    static var blocking: Self { Blocking() }
}
