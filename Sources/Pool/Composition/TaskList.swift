import Synchronization

/// Tasks that live as long as the pool and end together.
final class TaskList: Sendable {
    private let tasks = Mutex<[Task<Void, Never>]>([])

    func add(_ work: @escaping @Sendable () async -> Void) {
        let task = Task { await work() }
        tasks.withLock { $0.append(task) }
    }

    func cancel() {
        for task in tasks.withLock({ exchange(&$0, with: []) }) { task.cancel() }
    }
}
