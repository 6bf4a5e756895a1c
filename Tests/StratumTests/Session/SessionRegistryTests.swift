import Randomness
import Testing

@testable import Stratum

@Suite("Sessions that come back")
struct SessionRegistryTests {
    private func session(_ identity: SessionIdentity, worked: Bool = true, hasShare: Bool = true) -> Session {
        var session = Session(settings: .test, difficulty: DifficultySettings(start: 64), at: 0)
        _ = session.subscribed(as: identity, for: .null)
        if hasShare {
            let miner = Authorization(worker: 1, group: 0, account: "a", workerName: "")
            session.add(Session.Worker(key: WorkerKey("a"), authorization: miner, isOnRecord: true))
        }
        if worked { _ = session.issue(.init(sequence: 3, variant: 0), within: ShareBounds(hardest: ShareDifficulty(atMost: 1e9)), at: 0) }
        return session
    }

    private func dormant(_ registry: SessionRegistry, _ token: ResumeToken, at now: Int64) -> SessionRegistry.Dormant? {
        if case .dormant(let session)? = registry.holder(of: token, at: now) { session } else { nil }
    }

    @Test("A session can be resumed within its window, once at a time")
    func window() throws {
        var registry = SessionRegistry(instance: 1, loop: 2, window: 1_000, limit: 10, generator: SeededGenerator(seed: 1))
        let opened = registry.open(for: 5, at: 0)
        let identity = try #require(opened)
        #expect(identity.token.loop == 2)
        if case .live(5)? = registry.holder(of: identity.token, at: 0) {} else { Issue.record("not live") }
        registry.close(session(identity), at: 100)
        let found = try #require(dormant(registry, identity.token, at: 1_099))
        #expect(found.identity == identity)
        #expect(found.issued.difficulty(of: .init(sequence: 3, variant: 0))?.value == 64)
        #expect(registry.holder(of: identity.token, at: 1_100) == nil)
        registry.reopen(identity, for: 6)
        if case .live(6)? = registry.holder(of: identity.token, at: 1_000) {} else { Issue.record("not live again") }
        // The first closing's entry must not end the second's session early.
        registry.close(session(identity), at: 500)
        registry.expire(at: 1_200)
        #expect(dormant(registry, identity.token, at: 1_499) != nil)
    }

    @Test("Who never had a job leaves nothing behind")
    func noJob() throws {
        var registry = SessionRegistry(instance: 1, loop: 0, window: 1_000, limit: 10, generator: SeededGenerator(seed: 1))
        let opened = registry.open(for: 5, at: 0)
        let identity = try #require(opened)
        registry.close(session(identity, worked: false), at: 0)
        #expect(registry.holder(of: identity.token, at: 0) == nil)
        #expect(registry.dormantCount == 0)
    }

    @Test("Too many sessions: the oldest are forgotten, their extranonces rest on")
    func limit() throws {
        var registry = SessionRegistry(instance: 1, loop: 0, window: 1_000, limit: 3, generator: SeededGenerator(seed: 1))
        var identities: [SessionIdentity] = []
        for number in 0..<5 {
            let opened = registry.open(for: number, at: Int64(number))
            let identity = try #require(opened)
            registry.close(session(identity), at: Int64(number))
            identities.append(identity)
        }
        #expect(registry.dormantCount == 3)
        #expect(identities.map { dormant(registry, $0.token, at: 5) != nil } == [false, false, true, true, true])
        let reopened = registry.open(for: 9, at: 5)
        let next = try #require(reopened)
        #expect(!identities.map(\.extranonce1).contains(next.extranonce1))
    }

    @Test("Who comes and goes without a share takes neither the extranonces nor the sessions of those who mined")
    func churn() throws {
        var registry = SessionRegistry(instance: 1, loop: 0, window: 1_000_000, limit: 1_000, generator: SeededGenerator(seed: 1))
        let opened = registry.open(for: 0, at: 0)
        let miner = try #require(opened)
        registry.close(session(miner), at: 0)
        for number in 1..<300_000 {
            let visitor = registry.open(for: number, at: Int64(number))
            registry.close(session(try #require(visitor), hasShare: false), at: Int64(number))
        }
        #expect(registry.dormantCount == 1_000)
        #expect(dormant(registry, miner.token, at: 300_000) != nil)
        // More live and dormant ones than there are values: one that never had a share gives way, one that had does not.
        var space = SessionRegistry(instance: 1, loop: 1, window: 1_000_000, limit: 1_000, generator: SeededGenerator(seed: 1))
        var last: SessionIdentity?
        for number in 0..<(1 << 18) { last = space.open(for: number, at: 0) }
        let (none, idle) = (space.open(for: 0, at: 0), try #require(last))
        #expect(none == nil)
        space.close(session(idle, hasShare: false), at: 1)
        let lent = space.open(for: 0, at: 2)
        #expect(lent?.extranonce1 == idle.extranonce1 && dormant(space, idle.token, at: 2) == nil)
        space.close(session(try #require(lent)), at: 3)
        let late = space.open(for: 0, at: 4)
        #expect(late == nil)
    }

    @Test("Session ids cannot be told from extranonces or from each other")
    func tokens() throws {
        var registry = SessionRegistry(instance: 1, loop: 3, window: 1_000, limit: 10)
        let opened = (0..<100).map { registry.open(for: $0, at: 0) }
        let tokens = opened.compactMap { $0?.token }
        #expect(Set(tokens).count == 100)
        #expect(Set(tokens.map(\.low)).count == 100)
        for token in tokens { #expect(ResumeToken(text: token.text) == token) }
        #expect(ResumeToken(text: "") == nil)
        #expect(ResumeToken(text: String(repeating: "g", count: 32)) == nil)
        #expect(ResumeToken(text: String(repeating: "0", count: 33)) == nil)
    }
}
