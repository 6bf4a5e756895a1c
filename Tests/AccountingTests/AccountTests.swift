import Foundation
import Testing

@testable import Accounting

@Suite("Accounts, windows and copies of the ledger")
struct AccountTests {
    @Test func accountsHaveAddressesAndFeesOfTheirOwn() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings { $0.chains = [ChainTerms(chain: "namecoin", fee: .init(millionths: 10))] })
        try ledger.append([
            .accepted(try #require(ledger.workers.handle(account: "a", worker: "x")), weight: 1),
            .accepted(try #require(ledger.workers.handle(account: "a", worker: "y")), weight: 1),
        ])
        try ledger.foldAll()
        #expect(try ledger.hasAccount("a"))
        #expect(try ledger.hasAccount("b") == false)
        try ledger.setAddress("N1", account: "a", chain: "namecoin")
        try ledger.setAddress("N2", account: "a", chain: "namecoin")
        try ledger.setFee(.init(millionths: 7), account: "a", chain: "namecoin")
        let account = try #require(try ledger.accounts().first { $0.name == "a" })
        #expect(account.workers == 2)
        #expect(account.addresses == ["namecoin": "N2"])
        #expect(account.fees == ["namecoin": .init(millionths: 7)])
        #expect(try ledger.fee(account: "a", chain: "namecoin") == .init(millionths: 7))
        try ledger.setFee(nil, account: "a", chain: "namecoin")
        #expect(try ledger.fee(account: "a", chain: "namecoin") == .init(millionths: 10))
    }

    @Test func whatWasSignedBeforeAChangeDoesNotComeBack() throws {
        let clock = TestClock(1_700_000_000_000)
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings { $0.time = clock.source })
        let set = { (address: String, time: Int64) in try ledger.setAddress(address, account: "a", chain: "namecoin", signedAt: time) }
        let address = { try ledger.accounts().first { $0.name == "a" }?.addresses["namecoin"] }
        #expect(try set("N1", 1_699_999_990_000))
        // The same text again, or an older one.
        #expect(try set("N1", 1_699_999_990_000) == false)
        #expect(try set("N0", 1_699_999_000_000) == false)
        clock.pass(milliseconds: 60_000)
        // Signed by a clock that is ahead: it counts once, too.
        #expect(try set("N2", 1_700_000_900_000))
        #expect(try set("N2", 1_700_000_900_000) == false)
        #expect(try address() == "N2")
        // An operator's word always counts.
        #expect(try ledger.setAddress("N3", account: "a", chain: "namecoin"))
        #expect(try address() == "N3")
    }

    @Test func windowsTellWhatCameOfShares() throws {
        let clock = TestClock(1_700_000_040_000)
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings { $0.time = clock.source })
        let (x, y) = (
            try #require(ledger.workers.handle(account: "a", worker: "x")), try #require(ledger.workers.handle(account: "b", worker: "y"))
        )
        try ledger.append([.accepted(x, weight: 5), .accepted(x, weight: 6), .accepted(y, weight: 100), .rejected(x, reason: 3)])
        clock.pass(milliseconds: 60_000)
        try ledger.append([.rejected(x, reason: 3), .rejected(x, reason: 4)])
        try ledger.foldAll()
        let mine = try ledger.shareWindows(of: .workers(account: "a"))
        #expect(mine.map(\.start) == [1_700_000_100, 1_700_000_040])
        #expect(mine.map(\.accepted) == [0, 2])
        #expect(mine.map(\.weight) == [0, 11])
        #expect(mine.map(\.worker) == ["x", "x"])
        #expect(mine.map { $0.rejected.total } == [2, 1])
        let all = try ledger.shareWindows()
        #expect(all.map(\.weight) == [0, 111])
        #expect(all.map(\.account) == ["", ""])
        #expect(try ledger.shareWindows(since: 1_700_000_041).count == 1)
        #expect(try ledger.shareWindows(of: .worker(account: "a", worker: "z")).isEmpty)
        #expect(try ledger.shareWindows(of: .workers(account: "a"), span: 3_600).map(\.accepted) == [2])
        #expect(try ledger.shareWindows(limit: 1).map(\.start) == [1_700_000_100])
    }

    @Test func aCopyIsALedgerOfItsOwn() throws {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        let worker = try #require(ledger.workers.handle(account: "a", worker: "x"))
        try ledger.append([.accepted(worker, weight: 5)])
        let copy = try DataFolder()
        try ledger.backup(to: copy.file("pool.db"))
        // What comes after the copy is not in it.
        try ledger.append([.accepted(worker, weight: 6)])
        let restored = try Ledger(copy.settings())
        #expect(restored.poolFigures.weight == 5)
        try restored.append([.accepted(try #require(restored.workers.handle(account: "a", worker: "x")), weight: 1)])
        try restored.close()
        #expect(try Ledger(try copy.afterCrash().settings()).poolFigures.weight == 6)
        // A file that is there stays what it is.
        let before = try Data(contentsOf: URL(fileURLWithPath: copy.file("pool.db")))
        #expect(throws: LedgerError.self) { try ledger.backup(to: copy.file("pool.db")) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: copy.file("pool.db"))) == before)
    }
}
