package import Hashing

/// One event loop driven by hand, step by step, so that benchmarks and tests can hold each step of the share path against a clock or a count.
///
/// It is the loop that a server runs, on a listening socket of its own; only the order that ``ServerLoop/run()`` gives the steps is left to the caller.
package struct SharePath: ~Copyable {
    private var loop: ServerLoop
    package let port: UInt16
    package let ring: VerdictRing

    /// Every hash is a share.
    package init(host: any StratumHost, judge: ShareJudge) throws(StratumServerError) {
        var difficulty = DifficultySettings()
        difficulty.fixed = 1e-10
        let settings = StratumSettings(listeners: [StratumListener(address: "127.0.0.1:0", difficulty: difficulty)])
        let sockets = try ListeningSockets(settings.listeners.map(\.address), loops: 1)
        let mailbox = try Mailbox()
        let wake = mailbox.wake
        let poll = try PollSet.make()
        let ring = VerdictRing(capacity: (2 * ServerLoop.batchSize).nextPowerOfTwo, wakeLoop: { wake.signal() }, wakeWriter: {})
        self.ring = ring
        port = sockets.addresses[0].port
        loop = ServerLoop(
            ServerLoop.Parts(
                number: 0,
                settings: settings,
                host: host,
                judge: judge,
                ring: ring,
                mailboxes: [mailbox],
                counters: LoopCounters(),
                census: GroupCensus(),
                listening: sockets.ofLoop[0],
                poll: poll,
                connectionLimit: 1_024,
                guardian: AddressGuard(settings.guardSettings),
                budget: ConnectionBudget(limit: 1_024)
            )
        )
    }

    package mutating func publish(_ job: Job) { loop.publish(job, clean: true) }

    /// A whole turn, without waiting.
    package mutating func turn() {
        wait()
        loop.tick()
    }

    // MARK: The steps of a turn

    /// Asks the kernel which sockets have something.
    package mutating func wait() { loop.takeEvents(within: 0) }

    /// Reads them, cuts lines, parses, looks up job and worker.
    package mutating func read() { loop.readSockets() }

    /// Hashes the shares, holds them against every target, looks for duplicates, hands verdicts to the ring.
    package mutating func judge() { loop.judgeBatch() }

    /// Writes the replies that the ledger has let go.
    package mutating func reply() { loop.deliverReplies() }

    /// One write to each connection that is owed something.
    package mutating func write() { loop.flushConnections() }

    /// Shares accepted so far.
    package var accepted: UInt64 { loop.tally.accepted }
}

/// Single parts of steps, on bytes as a socket gives them.
package enum SharePathParts {
    /// Lines in the bytes.
    package static func frame(_ bytes: Span<UInt8>) -> Int {
        var cutter = LineCutter()
        var lines = 0
        while case .line = cutter.next(in: bytes) { lines += 1 }
        return lines
    }

    /// Of these, the ones that are shares in the usual form; their nonces' sum, so that nothing of it can be left out.
    package static func parse(_ bytes: Span<UInt8>) -> (shares: Int, nonces: UInt32) {
        var cutter = LineCutter()
        var result: (shares: Int, nonces: UInt32) = (0, 0)
        while case .line(let range) = cutter.next(in: bytes) {
            guard let submit = SubmitScanner.scan(bytes.extracting(range)) else { continue }
            result.shares += 1
            result.nonces &+= submit.fields.nonce
        }
        return result
    }
}

/// A duplicate table by itself.
package struct DuplicateProbe: ~Copyable {
    private var table = DuplicateTable()

    package init() {}

    /// How many of the hashes were not there.
    package mutating func insert(_ hashes: Span<Hash256>) -> Int {
        var inserted = 0
        for index in hashes.indices where table.insert(hashes[index]) == .inserted { inserted += 1 }
        return inserted
    }
}
