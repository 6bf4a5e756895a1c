import Synchronization

/// Who a share belongs to.
public struct WorkerName: Hashable, Sendable {
    /// The payout address on the parent chain, or the name of a gateway user.
    public let account: String
    /// Empty when the miner named none.
    public let worker: String

    public init(account: String, worker: String) {
        self.account = account
        self.worker = worker
    }
}

/// Gives every (account, worker) a dense handle: 0, 1, 2 …, the same for the whole run.
///
/// Any thread may ask; an answer is one look-up under a lock that is held for nothing slower. Handles mean nothing outside this process:
/// logs and stores speak of names.
public final class WorkerDirectory: Sendable {
    /// Longest account or worker name, in bytes of UTF-8.
    public static let maximumNameBytes = 128

    private struct Table {
        var handles: [WorkerName: UInt32] = [:]
        var names: [WorkerName] = []

        mutating func add(_ name: WorkerName) -> UInt32 {
            let handle = UInt32(names.count)
            handles[name] = handle
            names.append(name)
            return handle
        }
    }

    private let table = Mutex(Table())
    private let capacity: Int

    /// - Parameter capacity: the most workers it will know, so that invented names cannot eat the memory.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The worker's handle; nil when a name cannot be stored or the directory is full.
    public func handle(account: String, worker: String) -> UInt32? {
        guard Self.isStorable(account), Self.isStorable(worker) else { return nil }
        let name = WorkerName(account: account, worker: worker)
        return table.withLock { table in
            if let known = table.handles[name] { return known }
            return table.names.count < capacity ? table.add(name) : nil
        }
    }

    /// Not too long, and without the zero byte that PostgreSQL has no place for.
    private static func isStorable(_ name: String) -> Bool {
        name.utf8.count <= maximumNameBytes && !name.utf8.contains(0)
    }

    /// The handle of a worker that is on record, whatever the capacity.
    func handle(onRecord name: WorkerName) -> UInt32 {
        table.withLock { $0.handles[name] ?? $0.add(name) }
    }

    public subscript(handle: UInt32) -> WorkerName? {
        table.withLock { Int(handle) < $0.names.count ? $0.names[Int(handle)] : nil }
    }

    /// Handles given so far.
    public var count: Int { table.withLock { $0.names.count } }

    /// All names, indexed by handle.
    var names: [WorkerName] { table.withLock { $0.names } }
}
