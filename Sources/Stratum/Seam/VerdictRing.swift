import Synchronization

/// One loop's way to the ledger and back: records go in, outcomes come back, then replies leave.
///
/// One loop pushes, one writer reads; neither locks. Records are numbered 0, 1, 2 … as pushed. A record keeps its place until the loop has
/// taken its outcome, so the capacity bounds what may wait unacknowledged.
///
/// `@unchecked Sendable` holds because each place has one writer at a time: the loop writes `records[i]` before it releases `head` past i; the
/// writer reads it only below the `head` it acquired and writes `outcomes[i]` before it releases `settled` past i; the loop reads that only
/// below the `settled` it acquired, and reuses the place only after that. `loop` is touched by the loop alone, `writer` by the writer alone.
public final class VerdictRing: @unchecked Sendable {
    /// What became of a record.
    public enum Outcome: UInt8, Sendable {
        case stored = 1
        case refused = 2
    }

    /// Behind pointers because a class's own variables are checked for exclusive access each time, which costs more than the push itself.
    private struct LoopSide {
        /// Records below it are pushed; `head` follows at ``flush()``.
        var pushed: UInt64 = 0
        /// Records below it have had their outcome taken.
        var taken: UInt64 = 0
        /// A copy of `settled`, refreshed when it is used up.
        var settled: UInt64 = 0
    }

    private struct WriterSide {
        /// Records below it have been read.
        var read: UInt64 = 0
    }

    private let records: UnsafeMutablePointer<ShareRecord>
    private let outcomes: UnsafeMutablePointer<UInt8>
    private let mask: UInt64
    private let loop: UnsafeMutablePointer<LoopSide>
    private let writer: UnsafeMutablePointer<WriterSide>
    private let head = Atomic<UInt64>(0)
    private let settled = Atomic<UInt64>(0)
    private let wakeLoop: @Sendable () -> Void
    private let wakeWriter: @Sendable () -> Void

    /// - Parameter capacity: a power of two.
    public init(capacity: Int, wakeLoop: @escaping @Sendable () -> Void, wakeWriter: @escaping @Sendable () -> Void) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "capacity is a power of two")
        records = .allocate(capacity: capacity)
        outcomes = .allocate(capacity: capacity)
        outcomes.initialize(repeating: 0, count: capacity)
        mask = UInt64(capacity - 1)
        loop = .allocate(capacity: 1)
        loop.initialize(to: LoopSide())
        writer = .allocate(capacity: 1)
        writer.initialize(to: WriterSide())
        self.wakeLoop = wakeLoop
        self.wakeWriter = wakeWriter
    }

    deinit {
        records.deallocate()
        outcomes.deallocate()
        loop.deallocate()
        writer.deallocate()
    }

    // MARK: The loop's side

    public var capacity: Int { Int(mask + 1) }

    /// Free places; the loop leaves sockets unread while there are none.
    public var room: Int { Int(mask + 1 - (loop.pointee.pushed - loop.pointee.taken)) }

    /// Records whose outcome was not taken yet.
    public var pending: Int { Int(loop.pointee.pushed - loop.pointee.taken) }

    /// Pushes a record, which the writer sees after the next ``flush()``; false when the ring is full.
    public func push(_ record: ShareRecord) -> Bool {
        let number = loop.pointee.pushed
        guard number - loop.pointee.taken <= mask else { return false }
        records[Int(number & mask)] = record
        loop.pointee.pushed = number + 1
        return true
    }

    /// Shows the writer, once a tick, what was pushed since the last time, and wakes it if that is anything.
    public func flush() {
        guard loop.pointee.pushed != head.load(ordering: .relaxed) else { return }
        head.store(loop.pointee.pushed, ordering: .releasing)
        wakeWriter()
    }

    /// The next record's outcome, in the order pushed; nil while it is undecided.
    public func takeOutcome() -> Outcome? {
        let number = loop.pointee.taken
        if number == loop.pointee.settled {
            loop.pointee.settled = settled.load(ordering: .acquiring)
            guard number < loop.pointee.settled else { return nil }
        }
        loop.pointee.taken = number + 1
        return Outcome(rawValue: outcomes[Int(number & mask)]) ?? .refused
    }

    // MARK: The writer's side

    /// Appends every record not read yet to `batch` and says how many came.
    public func read(into batch: inout [ShareRecord]) -> Int {
        let end = head.load(ordering: .acquiring)
        let start = writer.pointee.read
        for number in start..<end { batch.append(records[Int(number & mask)]) }
        writer.pointee.read = end
        return Int(end - start)
    }

    /// Decides the oldest `count` undecided records, then wakes the loop.
    public func settle(_ count: Int, as outcome: Outcome) {
        let first = settled.load(ordering: .relaxed)
        for number in first..<(first + UInt64(count)) { outcomes[Int(number & mask)] = outcome.rawValue }
        settled.store(first + UInt64(count), ordering: .releasing)
        wakeLoop()
    }
}
