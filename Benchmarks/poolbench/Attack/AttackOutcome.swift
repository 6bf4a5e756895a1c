/// What an attack came to, and whether it came to nothing.
struct AttackOutcome {
    struct Check {
        let name: String
        let found: Double
        let decimals: Int
        let bound: Double
        var holds: Bool { found <= bound }
    }

    let honest: Int
    /// How many times as long honest miners may wait.
    let slower: Double
    let quiet: [AttackBenchmark.Phase]
    let attacked: [AttackBenchmark.Phase]
    let after: AttackBenchmark.Phase
    let enemies: AttackBook
    /// The pool's own, at the end.
    let figures: PoolFigures

    /// More memory than in quiet that an attack may cost while it lasts: what one connection may leave unread and a half-read line, of a hundred.
    private static let memoryDuring = 128.0
    /// And what may stay: duplicate tables and sessions that can be resumed.
    private static let memoryAfter = 48.0

    var checks: [Check] {
        let phases = quiet + attacked + [after]
        let closed = phases.reduce(0) { $0 + $1.book.closed }
        let refused = phases.reduce(0) { $0 + $1.book.refusedCount }
        let ratio = zip(attacked, quiet).map { $0.percentile(0.99) / $1.percentile(0.99) }.median
        let recovered = after.percentile(0.99) / quiet.map { $0.percentile(0.99) }.median
        let level = Double(quiet[0].memory)
        let peak = Double(attacked.map(\.memory).max() ?? 0)
        func check(_ name: String, _ found: Double, _ bound: Double, decimals: Int = 0) -> Check {
            Check(name: name, found: found, decimals: decimals, bound: bound)
        }
        return [
            check("honest p99, attacked over quiet (median of the rounds)", ratio, slower, decimals: 2),
            check("honest p99, after the attacks over quiet", recovered, slower, decimals: 2),
            check("honest connections lost", Double(closed), 0),
            check("honest connections that the pool does not have", Double(max(0, honest - figures["motherlode_connections_working"])), 0),
            check("honest shares refused", Double(refused), 0),
            check("sessions stolen", Double(enemies.stolen), 0),
            check("MB more than in quiet, at most", (peak - level) / 1_048_576, Self.memoryDuring, decimals: 1),
            check("MB more than in quiet, afterwards", (Double(after.memory) - level) / 1_048_576, Self.memoryAfter, decimals: 1),
        ]
    }

    var tables: [Table] { [phaseTable, enemyTable, endTable, checkTable] }

    private var phaseTable: Table {
        var table = Table(
            key: "phases",
            title: "Honest miners",
            columns: [
                "phase": "phase", "accepted": "accepted", "refused": "refused", "closed": "closed", "p50": "p50 ms", "p99": "p99 ms",
                "p999": "p99.9 ms", "memory": "pool's MB", "cpu": "pool's CPUs",
            ]
        )
        for (round, pair) in zip(quiet, attacked).enumerated() {
            table.rows.append(row("quiet \(round + 1)", pair.0))
            table.rows.append(row("attacked \(round + 1)", pair.1))
        }
        table.rows.append(row("afterwards", after))
        return table
    }

    private func row(_ name: String, _ phase: AttackBenchmark.Phase) -> [Table.Cell] {
        [
            .text(name), .integer(phase.book.accepted), .integer(phase.book.refusedCount), .integer(phase.book.closed),
            .real(phase.percentile(0.5), decimals: 1), .real(phase.percentile(0.99), decimals: 1), .real(phase.percentile(0.999), decimals: 1),
            .real(Double(phase.memory) / 1_048_576, decimals: 1), .real(phase.cpu, decimals: 2),
        ]
    }

    private var enemyTable: Table {
        var table = Table(
            key: "attackers",
            title: "Attackers, by their own book",
            columns: [
                "kind": "kind", "attackers": "attackers", "connections": "connections", "ended": "ended by the pool", "megabytes": "MB sent",
                "stolen": "stolen",
            ]
        )
        for kind in AttackKind.allCases where enemies[kind].attackers > 0 {
            let entry = enemies[kind]
            table.rows.append([
                .text(kind.title), .integer(entry.attackers), .integer(entry.connections), .integer(entry.ended + entry.refused),
                .real(Double(entry.bytes) / 1_048_576, decimals: 1), .integer(entry.stolen),
            ])
        }
        return table
    }

    private var endTable: Table {
        var table = Table(
            key: "ends",
            title: "Why connections ended, by the pool's figures, and what it refused",
            columns: ["reason": "reason", "count": "count"]
        )
        table.rows.append([.text("addresses banned"), .integer(figures["motherlode_bans_total"])])
        for (name, prefix) in [("motherlode_connections_closed_total", "closed: "), ("motherlode_shares_rejected_total", "share: ")] {
            for (reason, count) in figures.counts(name).sorted(by: { $0.value > $1.value }) where count > 0 {
                table.rows.append([.text(prefix + reason), .integer(count)])
            }
        }
        return table
    }

    private var checkTable: Table {
        var table = Table(
            key: "checks",
            title: "Checks",
            columns: ["check": "check", "found": "found", "bound": "at most", "verdict": "verdict"]
        )
        table.rows = checks.map {
            [.text($0.name), .real($0.found, decimals: $0.decimals), .real($0.bound, decimals: 0), .text($0.holds ? "holds" : "FAILS")]
        }
        return table
    }
}
