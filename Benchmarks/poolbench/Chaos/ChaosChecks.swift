import Embedded
import Hashing
import JSON

/// What must hold when all is over.
struct ChaosChecks {
    struct Check {
        let name: String
        let found: String
        let holds: Bool
    }

    private(set) var all: [Check] = []

    /// Megabytes that one process may grow by through half a chaos, and files that it may have open beyond those of the beginning.
    private static let growth = 24.0
    private static let files = 8

    /// Asks the pool and the node; both run still.
    init(_ storm: ChaosStorm, _ nodes: ChaosNodes) throws {
        let pool = storm.world.pool
        let book = storm.world.crowd.book
        add("every miner has work before and after, every share an answer", storm.complaints.joined(separator: "; "), storm.complaints.isEmpty)
        add("the pool ends only when it is told to", Self.summary(pool.surprises), pool.surprises.isEmpty)
        // One that meets a pool which is down, or in trouble, is refused.
        let tried = storm.counts["upgrade"] ?? 0
        add("upgrades take", "\(pool.upgrades) of \(tried)", tried < 3 || pool.upgrades > 0)
        count(book, pool.ask("workers"))
        try solve(book, pool.ask("blocks", "--limit", "10000"), nodes)
        try follow(pool.ask("aux", "blocks", "--limit", "10000"), nodes)
        add("the block journal is empty", "\(pool.journal) entries", pool.journal == 0)
        let audit = pool.control(["audit", "ledger"])
        add("the books are right", audit.output.split(separator: "\n").joined(separator: "; "), audit.status == 0)
        measure(storm)
        let (before, after) = storm.calmFiles
        add(
            "open files are flat",
            "\(before) before, \(after) after; at most \(Self.files) more",
            before > 0 && after > 0 && after <= before + Self.files
        )
    }

    private mutating func add(_ name: String, _ found: String, _ holds: Bool) {
        all.append(Check(name: name, found: found.isEmpty ? "–" : found, holds: holds))
    }

    /// Acknowledged ≤ counted ≤ sent, for each worker.
    private mutating func count(_ book: ChaosBook, _ workers: JSONValue?) {
        var counted: [String: Int] = [:]
        for row in workers?.array ?? [] { counted[row["worker"]?.string ?? "", default: 0] += Int(row["accepted"]?.integer ?? 0) }
        let wrong = book.workers.filter { name, worker in
            let found = counted[name, default: 0]
            return found < worker.acknowledged || found > worker.sent
        }
        let words = wrong.map { "\($0.key): \($0.value.acknowledged) acknowledged, \(counted[$0.key, default: 0]) counted, \($0.value.sent) sent" }
        let sum = "\(book.acknowledged) ≤ \(counted.values.reduce(0, +)) ≤ \(book.sent) of \(book.workers.count) workers"
        add("acknowledged ≤ counted ≤ sent for every worker", ([sum] + words.sorted()).joined(separator: "; "), wrong.isEmpty && workers != nil)
        let strangers = Set(counted.keys).subtracting(book.workers.keys)
        add("nobody else is counted", strangers.sorted().joined(separator: ", "), strangers.isEmpty)
    }

    /// Every solution that the pool took is on the node's chain or a branch of it, or the pool knows why not, or another block on the same parent
    /// was taken before it.
    private mutating func solve(_ book: ChaosBook, _ blocks: JSONValue?, _ nodes: ChaosNodes) throws {
        let (known, standing) = try blocking { await nodes.blocks }
        var parents = standing
        let definite = ["accepted", "immature", "confirmed", "uncle", "stale", "rejected", "orphaned"]
        var states: [String: String] = [:]
        for row in blocks?.array ?? [] { states[row["hash"]?.string ?? ""] = row["state"]?.string }
        // One on the same parent that came too late, or was refused by its chain, ends the others' chances too.
        for (hash, parent) in book.candidates where definite.contains(states[hash.displayHex] ?? "") { parents.insert(parent) }
        var (taken, answered, beaten, lost) = (0, 0, 0, [String]())
        for (hash, solution) in book.solutions {
            if known.contains(hash) {
                taken += 1
            } else if definite.contains(states[hash.displayHex] ?? "") {
                answered += 1
            } else if parents.contains(solution.previousHash) {
                beaten += 1
            } else {
                lost.append("\(hash.displayHex) (\(states[hash.displayHex] ?? "not in the pool's list"))")
            }
        }
        let words =
            "\(book.solutions.count) acknowledged: \(taken) at the node, \(answered) refused by it, \(beaten) beaten on their parent; lost: \(lost.count)"
        add("every solution was submitted", ([words] + lost.sorted().prefix(5)).joined(separator: "; "), lost.isEmpty && taken > 0 && blocks != nil)
        let open = states.values.count { !definite.contains($0) }
        add("every block has an answer", "\(states.count) blocks, \(open) open", open == 0 && blocks != nil)
    }

    /// Every block that an auxiliary node took is on the pool's record.
    private mutating func follow(_ blocks: JSONValue?, _ nodes: ChaosNodes) throws {
        let taken = try blocking { ("rootstock", await nodes.rsk.counters.accepted, "namecoin", await nodes.namecoin.counters.accepted) }
        for (chain, count) in [(taken.0, taken.1), (taken.2, taken.3)] {
            let rows = (blocks?.array ?? []).filter { $0["chain"]?.string == chain }
            let recorded = rows.count { ["accepted", "immature", "confirmed", "orphaned"].contains($0["state"]?.string ?? "") }
            add("every block that \(chain) took is on record", "\(count) taken, \(recorded) on record", recorded >= count && count > 0)
        }
    }

    /// The first and the last quarter of the half through which one process lived.
    private mutating func measure(_ storm: ChaosStorm) {
        let memory = storm.uses.map { Double($0.memory) / 1_048_576 }
        guard memory.count >= 8 else { return add("memory is flat", "only \(memory.count) samples", false) }
        let quarter = memory.count / 4
        let (first, last) = (Array(memory[..<quarter]).median, Array(memory[(memory.count - quarter)...]).median)
        let hours = (storm.uses[memory.count - 1].at - storm.uses[0].at) / 3_600 * 3 / 4
        func shown(_ value: Double) -> String { Table.Cell.real(value, decimals: 1).shown }
        let words = "\(shown(first)) MB, then \(shown(last)) MB: \(shown((last - first) / hours)) MB an hour; at most \(shown(Self.growth)) MB more"
        add("memory is flat", words, last - first <= Self.growth)
    }

    private static func summary(_ words: [String]) -> String {
        Dictionary(grouping: words, by: \.self).map { "\($0.key) (\($0.value.count))" }.sorted().joined(separator: ", ")
    }

    static func table(_ checks: [Check]) -> Table {
        var table = Table(
            key: "checks",
            title: "Checks",
            columns: [.init(key: "check", title: "check"), .init(key: "verdict", title: "verdict"), .init(key: "found", title: "found")]
        )
        table.rows = checks.map { [.text($0.name), .text($0.holds ? "holds" : "FAILS"), .text($0.found)] }
        return table
    }
}
