import Foundation
import LocalPostgreSQL
import Testing

@testable import Accounting

@Suite("What was acknowledged survives", .serialized, .blocking)
struct CrashTests {
    /// A process with 40 workers is killed at a random moment, twenty times on the same ledger.
    @Test func kills() throws { try killAgain(Torture(), rounds: Torture.rounds) }

    /// The same on PostgreSQL.
    @Test(.enabled(if: LocalPostgreSQL.isInstalled, Comment(rawValue: LocalPostgreSQL.whatIsMissing)))
    func killsOnPostgreSQL() throws {
        let server = try #require(LocalPostgreSQL.shared)
        try killAgain(Torture(store: server.makeDatabase()), rounds: (Torture.rounds + 1) / 2)
    }

    private func killAgain(_ torture: Torture, rounds: Int) throws {
        for round in 0..<rounds {
            let process = try torture.start(seed: UInt64(round))
            // The moment is random in work done, not in time: a machine that is busy is killed as deep in it.
            try torture.read(process, until: Int.random(in: 1...(torture.store == nil ? 400 : 80)))
            kill(process.processIdentifier, SIGKILL)
            try torture.finish(process)
            try torture.check(torture.folder)
        }
        #expect(torture.acknowledged > 0)
    }

    /// The power is cut at a random change to a file: what was not synced is lost, or there in part.
    @Test func powerCuts() throws {
        let torture = try Torture()
        for round in 0..<3 * Torture.rounds {
            let twin = try DataFolder()
            // Early cuts fall into the creation of the ledger, later ones into appends, folds and rounds.
            let after = round < Torture.rounds ? Int.random(in: 1...150) : Int.random(in: 100...1_500)
            let process = try torture.start(seed: UInt64(round), twin: twin.path, after: after)
            try torture.finish(process)
            torture.folder = twin
            try torture.check(twin, "seed \(round), cut after change \(after)")
        }
        #expect(torture.acknowledged > 0)
    }
}

/// Runs `ledgertorture` and holds a ledger against the book it kept.
private final class Torture {
    static let rounds = Int(ProcessInfo.processInfo.environment["LEDGER_KILLS"] ?? "") ?? 20

    var folder: DataFolder
    /// Another store than the folder's.
    let store: String?
    /// Accepted shares by worker that must be there, and that may be.
    private var least: [Int: Int] = [:]
    private var most: [Int: Int] = [:]
    private var group: [Int: Int] = [:]
    private var blocks: [String] = []
    private(set) var acknowledged = 0
    private var reading: FileHandle?
    private var rest = Data()

    init(store: String? = nil) throws {
        self.store = store
        folder = try DataFolder()
    }

    func start(seed: UInt64, twin: String? = nil, after: Int = 0) throws -> Process {
        let process = Process()
        process.executableURL = try Self.program()
        process.arguments = [folder.path, "\(seed)"] + (twin.map { [$0, "\(after)"] } ?? [])
        if let store { process.environment = ProcessInfo.processInfo.environment.merging(["LEDGER_STORE": store]) { _, new in new } }
        let pipe = Pipe()
        process.standardOutput = pipe
        reading = pipe.fileHandleForReading
        rest = Data()
        group = [:]
        try process.run()
        return process
    }

    /// Reads the book until that many groups were acknowledged.
    func read(_ process: Process, until count: Int) throws {
        let start = acknowledged
        while acknowledged - start < count, let data = try reading?.read(upToCount: 4_096), !data.isEmpty { take(data) }
    }

    /// Reads the rest of the book.
    func finish(_ process: Process) throws {
        while let data = try reading?.read(upToCount: 65_536), !data.isEmpty { take(data) }
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal, "it ended by itself")
        #expect(process.terminationStatus == SIGKILL)
    }

    private func take(_ data: Data) {
        rest.append(data)
        while let end = rest.firstIndex(of: 0x0a) {
            let line = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
            rest = Data(rest[(end + 1)...])
            let words = line.split(separator: " ")
            switch words.first {
            case ">":
                let numbers = words.dropFirst().compactMap { Int($0) }
                group = [:]
                for index in stride(from: 0, to: numbers.count - 1, by: 2) { group[numbers[index]] = numbers[index + 1] }
                most.merge(group, uniquingKeysWith: +)
            case "<":
                least.merge(group, uniquingKeysWith: +)
                acknowledged += 1
            case "B": blocks.append(String(words[1]))
            default: Issue.record("ledgertorture: \(line)")
            }
        }
    }

    /// acknowledged ≤ counted ≤ sent for every worker, weights and blocks with them, and clean books.
    func check(_ folder: DataFolder, _ what: String = "") throws {
        let ledger = try Ledger(
            folder.settings {
                if let store { $0.store = store }
                $0.chains = [ChainTerms(chain: "elastos", scheme: .pps, floor: .min)]
            }
        )
        var counts: [Int: Int] = [:]
        for figures in ledger.workerFigures() {
            let worker = try #require(Int(figures.worker))
            counts[worker] = Int(figures.shares.accepted)
            #expect(figures.shares.weight == UInt128(figures.shares.accepted) * UInt128(1_000 + worker), "\(what)")
        }
        for (worker, sent) in most {
            let (counted, acknowledged) = (counts[worker, default: 0], least[worker, default: 0])
            #expect(acknowledged <= counted && counted <= sent, "worker \(worker): \(acknowledged) ≤ \(counted) ≤ \(sent), \(what)")
        }
        #expect(Set(counts.keys).isSubset(of: most.keys))
        // What was open is decided now.
        (least, most) = (counts, counts)
        let known = Set(try ledger.blocks(limit: 1_000_000).map(\.hash))
        #expect(blocks.allSatisfy(known.contains), "\(what)")
        let stored = try ledger.store.read { database throws(LedgerError) in
            try database.first("SELECT sum(accepted) FROM share_window WHERE span = 60") { $0.integer(0) }
        }
        #expect(Int(stored ?? 0) == most.values.reduce(0, +), "\(what)")
        #expect(try ledger.audit().difference == nil, "\(what)")
        try ledger.close()
    }

    private static func program() throws -> URL {
        let bundle = try #require(CommandLine.arguments.first { $0.hasSuffix(".xctest") || $0.contains(".xctest/") })
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("ledgertorture")
    }
}
