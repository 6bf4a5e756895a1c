import Hashing
import Randomness
import Synchronization
import Testing

@testable import Stratum

@Suite("The loops' tables")
struct TableTests {
    @Test("The duplicate table agrees with a set")
    func duplicates() {
        var generator = SeededGenerator(seed: 5)
        var table = DuplicateTable()
        var seen: Set<UInt64> = []
        for _ in 0..<50_000 {
            let key = UInt64.random(in: 1...60_000, using: &generator)
            let hash = Hash256(number: UInt256(high: 0, low: UInt128(UInt64.random(in: 0..<9, using: &generator)) << 64 | UInt128(key)))
            let insertion = table.insert(hash)
            #expect(insertion == (seen.insert(key).inserted ? .inserted : .duplicate))
        }
        let (count, size) = (table.count, table.size)
        #expect(count == seen.count)
        #expect(size <= 22 * seen.count)
    }

    @Test("Keys that begin alike are told apart, and a full table says so")
    func fullTable() {
        var table = DuplicateTable(limit: 100)
        var insertions: [DuplicateTable.Insertion] = []
        for key in 0..<100 { insertions.append(table.insert(Hash256(number: UInt256(UInt64(key) << 20 | 1)))) }
        #expect(insertions.allSatisfy { $0 == .inserted })
        let (new, old) = (table.insert(Hash256(number: UInt256(UInt64(7)))), table.insert(Hash256(number: UInt256(UInt64(99) << 20 | 1))))
        #expect(new == .full)
        #expect(old == .duplicate)
    }

