import CLinux
import Glibc
import Synchronization

/// What the connection's thread and the hashing threads of a miner share.
///
/// The work hangs here for all to see; shares are put down here; whoever has nothing to do sleeps on an event descriptor of its own.
final class WorkBoard: Sendable {
    /// Work with the number it was hung under.
    struct Posted: Sendable {
        let number: UInt64
        let work: MiningWork
    }

    private struct State {
        var posted: Posted?
        var lastNumber: UInt64 = 0
        /// Shares of work before this are worth nothing.
        var firstWorthy: UInt64 = 0
        var shares: [MinedShare] = []
        /// Shares put down or sent whose answers have not come.
        var unanswered = 0
    }

    private let state = Mutex(State())
    /// Follows `State.lastNumber`, so that hashing threads see a change without the lock.
    private let number = Atomic<UInt64>(0)
    private let stopped = Atomic<Bool>(false)
    private let hashed = Atomic<UInt64>(0)
    private let connection: EventDescriptor
    private let hashers: [EventDescriptor]

    /// So many shares may wait for answers. A miner whose every hash is a share must not bury its pool.
    static let unansweredLimit = 64

    init(threads: Int) {
        connection = EventDescriptor()
        hashers = (0..<threads).map { _ in EventDescriptor() }
    }

    var isStopped: Bool { stopped.load(ordering: .acquiring) }
    var hashes: UInt64 { hashed.load(ordering: .relaxed) }

    func stop() {
        stopped.store(true, ordering: .releasing)
        connection.signal()
        wakeHashers()
    }

    // MARK: The connection's side

    /// Signalled when shares lie here, and at the end.
    var connectionWakeUp: EventDescriptor { connection }

    /// Hangs work up; nil takes it down, and all shares with it.
    func post(_ work: MiningWork?, isClean: Bool) {
        state.withLock { state in
            state.lastNumber += 1
            if isClean || work == nil { state.firstWorthy = state.lastNumber }
            state.posted = work.map { Posted(number: state.lastNumber, work: $0) }
            if work == nil { state.unanswered = 0 }
            if isClean || work == nil {
                state.unanswered = max(0, state.unanswered - state.shares.count)
                state.shares = []
            }
            number.store(state.lastNumber, ordering: .releasing)
        }
        wakeHashers()
    }

    func takeShares() -> [MinedShare] {
        state.withLock { state in
            defer { state.shares = [] }
            return state.shares
        }
    }

    func answered() {
        let wasFull = state.withLock { state in
            defer { state.unanswered = max(0, state.unanswered - 1) }
            return state.unanswered >= Self.unansweredLimit
        }
        if wasFull { wakeHashers() }
    }

    private func wakeHashers() {
        for hasher in hashers { hasher.signal() }
    }

    // MARK: The hashing threads' side

    func isCurrent(_ posted: Posted) -> Bool {
        number.load(ordering: .acquiring) == posted.number && !isStopped
    }

    /// The work to do; sleeps while there is none or too many shares wait. Nil at the end.
    func work(for thread: Int) -> Posted? {
        while !isStopped {
            let posted = state.withLock { $0.unanswered < Self.unansweredLimit ? $0.posted : nil }
            if let posted { return posted }
            hashers[thread].wait()
        }
        return nil
    }

    /// Puts a share down; false when the thread should look for work anew before it goes on.
    func put(_ share: MinedShare, of posted: Posted) -> Bool {
        let goesOn = state.withLock { state in
            guard posted.number >= state.firstWorthy else { return false }
            state.shares.append(share)
            state.unanswered += 1
            return state.unanswered < Self.unansweredLimit && posted.number == state.lastNumber
        }
        connection.signal()
        return goesOn
    }

    func count(_ hashes: UInt64) {
        hashed.add(hashes, ordering: .relaxed)
    }
}
