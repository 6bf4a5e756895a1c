import Foundation
import Testing

@testable import Accounting

@Suite("Windows age")
struct AgeingTests {
    private static let begin: Int64 = 1_700_006_400_000  // the start of a day
    private static let weightOfAShare: UInt128 = 1_000

    /// 60 days: three workers, two of them in one minute an hour, the third every six hours.
    private func work(_ ledger: Ledger, _ clock: TestClock, days: Int = 60) throws {
        let workers = try ["a", "b", "c"].map { try #require(ledger.workers.handle(account: $0, worker: "rig, \"\($0)\"\n")) }
        for hour in 0..<days * 24 {
            try ledger.append([.accepted(workers[0], weight: Self.weightOfAShare), .accepted(workers[1], weight: Self.weightOfAShare)])
            if hour % 6 == 0 { try ledger.append([.accepted(workers[2], weight: Self.weightOfAShare), .rejected(workers[2], reason: 200)]) }
            clock.pass(milliseconds: 3_600_000 + (hour % 2 == 0 ? 60_000 : -60_000))
        }
        try ledger.foldAll()
    }

    private func block(_ ledger: Ledger, _ hash: String, network: UInt128) throws {
        try ledger.recordBlock(
            FoundBlock(
                chain: Ledger.parentChain,
                height: 1,
                hash: hash,
                worker: nil,
                time: 1,
                state: .accepted,
                reward: 1_000_000,
                networkWeight: network
            )
        )
        try ledger.settleRounds()
    }

    private func age(_ ledger: Ledger) throws { try ledger.onQueue { () throws(LedgerError) in try ledger.age(at: ledger.now) } }

    private func starts(_ ledger: Ledger, span: Int64) throws -> [Int64] {
        try ledger.store.read { database throws(LedgerError) in
            try database.all("SELECT DISTINCT start FROM share_window WHERE span = $1 ORDER BY start", [.integer(span)]) { $0.integer(0) }
        }
    }

    private func settings(_ folder: DataFolder, _ clock: TestClock) -> LedgerSettings {
        folder.settings {
            $0.time = clock.source
            $0.chains = [ChainTerms(chain: Ledger.parentChain, scheme: .pplns(window: PartsPerMillion(millionths: 2 * PartsPerMillion.one)))]
        }
    }

    @Test func whatADistributionMayCutStays() throws {
        let (clock, folder) = (TestClock(Self.begin), try DataFolder())
        let ledger = try Ledger(settings(folder, clock))
        try work(ledger, clock)
        let all = try starts(ledger, span: 60)
        // Before the first block nobody knows how far a window reaches.
        try age(ledger)
        #expect(try starts(ledger, span: 60) == all)
        // 52 shares a day: a window of 2 × 4 × 150 of them reaches 23 days back.
        try block(ledger, "one", network: 150 * Self.weightOfAShare)
        try age(ledger)
        let now = ledger.now / 1000
        let kept = try #require(try starts(ledger, span: 60).first)
        #expect(kept <= now - 23 * 86_400 && kept >= now - 25 * 86_400)
        // One of 2 × 4 × 2 reaches a day back, and minutes stay for a week.
        try block(ledger, "two", network: 2 * Self.weightOfAShare)
        try age(ledger)
        let left = try #require(try starts(ledger, span: 60).first)
        #expect(left >= now - 7 * 86_400 - 3_600 && left < now - 7 * 86_400 + 3_600)
        #expect(try starts(ledger, span: 3_600).first == Self.begin / 1000)
    }

    @Test func distributionsAndFiguresAreTheSame() throws {
        let (clock, folder) = (TestClock(Self.begin), try DataFolder())
        let ledger = try Ledger(settings(folder, clock))
        try work(ledger, clock, days: 30)
        try block(ledger, "one", network: 2 * Self.weightOfAShare)
        try ledger.store.settle()
        let twin = try Ledger(settings(try folder.afterCrash(), clock))
        try age(ledger)
        #expect(try starts(ledger, span: 60).count < starts(twin, span: 60).count)
        // A window that ends in hours whose minutes are gone: it is of whole hours' sums, and cut in one of them.
        for (hash, network) in [("two", 2), ("three", 40), ("four", 700)] {
            for ledger in [ledger, twin] { try block(ledger, hash, network: UInt128(network) * Self.weightOfAShare) }
        }
        #expect(try ledger.balances() == twin.balances())
        #expect(ledger.poolFigures.weight == twin.poolFigures.weight)
        #expect(try ledger.audit().difference == nil)
        let again = try Ledger(settings(try folder.afterCrash(), clock))
        #expect(again.poolFigures.hashrate[.sevenDays] == twin.poolFigures.hashrate[.sevenDays])
    }

    @Test func whatLeftIsInTheArchiveOnce() throws {
        let (clock, folder) = (TestClock(Self.begin), try DataFolder())
        let ledger = try Ledger(settings(folder, clock))
        try work(ledger, clock)
        try block(ledger, "one", network: Self.weightOfAShare)
        try age(ledger)
        let archive = ShareArchive(folder: folder.file("archive"))
        var (minutes, refused, names): (UInt64, UInt64, Set<String>) = (0, 0, [])
        try archive.read { window throws(LedgerError) in
            if window.reason == 0 { minutes += window.count }
            if window.reason == ArchivedWindow.unknownReason { refused += window.count }
            names.insert(window.worker)
        }
        let inStore = try ledger.store.read { database throws(LedgerError) in
            try database.first("SELECT sum(accepted) FROM share_window WHERE span = 60") { UInt64($0.integer(0)) }
        }
        #expect(minutes + (inStore ?? 0) == ledger.poolFigures.accepted)
        #expect(refused > 150)
        let newest = try ledger.archivedWindows(of: .worker(account: "a", worker: "rig, \"a\"\n"), limit: 3)
        #expect(newest.map(\.accepted) == [1, 1, 1])
        #expect(newest.map(\.start) == newest.map(\.start).sorted().reversed())
        let together = try ledger.archivedWindows(limit: 1_000_000)
        #expect(together.reduce(0) { $0 + $1.accepted } == minutes)
        #expect(together.reduce(0) { $0 + $1.rejected.total } == refused)
        #expect(names == ["rig, \"a\"\n", "rig, \"b\"\n", "rig, \"c\"\n"])
        // One asks for a month of it.
        var late = 0
        try archive.read(since: Self.begin / 1000 + 30 * 86_400) { window throws(LedgerError) in
            late += 1
            if window.start < Self.begin / 1000 + 30 * 86_400 { throw .store("too early") }
        }
        #expect(late > 0 && late < Int(minutes))
    }

    @Test func aCrashWhileArchivingShowsNothingTwice() throws {
        let folder = try DataFolder()
        let archive = ShareArchive(folder: folder.file("archive"))
        let windows = (0..<500).map {
            ArchivedWindow(start: 60 * Int64($0), span: 60, instance: 0, account: "ä", worker: "\u{1}\\\"", reason: 0, count: 1, weight: 1 << 100)
        }
        try archive.append(Array(windows[..<300]))
        // The same again, as after a crash before they left the store.
        try archive.append(windows)
        let path = folder.file("archive/shares-1970-01-01.csv.zst")
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        // A frame that did not reach the disk whole.
        for cut in [1, 10, 60] {
            try whole.dropLast(cut).write(to: URL(fileURLWithPath: path))
            var found: [ArchivedWindow] = []
            try archive.read { window in found.append(window) }
            #expect(found == Array(windows[..<300]))
            try archive.append(Array(windows[300...]))
            found = []
            try archive.read { window in found.append(window) }
            #expect(found == windows)
        }
    }

    /// What a worker costs who has shares in every minute of a day: stated in docs/architecture.md.
    @Test func bytesPerWorkerAndDay() throws {
        let (clock, folder) = (TestClock(Self.begin), try DataFolder())
        let ledger = try Ledger(settings(folder, clock))
        let workers = try (0..<20).map {
            try #require(ledger.workers.handle(account: "bcrt1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5phstw\($0)", worker: "rig\($0)"))
        }
        func size() throws -> Int {
            try ledger.foldAll()
            try ledger.store.settle()
            return try #require(try FileManager.default.attributesOfItem(atPath: folder.file("pool.db"))[.size] as? Int)
        }
        try ledger.append(workers.map { .accepted($0, weight: 1 << 40) })
        let before = try size()
        for minute in 0..<1_440 {
            clock.pass(milliseconds: 60_000)
            try ledger.append(workers.map { .accepted($0, weight: 1 << 40) })
            if minute % 10 == 0 { try ledger.foldAll() }
        }
        let bytes = (try size() - before) / workers.count
        print("a worker with shares in every minute takes \(bytes) bytes a day")
        #expect(bytes < 60_000)
    }
}