    @Test("A loop's extranonces are its own, distinct, and rest before they return")
    func extranonces() throws {
        var first = ExtranonceSpace(instance: 0xab, loop: 0)
        var second = ExtranonceSpace(instance: 0xab, loop: 1)
        let (taken, takenThere) = (first.take(at: 0), second.take(at: 0))
        let a = try #require(taken)
        let b = try #require(takenThere)
        #expect(a != b)
        #expect(a >> 24 == 0xab)
        first.giveBack(a, restingUntil: 1_000)
        var seen: Set<UInt32> = [a]
        while let value = first.take(at: 999) { #expect(seen.insert(value).inserted) }
        #expect(seen.count == 1 << 18)
        let (again, none) = (first.take(at: 1_000), first.take(at: 1_000))
        #expect(again == a)
        #expect(none == nil)
        first.giveBack(a, restingUntil: 5_000)
        first.giveBack(unworked: 7)
        let (unworked, resting) = (first.take(at: 1_001), first.take(at: 1_001))
        #expect(unworked == 7, "what rests does not keep back what need not")
        #expect(resting == nil)
    }

    @Test("The job table agrees with a dictionary")
    func jobTable() {
        var generator = SeededGenerator(seed: 6)
        var factory = JobFactory()
        var table = JobTable(capacity: 40, pastLimit: 5, retention: 1_000)
        /// What must be known: current job of each group, and past ones with the time they were superseded.
        var current: [UInt32: UInt64] = [:]
        var past: [UInt32: [(id: UInt64, since: Int64)]] = [:]
        var gone: [UInt64] = []
        var now: Int64 = 0
        for _ in 0..<2_000 {
            now += Int64.random(in: 0...200, using: &generator)
            let group = UInt32.random(in: 0..<5, using: &generator)
            let job = factory.job(group: group)
            let slot = table.insert(job, at: now)
            #expect(slot != nil)
            let again = table.insert(job, at: now)
            #expect(again == nil, "an id is taken once")
            if let old = current[group], let oldSlot = table.slot(of: old) {
                table.supersede(oldSlot, at: now)
                past[group, default: []].append((old, now))
                if past[group, default: []].count > 5 { gone.append(past[group]!.removeFirst().id) }
            }
            current[group] = job.id.value
            table.retire(at: now, memory: .max)
            for group in past.keys {
                while let first = past[group]?.first, now - first.since >= 1_000 { gone.append(past[group]!.removeFirst().id) }
            }
            let known = Array(current.values) + past.values.joined().map(\.id)
            let count = table.count
            #expect(count == known.count)
            for id in known {
                guard let slot = table.slot(of: id) else {
                    Issue.record("a job that must be known is not")
                    continue
                }
                let found = table[slot].job.id.value
                #expect(found == id)
            }
            for id in gone.suffix(20) {
                let (slot, wasKnown) = (table.slot(of: id), table.wasKnown(id))
                #expect(slot == nil)
                #expect(wasKnown)
            }
        }
        let (future, foreign) = (table.wasKnown(JobID(run: 7, serial: 1_000_000).value), table.wasKnown(JobID(run: 8, serial: 1).value))
        #expect(!future)
        #expect(!foreign)
    }

    @Test("When there is no room, the oldest past job gives way")
    func fullJobTable() throws {
        var factory = JobFactory()
        var table = JobTable(capacity: 3, pastLimit: 100, retention: 1_000_000)
        var ids: [UInt64] = []
        for number in 0..<10 {
            let job = factory.job()
            let inserted = table.insert(job, at: Int64(number))
            let slot = try #require(inserted)
            table.supersede(slot, at: Int64(number))
            ids.append(job.id.value)
        }
        var known: [Bool] = []
        for id in ids { known.append(table.slot(of: id) != nil) }
        #expect(known == Array(repeating: false, count: 7) + Array(repeating: true, count: 3))
    }

    @Test("Past jobs give way when duplicate tables take too much")
    func duplicateMemory() throws {
        var factory = JobFactory()
        var table = JobTable(capacity: 10, pastLimit: 100, retention: 1_000_000)
        for number in 0..<4 {
            let inserted = table.insert(factory.job(), at: 0)
            let slot = try #require(inserted)
            for key in 1...1_000 { _ = table.credit(Hash256(number: UInt256(UInt64(key))), to: slot) }
            if number < 3 { table.supersede(slot, at: Int64(number)) }
        }
        let count4 = table.count
        #expect(count4 == 4)
        table.retire(at: 10, memory: table.duplicateSize / 2)
        let count2 = table.count
        #expect(count2 == 2)
        table.retire(at: 10, memory: 0)
        let count1 = table.count
        #expect(count1 == 1, "the current job stays")
    }

    @Test("A hash's goals are the chains whose targets it meets")
    func goals() {
        var factory = JobFactory()
        let job = factory.job(
            network: Target(value: UInt256(100 as UInt32)),
            auxiliaries: [50, 400, 10].map { Target(value: UInt256($0 as UInt32)) }
        )
        let slot = JobSlot(job, sequence: 1, at: 0)
        for (hash, goals) in [(401, 0), (400, 0b0100), (101, 0b0100), (100, 0b0101), (50, 0b0111), (10, 0b1111), (0, 0b1111)] as [(UInt32, UInt64)] {
            let found = slot.goals(of: Hash256(number: UInt256(hash)))
            #expect(found == goals)
        }
    }
}

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

@Suite("Jobs that change processes")
struct JobTableHandoverTests {
    /// Counted twice, a full table would take no more jobs.
    @Test("a table that was handed over counts its jobs once, and takes new ones when it is full")
    func count() throws {
        var factory = JobFactory()
        let jobs = (0..<4).map { _ in factory.job() }
        var before = JobTable(capacity: 4, pastLimit: 4, retention: 60_000)
        for job in jobs {
            let place = before.insert(job, at: 0)
            let slot = try #require(place)
            before.supersede(slot, at: 1)
        }
        var written = HandoverStream()
        try before.pass(through: &written, jobs: [:])
        var after = JobTable(capacity: 4, pastLimit: 4, retention: 60_000)
        var reading = HandoverStream(reading: written.bytes, sockets: [])
        try after.pass(through: &reading, jobs: Dictionary(uniqueKeysWithValues: jobs.map { ($0.id.value, $0) }))
        let taken = after.count
        #expect(taken == 4)
        let next = factory.job()
        let place = after.insert(next, at: 2)
        #expect(place != nil)
        let (count, found) = (after.count, after.slot(of: next.id.value))
        #expect(count == 4 && found != nil)
    }
}

@Suite("Replies that wait")
struct ReplyQueueTests {
    private func reply(_ number: Int) -> PendingReply {
        PendingReply(connection: Int32(number), generation: 0, id: Array("7".utf8).span)
    }

