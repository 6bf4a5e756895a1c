import Hashing
import Randomness
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
