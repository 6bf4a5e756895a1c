import Embedded
import Glibc
import JSON

/// A chaos from its calm beginning to its calm end.
struct ChaosStorm {
    struct Event {
        let at: Double
        let text: String
    }

    struct Use {
        let at: Double
        let memory: Int
        let files: Int
    }

    var world: ChaosWorld
    private let seconds: Double
    private let miners: Int
    private let rate: Double
    private let startedAt = MonotonicClock.now

    private(set) var events: [Event] = []
    /// How often each thing happened.
    private(set) var counts: [String: Int] = [:]
    /// In the second half, when one process lives through all of it.
    private(set) var uses: [Use] = []
    /// Open files with every miner at work and nothing wrong, before and after.
    private(set) var calmFiles: (before: Int, after: Int) = (0, 0)
    /// What did not come about in time, as words.
    private(set) var complaints: [String] = []

    /// Faults and when each is lifted.
    private var active: [(fault: ChaosFault, until: Double)] = []
    private var nextAt = 0.0
    private var sampleAt = 0.0

    init(world: ChaosWorld, seconds: Double, miners: Int, rate: Double) {
        self.world = world
        self.seconds = seconds
        self.miners = miners
        self.rate = rate
    }

    private var now: Double { Double(MonotonicClock.now - startedAt) / 1e9 }

    mutating func tell(_ text: String) {
        events.append(Event(at: now, text: text))
        ChildProcess.write("\(Table.Cell.real(now, decimals: 1).shown) s  \(text)\n", to: STDERR_FILENO)
    }

    mutating func run() throws {
        try calm("at the beginning")
        calmFiles.before = world.pool.use?.files ?? 0
        let begin = now + seconds / 20
        while now < begin { try turn() }
        let half = begin + seconds / 2
        let end = begin + seconds
        while now < end {
            try lift(before: now)
            if now >= nextAt { try strike(mayEndProcess: now < half, latest: end) }
            if now >= max(sampleAt, half), let use = world.pool.use {
                uses.append(Use(at: now, memory: use.memory, files: use.files))
                sampleAt = now + max(1, seconds / 240)
            }
            try turn()
        }
        try lift(before: .infinity)
        tell("all faults are lifted")
        try calm("after all faults")
        calmFiles.after = world.pool.use?.files ?? 0
        try drain()
    }

    private mutating func turn() throws {
        let starts = world.pool.starts
        try world.pool.tend()
        if world.pool.starts != starts { tell("the pool starts again") }
        MonotonicClock.sleep(seconds: 0.1)
    }

    // MARK: Trouble

    private mutating func strike(mayEndProcess: Bool, latest: Double) throws {
        // Mostly every few seconds, now and then at once.
        nextAt = now + Double(world.random.next() % 4_000) / 1_000
        let eligible = ChaosFault.allCases.filter { fault in
            (mayEndProcess || !fault.endsProcess) && !active.contains { $0.fault == fault }
        }
        guard active.count < 4 else { return }
        let choices = eligible.flatMap { Array(repeating: $0, count: $0.weight) }
        guard !choices.isEmpty else { return }
        let fault = choices[Int(world.random.next() % UInt64(choices.count))]
        // A node that fails cannot be told of others' blocks.
        let text = try world.begin(fault)
        counts["\(fault)", default: 0] += 1
        if fault.isMoment { return tell(text) }
        // Short ones are the most frequent; some outlast the patience of everybody.
        let length = [1.0, 2, 4, 8, 15][Int(world.random.next() % 5)] * (1 + Double(world.random.next() % 1_000) / 1_000)
        active.append((fault, min(now + length, latest)))
        tell("\(text), for \(Table.Cell.real(length, decimals: 1).shown) s")
    }

    private mutating func lift(before time: Double) throws {
        for (fault, until) in active where until <= time || time == .infinity {
            try world.end(fault)
            tell("\(fault) is lifted")
        }
        active.removeAll { $0.until <= time || time == .infinity }
    }

    // MARK: Peace

    /// Waits until every miner is at work.
    private mutating func calm(_ when: String) throws {
        world.crowd.order { orders in
            orders.rate = rate
            orders.churn = 0
        }
        let patience = now + 90
        while world.crowd.working < miners, now < patience { try turn() }
        if world.crowd.working < miners { complaints.append("\(when), \(miners - world.crowd.working) of \(miners) miners have no work") }
        // What was begun is through.
        let pause = now + 3
        while now < pause { try turn() }
        tell("calm \(when): \(world.crowd.working) miners at work")
        world.crowd.order { $0.churn = ChaosWorld.usualChurn }
    }

    /// Waits until every share is answered and every solution's fate is known.
    private mutating func drain() throws {
        world.crowd.order { orders in
            orders.rate = 0
            orders.churn = 0
        }
        var patience = now + 60
        while world.crowd.owed > 0, now < patience { try turn() }
        if world.crowd.owed > 0 { complaints.append("\(world.crowd.owed) shares are not answered") }
        // Whoever waits before it tries again does so once more: ten seconds at the most.
        let pause = now + 12
        while now < pause { try turn() }
        patience = now + 120
        while now < patience, world.pool.journal > 0 || openBlocks != 0 { try turn() }
        tell("drained: \(world.pool.journal) entries in the block journal, \(openBlocks.map(String.init) ?? "?") blocks without an answer")
    }

    /// Blocks of the parent chain that wait for their node's answer; nil when the pool cannot be asked.
    private var openBlocks: Int? {
        world.pool.ask("blocks", "--limit", "10000")?.array?.count { ["found", "submitted"].contains($0["state"]?.string ?? "") }
    }

    // MARK: Tables

    var eventTable: Table {
        var table = Table(
            key: "events",
            title: "What happened",
            columns: [.init(key: "seconds", title: "s"), .init(key: "event", title: "event")]
        )
        table.rows = events.map { [.real($0.at, decimals: 1), .text($0.text)] }
        return table
    }

    var countTable: Table {
        let book = world.crowd.book
        var table = Table(
            key: "counts",
            title: "How often",
            columns: [.init(key: "what", title: "what"), .init(key: "count", title: "count")]
        )
        var rows = counts.sorted { $0.key < $1.key }.map { ("fault: \($0.key)", $0.value) }
        rows += [
            ("connections made", book.connections), ("connections lost", book.lost), ("sessions asked for", book.returns),
            ("sessions resumed", book.resumed), ("starts of the pool", world.pool.starts),
        ]
        rows += book.refused.sorted { $0.value > $1.value }.map { ("refused: \($0.key)", $0.value) }
        table.rows = rows.map { [.text($0.0), .integer($0.1)] }
        return table
    }
}
