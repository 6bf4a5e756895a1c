import Bitcoin
import Glibc
import Hashing
import Synchronization

/// A solved share under full load: from the read that held it to the first request byte on an open node connection.
struct SolveBenchmark: Benchmark {
    static let name = "solve"
    static let summary = "a solved share on its way to the node, under full share load"
    static let options =
        LoadOptions.options(mostConnections: 15_000) + [
            .number("blocks", "solved shares to wait for", in: 10...100_000, default: 300),
            .number("shares", "shares to a block, on average", in: 2...100_000_000, default: 100_000),
            BenchmarkOption(name: "hanging", value: "N", summary: "once more beside N auxiliary chains whose nodes hang, 1 … 5"),
        ]

    private let load: LoadOptions
    private let blocks: Int
    private let shares: Int
    private let hanging: Int

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        load = try LoadOptions(arguments)
        blocks = try arguments.integer("blocks")
        shares = try arguments.integer("shares")
        hanging = try arguments.integer("hanging", in: 0...SampleAuxiliaries.most, default: 0)
    }

    func run() throws -> Report {
        var rows = [try measure(auxiliaries: 0)]
        if hanging > 0 { rows.append(try measure(auxiliaries: hanging)) }
        return report(rows)
    }

    /// What one pool came to.
    private struct Outcome {
        let auxiliaries: Int
        let delays: [Double]
        let book: LoadBook
    }

    /// - Parameter auxiliaries: chains that each parent block solves too; their nodes give work, then answer nothing.
    private func measure(auxiliaries: Int) throws -> Outcome {
        let bits = try Self.bits(solvedBy: shares)
        let node = try NodeStandIn(bits: bits, transactionBytes: 2 << 20, followsBlocks: true)
        let chains = auxiliaries > 0 ? try blocking { try await BenchChains(auxiliaries: auxiliaries, bits: bits) } : nil
        defer { if let chains { _ = try? blocking { await chains.stop() } } }
        let bench = try PoolBench(node: node, auxiliaries: chains?.entries ?? [])
        if let chains {
            // Long enough for every node's work to be in a job.
            MonotonicClock.sleep(seconds: 5)
            try blocking { try await chains.hang() }
        }
        let port = bench.pool.port
        let order = LoadOrder(port: port, connections: load.connections, inFlight: load.inFlight, rate: load.rate, workers: load.connections)
        let crew = try LoadCrew(order)
        crew.go()
        var book = LoadBook()
        let deadline = MonotonicClock.now + 180_000_000_000
        while node.state.withLock({ $0.submissions.count }) < blocks {
            guard MonotonicClock.now < deadline else { throw LoadFailure(description: "too few blocks within three minutes") }
            MonotonicClock.sleep(seconds: 1)
            book.merge(try crew.report(), isSameTime: false)
        }
        crew.rest()
        MonotonicClock.sleep(seconds: 0.5)
        let delays = try SolveLog.delays(in: bench.log)
        guard delays.count >= blocks * 9 / 10 else {
            throw LoadFailure(description: "the log tells of \(delays.count) blocks, the node got \(node.state.withLock { $0.submissions.count })")
        }
        return Outcome(auxiliaries: auxiliaries, delays: delays, book: book)
    }

    /// A target that one hash of so many meets.
    private static func bits(solvedBy shares: Int) throws(LoadFailure) -> CompactBits {
        // 2^256 is 2^24 in the mantissa's place of the largest size; each size less is eight digits more.
        var size: UInt32 = 32
        var mantissa = (UInt64(1) << 24) / UInt64(shares)
        while mantissa < 0x8000 {
            size -= 1
            mantissa = (UInt64(1) << (24 + 8 * UInt64(32 - size))) / UInt64(shares)
        }
        let bits = CompactBits(rawValue: size << 24 | UInt32(min(mantissa, 0x7f_ffff)))
        guard Target(bits: bits) != nil else { throw LoadFailure(description: "no target for \(shares) shares a block") }
        return bits
    }

    private func report(_ outcomes: [Outcome]) -> Report {
        var table = Table(
            key: "solve",
            title: "From the read that held a solved share to the first bytes of its block on an open connection",
            columns: [
                "hanging": "hanging chains", "blocks": "blocks", "p50": "p50 µs", "p90": "p90 µs", "p99": "p99 µs", "worst": "worst µs",
                "answersPerSecond": "answers/s", "refused": "of these refused",
            ]
        )
        table.rows = outcomes.map { outcome in
            let (sorted, book) = (outcome.delays.sorted(), outcome.book)
            func part(_ part: Double) -> Double { sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))] }
            return [
                .integer(outcome.auxiliaries), .integer(sorted.count), .real(part(0.5), decimals: 0), .real(part(0.9), decimals: 0),
                .real(part(0.99), decimals: 0),
                .real(sorted.last ?? 0, decimals: 0), .integer(Int(Double(book.accepted + book.refusedCount) / max(book.seconds, 1e-9))),
                .integer(book.refusedCount),
            ]
        }
        var report = Report(benchmark: Self.name, machine: .current(), tables: [table])
        report.notes = [
            "By the pool's own log: from the beginning of the reads that one batch of shares came by until the call that sends has returned.",
            "Each block moves the tip, so that a clean job goes to all and the shares under way are stale: they are the refused ones.",
        ]
        return report
    }
}

/// What a pool's log says of found blocks.
enum SolveLog {
    /// Microseconds from the share to the node, in the order of the blocks.
    static func delays(in path: String) throws(LoadFailure) -> [Double] {
        guard let file = fopen(path, "r") else { throw LoadFailure(description: "the pool wrote no log") }
        defer { fclose(file) }
        var delays: [Double] = []
        var line = [CChar](repeating: 0, count: 4_096)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // `…; sent 143 µs after its share was read`
            guard let start = text.firstRange(of: "; sent "), let end = text.firstRange(of: " µs after its share") else { continue }
            if let number = Double(text[start.upperBound..<end.lowerBound]) { delays.append(number) }
        }
        return delays
    }
}
