import Foundation
import Testing

@testable import Accounting

@Suite("A ledger keeps what it was given")
struct LedgerTests {
    @Test func countsSharesWeightsAndRefusals() throws {
        let large: UInt128 = 1 << 100
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        let a = try #require(ledger.workers.handle(account: "alice", worker: "rig1"))
        let b = try #require(ledger.workers.handle(account: "alice", worker: ""))
        try ledger.append([.accepted(a, weight: 5, difficulty: 2.5), .rejected(b, reason: 3), .accepted(a, weight: large, difficulty: 1)])
        try ledger.append([.accepted(b, weight: 7), .rejected(b, reason: 3), .rejected(b, reason: 1), .rejected(b, reason: 200)])

        let figures = ledger.workerFigures()
        #expect(figures.map(\.worker) == ["rig1", ""])
        #expect(figures[0].shares.accepted == 2)
        #expect(figures[0].shares.weight == large + 5)
        #expect(figures[0].shares.best == 2.5)
        #expect(figures[1].shares.rejected[3] == 2)
        #expect(figures[1].shares.rejected.total == 4)
        #expect(ledger.poolFigures.accepted == 3)
        #expect(ledger.poolFigures.weight == large + 12)
        #expect(ledger.status.unfoldedShares == 7)
    }

    @Test func restartAndCrashKeepTheSameFigures() throws {
        let clock = TestClock(1_700_000_000_000)
        let folder = try DataFolder()
        let change = { (settings: inout LedgerSettings) in settings.time = clock.source }
        let ledger = try Ledger(folder.settings(change))
        var random = SystemRandomNumberGenerator()
        for round in 0..<200 {
            var entries: [ShareEntry] = []
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                let worker = try #require(ledger.workers.handle(account: "a\(Int.random(in: 0..<9))", worker: "w\(Int.random(in: 0..<9))"))
                entries.append(
                    Bool.random()
                        ? .accepted(worker, weight: .random(in: 1...(1 << 90)), difficulty: .random(in: 0...100)) : .rejected(worker, reason: 4)
                )
            }
            try ledger.append(entries)
            clock.pass(milliseconds: .random(in: 0...30_000))
            if round == 120 { try ledger.foldAll() }
        }
        let before = Book(ledger)
        let crashed = try folder.afterCrash()
        #expect(try Book(Ledger(crashed.settings(change))) == before)
        try ledger.close()
        let closed = try folder.afterCrash()
        #expect(try closed.segments.isEmpty)
        #expect(try Book(Ledger(closed.settings(change))) == before)
    }

    @Test func aFoldThatCommittedIsNotReplayed() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        let worker = try #require(ledger.workers.handle(account: "alice", worker: "rig"))
        for _ in 0..<10 { try ledger.append([.accepted(worker, weight: 3)]) }
        // The crash comes after the store's commit and before the log is cut: the log still has all groups.
        try ledger.foldAll()
        let crashed = try folder.afterCrash()
        #expect(try !crashed.segments.isEmpty)
        let again = try Ledger(crashed.settings())
        #expect(again.poolFigures.accepted == 10)
        #expect(again.poolFigures.weight == 30)
        // New groups go on after the old ones, and survive a crash of their own.
        try again.append([.accepted(try #require(again.workers.handle(account: "alice", worker: "rig")), weight: 4)])
        #expect(try Ledger(try crashed.afterCrash().settings()).poolFigures.weight == 34)
    }

    @Test func everyTornTailLosesOnlyTheTornGroup() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        let worker = try #require(ledger.workers.handle(account: "alice", worker: "rig"))
        try ledger.append([.accepted(worker, weight: 10)])
        try ledger.append([.accepted(worker, weight: 20)])
        let log = try #require(ledger.log as? SegmentedLog)
        let whole = log.segmentBytes
        try ledger.append([.accepted(worker, weight: 40)])
        let end = log.segmentBytes
        // The frame's last byte, an empty list's count, is a zero anyway.
        for cut in stride(from: whole, to: end - 1, by: 5) {
            let crashed = try folder.afterCrash()
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: crashed.segments[0]))
            try handle.seek(toOffset: UInt64(cut))
            // Half of the frame never reached the disk.
            try handle.write(contentsOf: Data(repeating: 0, count: end - cut))
            try handle.close()
            let again = try Ledger(crashed.settings())
            #expect(again.poolFigures.weight == 30)
            try again.append([.accepted(try #require(again.workers.handle(account: "alice", worker: "rig")), weight: 1)])
            #expect(try Ledger(try crashed.afterCrash().settings()).poolFigures.weight == 31)
        }
    }

    @Test func aMissingSegmentIsNamed() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        let worker = try #require(ledger.workers.handle(account: "alice", worker: "rig"))
        try ledger.append([.accepted(worker, weight: 10)])
        ledger.endSegment()
        try ledger.append([.accepted(worker, weight: 20)])
        let crashed = try folder.afterCrash()
        try FileManager.default.removeItem(atPath: try crashed.segments[0])
        let path = crashed.file("pool.db-shares")
        #expect(throws: LedgerError.logGap(path: path, from: 1, to: 1)) { try Ledger(crashed.settings()) }
    }

    @Test func refusesASecondWriterAndEntriesAfterClosing() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        let path = folder.file("pool.db-shares")
        #expect(throws: LedgerError.inUse(path: path)) { try Ledger(folder.settings()) }
        try ledger.close()
        #expect(throws: LedgerError.closed) { try ledger.append([.accepted(0, weight: 1)]) }
    }

    @Test func refusesUnknownWorkersWhole() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        let worker = try #require(ledger.workers.handle(account: "alice", worker: "rig"))
        #expect(throws: LedgerError.unknownWorker) { try ledger.append([.accepted(worker, weight: 1), .accepted(worker + 1, weight: 1)]) }
        #expect(ledger.poolFigures.accepted == 0)
    }

    @Test func refusesWhenTheStoreIsTooFarBehind() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings { $0.logLimit = 30 })
        let worker = try #require(ledger.workers.handle(account: "alice", worker: "rig"))
        try ledger.append([.accepted(worker, weight: 1)])
        try ledger.append([.accepted(worker, weight: 1)])
        #expect(throws: LedgerError.self) { try ledger.append([.accepted(worker, weight: 1)]) }
        try ledger.foldAll()
        try ledger.append([.accepted(worker, weight: 1)])
        #expect(ledger.poolFigures.accepted == 3)
    }

    @Test func windowsNeverGoBackWhenTheClockDoes() throws {
        let clock = TestClock(1_700_000_000_000)
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings { $0.time = clock.source })
        let worker = try #require(ledger.workers.handle(account: "alice", worker: "rig"))
        try ledger.append([.accepted(worker, weight: 1)])
        clock.setWall(1_699_990_000_000)
        for _ in 0..<10 {
            clock.pass(milliseconds: 30_000)
            try ledger.append([.accepted(worker, weight: 1)])
        }
        try ledger.foldAll()
        let starts = try ledger.store.read { database throws(LedgerError) in
            try database.all("SELECT start FROM share_window WHERE span = 60 ORDER BY start") { $0.integer(0) }
        }
        #expect(starts.first == 1_699_999_980)
        #expect(starts.count == 5)
        #expect(starts.last.map { $0 > 1_700_000_000 && $0 <= 1_700_000_300 } == true)
    }
}

/// What is compared before and after.
private struct Book: Equatable {
    var lines: [String]

    init(_ ledger: Ledger) {
        lines = ledger.workerFigures().map {
            let shares = $0.shares
            return "\($0.account).\($0.worker) \(shares.accepted) \(shares.weight) \(shares.rejected.occurred) \(shares.best)"
        }
        lines.sort()
        lines.append("\(ledger.poolFigures.accepted) \(ledger.poolFigures.weight) \(ledger.poolFigures.rejected.total)")
    }
}