    @Test("they leave in the order they came, and one that waits alone always lies at the same place")
    func places() {
        var queue = ReplyQueue(capacity: 8)
        var (came, left) = (0, 0)
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<5_000 {
            if Bool.random(using: &generator), queue.room > 0 {
                queue.append(reply(came))
                came += 1
            } else if !queue.isEmpty {
                #expect(queue[queue.head].connection == Int32(left))
                queue.removeFirst()
                left += 1
            }
            #expect(queue.room == 8 - (came - left))
            for number in queue.head..<queue.tail { #expect(queue[number].connection == Int32(number)) }
        }
        while !queue.isEmpty { queue.removeFirst() }
        var places: Set<UnsafePointer<PendingReply>> = []
        for number in 0..<20 {
            queue.append(reply(number))
            withUnsafePointer(to: &queue[queue.head]) { _ = places.insert($0) }
            queue.removeFirst()
        }
        #expect(places.count == 1)
    }
}

@Suite("The ring between a loop and the ledger")
struct VerdictRingTests {
    private func record(_ number: Int) -> ShareRecord {
        ShareRecord(worker: UInt32(number), reason: 0, job: 0, time: 0, weight: 0, difficulty: 0)
    }

    @Test("Records come out in order once flushed, outcomes come back in order, and the capacity bounds what waits")
    func order() {
        let ring = VerdictRing(capacity: 8, wakeLoop: {}, wakeWriter: {})
        var pushed = 0
        var read = 0
        var answered = 0
        var generator = SeededGenerator(seed: 8)
        var settledTotal = 0
        for _ in 0..<5_000 {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                let room = ring.room
                #expect(room == 8 - (pushed - answered))
                #expect(ring.push(record(pushed)) == (room > 0))
                if room > 0 { pushed += 1 }
            case 1:
                ring.flush()
                var batch: [ShareRecord] = []
                let count = ring.read(into: &batch)
                #expect(batch.map(\.worker) == (read..<(read + count)).map(UInt32.init))
                read += count
                #expect(read == pushed)
            case 2 where read > settledTotal:
                let count = Int.random(in: 1...(read - settledTotal), using: &generator)
                ring.settle(count, as: settledTotal.isMultiple(of: 2) ? .stored : .refused)
                settledTotal += count
            default:
                while ring.takeOutcome() != nil { answered += 1 }
                #expect(answered == settledTotal)
            }
        }
        #expect(pushed > 500)
    }

    @Test("The writer does not see what was not flushed, and is woken only for news")
    func flush() {
        let wakes = Wakes()
        let ring = VerdictRing(capacity: 4, wakeLoop: {}, wakeWriter: { wakes.count.wrappingAdd(1, ordering: .relaxed) })
        var batch: [ShareRecord] = []
        _ = ring.push(record(1))
        #expect(ring.read(into: &batch) == 0)
        ring.flush()
        ring.flush()
        #expect(ring.read(into: &batch) == 1)
        #expect(wakes.count.load(ordering: .relaxed) == 1)
        #expect(ring.takeOutcome() == nil)
        ring.settle(1, as: .refused)
        #expect(ring.takeOutcome() == .refused)
    }

    @Test("Two threads, many records")
    func threads() async {
        let ring = VerdictRing(capacity: 1_024, wakeLoop: {}, wakeWriter: {})
        let total = 100_000
        let writer = Task.detached {
            var batch: [ShareRecord] = []
            var next: UInt32 = 0
            while Int(next) < total {
                batch.removeAll(keepingCapacity: true)
                let count = ring.read(into: &batch)
                for record in batch {
                    guard record.worker == next else { return false }
                    next += 1
                }
                if count > 0 { ring.settle(count, as: .stored) } else { await Task.yield() }
            }
            return true
        }
        var pushed = 0
        var answered = 0
        while answered < total {
            while pushed < total, ring.push(record(pushed)) { pushed += 1 }
            ring.flush()
            while ring.takeOutcome() == .stored { answered += 1 }
            if ring.room == 0 { await Task.yield() }
        }
        #expect(await writer.value)
    }
}

private final class Wakes: Sendable {
    let count = Atomic<Int>(0)
}
