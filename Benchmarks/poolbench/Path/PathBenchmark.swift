import CCounting
import Glibc
import Hashing

/// The share path step by step, and the guard that keeps it from growing heavier.
struct PathBenchmark: Benchmark {
    static let name = "path"
    static let summary = "the share path step by step: time, instructions, allocations, references a share"
    static let options = [
        BenchmarkOption(name: "check", value: "FILE", summary: "compare instructions and allocations with this file; exit 1 when a step is heavier"),
        BenchmarkOption(name: "write", value: "FILE", summary: "write what was counted to this file, to be compared with from now on"),
    ]

    private let rounds: Int
    private let check: String?
    private let write: String?

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError) {
        rounds = try arguments.rounds(default: 500)
        check = arguments.text("check")
        write = arguments.text("write")
    }

    func run() throws -> Report {
        let counts = try countReferences()
        let instructions = try PathInstructions.count()
        var report = Report(benchmark: Self.name, machine: .current())
        if check == nil { report.tables.append(table(try measureTime(), counts, instructions)) }
        if case .skipped(let reason) = instructions { report.notes.append("Instructions are not counted: \(reason).") }
        report.notes += [
            "\(PathRig.shares) shares a turn over \(PathRig.connections) TCP connections, 12 Merkle branches; one thread, CPU time, median of \(rounds) turns.",
            "Steps with a dash before them are parts of the step above, done by themselves. store stands for the ledger's writer: no disk here.",
            "Instructions: user space alone, engine \(PathInstructions.engine), by callgrind. Times include the kernel; the engine is the one that poold chose.",
        ]
        let weights = PathWeights(counts, instructions)
        if let write { try weights.save(to: write) }
        if let check {
            let heavier = try weights.check(against: PathWeights(contentsOf: check))
            report.tables.append(heavier.table)
            guard heavier.isFine else { throw LoadFailure(description: "the share path has grown heavier\n\n\(heavier.table.text)") }
        }
        return report
    }

    private func measureTime() throws -> [PathStep: [Double]] {
        var rig = try PathRig.make(nil)
        var warm = PathClock()
        for _ in 0..<50 { _ = rig.run(&warm) }
        var clock = PathClock()
        for _ in 0..<rounds {
            guard rig.run(&clock) == PathRig.shares else { throw LoadFailure(description: "a share was not accepted") }
        }
        return clock.samples
    }

    private func countReferences() throws -> [PathStep: PathCounter.Counts] {
        guard counting_references() == 1 else { return [:] }
        var rig = try PathRig.make(nil)
        var warm = PathCounter()
        for _ in 0..<20 { _ = rig.run(&warm) }
        var counter = PathCounter()
        for _ in 0..<50 { _ = rig.run(&counter) }
        return counter.counts
    }

    /// Rows as a reader follows a share: a step of the loop, then its parts.
    private static let rows: [(name: String, step: PathStep)] = [
        ("wait (epoll)", .wait), ("read, frame, parse, look up", .read), ("– read (recv)", .receive), ("– frame", .frame),
        ("– frame and parse", .parse),
        ("judge", .judge), ("– hash", .hash), ("– duplicate check", .duplicates), ("store (ring alone)", .store),
        ("– ledger hand-over, both ways", .handOver),
        ("reply", .reply), ("write (send)", .write),
    ]

    private func table(_ times: [PathStep: [Double]], _ counts: [PathStep: PathCounter.Counts], _ outcome: PathInstructions.Outcome) -> Table {
        var instructions: [PathStep: Double] = [:]
        if case .counted(let counted) = outcome { instructions = counted }
        var table = Table(
            key: "steps",
            title: "The share path, a share",
            columns: [
                "step": "step", "nanoseconds": "ns", "spread": "± %", "instructions": "instructions", "allocations": "allocations a turn",
                "retains": "retains a turn", "releases": "releases a turn",
            ]
        )
        func row(_ name: String, _ steps: [PathStep]) -> [Table.Cell] {
            let series = steps.compactMap { times[$0].map { Series(samples: $0) } }
            func each(_ value: (PathCounter.Counts) -> UInt64) -> Table.Cell {
                let known = steps.compactMap { counts[$0] }
                return known.isEmpty ? .none : .real(known.reduce(0) { $0 + Double(value($1)) / Double(max(1, $1.goes)) }, decimals: 1)
            }
            return [
                .text(name), .real(series.reduce(0) { $0 + $1.samples.median }, decimals: 1),
                series.count == 1 ? .spread(of: series[0]) : .none,
                steps.allSatisfy { instructions[$0] != nil } ? .real(steps.reduce(0) { $0 + (instructions[$1] ?? 0) }, decimals: 0) : .none,
                each { $0.allocations }, each { $0.retains }, each { $0.releases },
            ]
        }
        table.rows = Self.rows.map { row($0.name, [$0.step]) } + [row("all steps", PathStep.turn)]
        return table
    }
}
