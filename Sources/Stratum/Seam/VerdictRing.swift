import Synchronization

/// One loop's way to the ledger and back: records go in, outcomes come back, then replies leave.
///
/// One loop pushes, one writer reads; neither locks. Records are numbered 0, 1, 2 … as pushed. A record keeps its place until the loop has
/// taken its outcome, so the capacity bounds what may wait unacknowledged.
///
/// `@unchecked Sendable` holds because each place has one writer at a time: the loop writes `records[i]` before it releases `head` past i; the
/// writer reads it only below the `head` it acquired and writes `outcomes[i]` before it releases `settled` past i; the loop reads that only
/// below the `settled` it acquired, and reuses the place only after that.
public final class VerdictRing: @unchecked Sendable {
    /// What became of a record.
    public enum Outcome: UInt8, Sendable {
        case stored = 1
        case refused = 2
    }

    private let records: UnsafeMutablePointer<ShareRecord>
    private let outcomes: UnsafeMutablePointer<UInt8>
    private let mask: UInt64
    private let head = Atomic<UInt64>(0)
    private let settled = Atomic<UInt64>(0)
    /// The loop's own: records below it have had their outcome taken.
    private var taken: UInt64 = 0
    /// The writer's own: records below it have been read.
    private var read: UInt64 = 0
    private let wakeLoop: @Sendable () -> Void
    private let wakeWriter: @Sendable () -> Void

    /// - Parameter capacity: a power of two.
    public init(capacity: Int, wakeLoop: @escaping @Sendable () -> Void, wakeWriter: @escaping @Sendable () -> Void) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "capacity is a power of two")
        records = .allocate(capacity: capacity)
        outcomes = .allocate(capacity: capacity)
        outcomes.initialize(repeating: 0, count: capacity)
        mask = UInt64(capacity - 1)
        self.wakeLoop = wakeLoop
        self.wakeWriter = wakeWriter
    }

    deinit {
        records.deallocate()
        outcomes.deallocate()
    }

    // MARK: The loop's side

    /// Free places; the loop leaves sockets unread while there are none.
    public var room: Int { Int(mask + 1 - (head.load(ordering: .relaxed) - taken)) }

    /// Pushes a record; false when the ring is full.
    public func push(_ record: ShareRecord) -> Bool {
        let next = head.load(ordering: .relaxed)
        guard next - taken <= mask else { return false }
        records[Int(next & mask)] = record
        head.store(next + 1, ordering: .releasing)
        return true
    }

    /// Tells the writer, once a tick, that records wait.
    public func flush() { wakeWriter() }

    /// The next record's outcome, in the order pushed; nil while it is undecided.
    public func takeOutcome() -> Outcome? {
        guard taken < settled.load(ordering: .acquiring) else { return nil }
        let outcome = Outcome(rawValue: outcomes[Int(taken & mask)])
        taken += 1
        return outcome ?? .refused
    }

    // MARK: The writer's side

    /// Appends every record not read yet to `batch` and says how many came.
    public func read(into batch: inout [ShareRecord]) -> Int {
        let end = head.load(ordering: .acquiring)
        let count = Int(end - read)
        while read < end {
            batch.append(records[Int(read & mask)])
            read += 1
        }
        return count
    }

    /// Decides the oldest `count` undecided records, then wakes the loop.
    public func settle(_ count: Int, as outcome: Outcome) {
        let first = settled.load(ordering: .relaxed)
        for number in first..<(first + UInt64(count)) { outcomes[Int(number & mask)] = outcome.rawValue }
        settled.store(first + UInt64(count), ordering: .releasing)
        wakeLoop()
    }
}
