import Dispatch
import HTTP
import Synchronization
import Testing

@testable import Accounting
@testable import Pool

@Suite("Questions to the ledger")
struct LedgerLaneTests {
    /// A question that is answered when a test says so.
    private final class Door: Sendable {
        private let opened = DispatchSemaphore(value: 0)
        let asked = Atomic(0)

        func pass() {
            asked.add(1, ordering: .relaxed)
            opened.wait()
            opened.signal()
        }

        func open() { opened.signal() }
    }

    private func failure<Answer: Sendable>(_ lane: LedgerLane, _ body: @escaping @Sendable () throws(LedgerError) -> Answer) async -> AdminFailure? {
        do throws(AdminFailure) {
            _ = try await lane.ask(body)
            return nil
        } catch {
            return error
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func whoeverWaitsForTheStoreKeepsNoThreadFromOthers() async throws {
        let (door, lane) = (Door(), LedgerLane(named: "test", places: 100, patience: .seconds(60)))
        let answers = (0..<100).map { number in
            Task {
                try await lane.ask { () throws(LedgerError) in
                    door.pass()
                    return number
                }
            }
        }
        while door.asked.load(ordering: .relaxed) == 0 { await Task.yield() }
        // On as many threads as there are processors: they would all be taken.
        for _ in 0..<100 { await Task.detached {}.value }
        #expect(door.asked.load(ordering: .relaxed) == 1, "one after the other")
        door.open()
        for (number, answer) in answers.enumerated() { #expect(try await answer.value == number) }
    }

    @Test(.timeLimit(.minutes(1)))
    func noMoreThanSoManyWait() async throws {
        let (door, lane) = (Door(), LedgerLane(named: "test", places: 2, patience: .seconds(60)))
        await withTaskGroup(of: AdminFailure?.self) { group in
            for _ in 0..<3 { group.addTask { await failure(lane) { () throws(LedgerError) in door.pass() } } }
            // The other two wait at the door.
            let refused = await group.next() ?? nil
            #expect(refused?.httpStatus == 503)
            #expect(refused?.text.contains("2 questions") == true)
            door.open()
            for await other in group { #expect(other == nil) }
        }
        #expect(try await lane.ask { () throws(LedgerError) in 7 } == 7)
    }

    @Test(.timeLimit(.minutes(1)))
    func nobodyWaitsForEver() async throws {
        let (door, lane) = (Door(), LedgerLane(named: "test", patience: .milliseconds(50)))
        let late = await failure(lane) { () throws(LedgerError) in door.pass() }
        #expect(late?.httpStatus == 503)
        #expect(late?.text.contains("not answered within") == true)
        // Who gave up before its turn is not asked for.
        let isAsked = Atomic(false)
        _ = await failure(lane) { () throws(LedgerError) in isAsked.store(true, ordering: .relaxed) }
        door.open()
        while await failure(lane, { () throws(LedgerError) in }) != nil {}
        #expect(isAsked.load(ordering: .relaxed) == false)
    }

    @Test func aFailureSaysWhatCanBeDone() async throws {
        let failure = await failure(LedgerLane(named: "test")) { () throws(LedgerError) in throw .tooLong(milliseconds: 3_000) }
        #expect(failure?.label == "unavailable")
        #expect(failure?.text.contains("3000 ms") == true)
        #expect(failure?.text.contains("ask for less") == true)
    }

    @Test("a ledger that cannot be read takes only its own figures from the status", .timeLimit(.minutes(1)))
    func figuresThatTheLedgerKeeps() async throws {
        let pool = try await WholePool(bits: 0x1f00_ffff, difficulty: 1e-6)
        let router = AdminRouter(source: pool.service, access: AdminAccess(isTrusted: true, isPublic: true))
        func read(_ path: String) async -> (status: Int, text: String) {
            let answer = await router.answer(HTTPRequest(method: .get, path: path))
            guard case .bytes(let bytes) = answer.body else { return (answer.status, "") }
            return (answer.status, String(decoding: bytes, as: UTF8.self))
        }
        while await read("/readyz").status != 200 { await Task.yield() }
        let before = try await pool.service.status()
        #expect(before.blocks == 0 && before.ledger.trouble == nil)
        try pool.service.ledger.store.write { database, _ throws(LedgerError) in try database.execute("ALTER TABLE block RENAME TO lost") }
        let status = try await pool.service.status()
        #expect(status.blocks == nil && status.effort == nil && status.luck == nil)
        #expect(status.ledger.failure == nil)
        #expect(status.ledger.trouble?.contains("block") == true)
        #expect(status.height == before.height && status.nodes.count == 1)
        #expect(await read("/readyz").status == 200)
        let metrics = await read("/metrics")
        #expect(metrics.status == 200)
        for line in ["motherlode_ledger_failing 0", "motherlode_ledger_behind 1", "motherlode_height"] {
            #expect(metrics.text.contains(line), "\(line)")
        }
        #expect(!metrics.text.contains("motherlode_blocks_total"))
        #expect(await read("/api/v1/blocks").status == 503)
        try pool.service.ledger.store.write { database, _ throws(LedgerError) in try database.execute("ALTER TABLE lost RENAME TO block") }
        #expect(try await pool.service.status().blocks == 0)
        await pool.stop()
    }
}
