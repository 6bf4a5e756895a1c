import Synchronization

/// Gives every (account, worker) a dense handle: 0, 1, 2 …, the same for as long as anything is known of the worker.
///
/// Any thread may ask; an answer is one look-up under a lock that is held for nothing slower. Handles mean nothing outside this process:
/// logs and stores speak of names.
///
/// A name costs nothing to invent, so one that was only admitted is a guest's: when the last connection that speaks for it goes without ever
/// having submitted a share, its handle is given to another. One that is on record keeps its handle.
public final class WorkerDirectory: Sendable {
    private struct Table {
        var handles: [WorkerName: UInt32] = [:]
        /// By handle; where nobody has it any more, its last holder.
        var names: [WorkerName] = []
        /// Connections of each guest.
        var guests: [UInt32: Int] = [:]
        /// Handles that nobody has.
        var free: [UInt32] = []

        mutating func add(_ name: WorkerName) -> UInt32 {
            let handle = free.popLast() ?? UInt32(names.count)
            if Int(handle) < names.count { names[Int(handle)] = name } else { names.append(name) }
            handles[name] = handle
            return handle
        }

        mutating func free(_ handle: UInt32) {
            guests[handle] = nil
            handles[names[Int(handle)]] = nil
            free.append(handle)
        }
    }

    private let table = Mutex(Table())
    private let capacity: Int

    /// - Parameter capacity: the most workers it will know, so that invented names cannot eat the memory.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The handle of a worker that is on record from here on; nil when a name cannot be stored or the directory is full.
    public func handle(account: String, worker: String) -> UInt32? {
        find(WorkerName(account: account, worker: worker)) { table, handle, _ in table.guests[handle] = nil }
    }

    /// The handle of a worker that a connection speaks for, until it is dismissed; nil when a name cannot be stored or the directory is full.
    public func admit(account: String, worker: String) -> UInt32? {
        find(WorkerName(account: account, worker: worker)) { table, handle, isNew in
            if isNew { table.guests[handle] = 1 } else if let count = table.guests[handle] { table.guests[handle] = count + 1 }
        }
    }

    /// Ends one admission.
    /// - Parameter isOnRecord: shares of this worker are in the books or on their way there.
    public func dismiss(_ handle: UInt32, isOnRecord: Bool) {
        table.withLock { table in
            guard let count = table.guests[handle] else { return }
            if isOnRecord {
                table.guests[handle] = nil
            } else if count > 1 {
                table.guests[handle] = count - 1
            } else {
                table.free(handle)
            }
        }
    }

    private func find(_ name: WorkerName, _ note: (inout Table, UInt32, _ isNew: Bool) -> Void) -> UInt32? {
        guard name.isStorable else { return nil }
        return table.withLock { table in
            if let known = table.handles[name] {
                note(&table, known, false)
                return known
            }
            guard table.handles.count < capacity else { return nil }
            let handle = table.add(name)
            note(&table, handle, true)
            return handle
        }
    }

    /// The handle of a worker that is on record, whatever the capacity.
    func handle(onRecord name: WorkerName) -> UInt32 {
        table.withLock { table in
            let handle = table.handles[name] ?? table.add(name)
            table.guests[handle] = nil
            return handle
        }
    }

    /// The worker's handle, where it has one.
    public func known(account: String, worker: String) -> UInt32? {
        table.withLock { $0.handles[WorkerName(account: account, worker: worker)] }
    }

    public subscript(handle: UInt32) -> WorkerName? {
        table.withLock { Int(handle) < $0.names.count ? $0.names[Int(handle)] : nil }
    }

    /// One more than the highest handle given so far.
    public var count: Int { table.withLock { $0.names.count } }

    /// All names, indexed by handle.
    var names: [WorkerName] { table.withLock { $0.names } }
}
