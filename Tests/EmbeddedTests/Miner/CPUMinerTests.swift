import Embedded
import Glibc
import Hashing
import JSON
import Testing

@Suite(.serialized) struct CPUMinerTests {
    /// About 430 hashes a share.
    private let difficulty = 1e-7

    private func miner(_ pool: ScriptedPool, threads: Int = 2, niceness: Int32 = 0) -> CPUMiner {
        var settings = CPUMiner.Settings(host: "127.0.0.1", port: pool.port, user: "a.w", engine: .scalar)
        settings.threads = threads
        settings.niceness = niceness
        settings.firstBackOff = .milliseconds(5)
        settings.lastBackOff = .milliseconds(20)
        return CPUMiner(settings)
    }

    @Test func everyShareMeetsItsDifficulty() async {
        let pool = ScriptedPool(difficulty: difficulty)
        let miner = miner(pool)
        miner.start()
        await eventually("100 shares come") { pool.shares.count >= 100 }
        await miner.stop()
        pool.close()
        #expect(pool.shares.allSatisfy { $0.fault == nil }, "\(pool.shares.compactMap(\.fault))")
        // Each thread has an extranonce2 of its own.
        #expect(Set(pool.shares.map(\.extranonce2)).isSubset(of: ["0000000000000000", "0100000000000000"]))
        let statistics = miner.statistics
        #expect(statistics.accepted > 30)
        #expect(statistics.rejected == 0)
        #expect(statistics.hashes > 100 * 100)
        #expect(statistics.difficulty == difficulty)
        #expect(pool.lines.first?["method"] == "mining.subscribe")
    }

    @Test func aNewJobIsTakenUp() async {
        let pool = ScriptedPool(difficulty: difficulty)
        let miner = miner(pool)
        miner.start()
        for number in 2...6 {
            await eventually("shares come") { pool.goodShares.contains { $0.jobID == "\(number - 1)" } }
            pool.notify(ScriptedPool.Job(id: "\(number)", time: 1_800_000_000 + UInt32(number)), isClean: number.isMultiple(of: 2))
        }
        await eventually("shares of the last job come") { pool.goodShares.contains { $0.jobID == "6" } }
        await miner.stop()
        pool.close()
        #expect(pool.shares.allSatisfy { $0.fault == nil })
        // Once a share of a clean job came, none of an earlier one does. After other jobs a thread may still bring what it had.
        let order = pool.shares.compactMap { Int($0.jobID) }
        for number in [2, 4, 6] {
            let late = order.drop { $0 != number }.filter { $0 < number }
            #expect(late.isEmpty)
        }
    }

    /// A miner whose every hash is a share waits for answers instead of burying its pool.
    @Test func aPoolThatDoesNotAnswerIsNotBuried() async {
        let pool = ScriptedPool(difficulty: 1e-10, answersSubmits: false)
        let miner = miner(pool)
        miner.start()
        await eventually("the limit is reached") { pool.shares.count >= 64 }
        let hashes = miner.statistics.hashes
        #expect(hashes < 1_000)
        #expect(pool.shares.count <= 64 + 2)
        #expect(miner.statistics.hashes == hashes || pool.shares.count <= 66)
        await miner.stop()
        pool.close()
    }

    @Test func everyHashAShare() async {
        let pool = ScriptedPool(difficulty: 1e-10)
        let miner = miner(pool)
        miner.start()
        await eventually("500 shares come") { pool.shares.count >= 500 }
        await miner.stop()
        pool.close()
        // The pool may still be reading what was sent before the end.
        let shares = pool.shares
        #expect(shares.allSatisfy { $0.fault == nil })
        #expect(Set(shares).count == shares.count)
    }

    @Test func anExtranonceOfNoBytesStillGivesEachThreadItsOwn() async {
        let pool = ScriptedPool(difficulty: difficulty, extranonce2Size: 0)
        let miner = miner(pool)
        miner.start()
        await eventually("40 shares come") { pool.shares.count >= 40 }
        await miner.stop()
        pool.close()
        #expect(pool.shares.allSatisfy { $0.fault == nil })
    }

    @Test func aLostConnectionComesBack() async {
        let pool = ScriptedPool(difficulty: difficulty)
        let miner = miner(pool)
        miner.start()
        for round in 1...3 {
            let before = pool.shares.count
            await eventually("shares come in round \(round)") { pool.connections == round && pool.shares.count > before }
            pool.drop()
        }
        await eventually("it is there again") { pool.connections == 4 }
        await miner.stop()
        pool.close()
        #expect(miner.statistics.connections == 4)
        #expect(miner.statistics.lastFailure == "the pool closed the connection")
    }

    @Test func itWaitsForAPoolThatIsNotThere() async {
        let gone = ScriptedPool(difficulty: difficulty)
        gone.close()
        let miner = miner(gone)
        miner.start()
        await eventually("it says what is wrong") { miner.statistics.lastFailure?.contains("no connection") == true }
        #expect(!miner.statistics.isMining)
        await miner.stop()
    }

    @Test func itGoesWhereItIsSent() async {
        let first = ScriptedPool(difficulty: difficulty)
        let second = ScriptedPool(difficulty: difficulty)
        let miner = miner(first)
        miner.start()
        await eventually("shares come") { !first.shares.isEmpty }
        first.send(["id": .null, "method": "client.reconnect", "params": ["127.0.0.1", .integer(Int64(second.port)), 0]])
        await eventually("shares come at the other") { !second.shares.isEmpty }
        // When that one fails, it comes home.
        second.close()
        await eventually("it is back") { first.connections == 2 }
        await miner.stop()
        first.close()
    }

    @Test func refusalsAreCounted() async {
        let pool = ScriptedPool(difficulty: difficulty, refusal: [21, "stale", .null])
        let miner = miner(pool)
        miner.start()
        await eventually("refusals come") { miner.statistics.rejected >= 5 }
        await miner.stop()
        pool.close()
        #expect(miner.statistics.accepted == 0)
        #expect(miner.statistics.lastRejection == "stale")
    }

    @Test func itRestsPolitely() async throws {
        let pool = ScriptedPool(difficulty: difficulty)
        let miner = miner(pool, threads: 3, niceness: 19)
        miner.start()
        await eventually("shares come") { !pool.shares.isEmpty }
        // Miners of other tests may be about.
        #expect(niceness(ofThreadsNamed: "miner-").count { $0 == 19 } >= 3)
        await miner.stop()
        pool.close()
    }

    /// Of this process's threads whose name begins so.
    private func niceness(ofThreadsNamed prefix: String) -> [Int] {
        guard let folder = opendir("/proc/self/task") else { return [] }
        defer { closedir(folder) }
        var found: [Int] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            var bytes = [UInt8](repeating: 0, count: 1_024)
            let descriptor = open("/proc/self/task/\(name)/stat", O_RDONLY)
            guard descriptor >= 0 else { continue }
            let count = max(0, read(descriptor, &bytes, bytes.count))
            close(descriptor)
            // pid (name) state ppid …: the niceness is the 17th field behind the name.
            let text = String(decoding: bytes[..<count], as: UTF8.self)
            guard let start = text.firstIndex(of: "("), let end = text.lastIndex(of: ")"), text[text.index(after: start)..<end].hasPrefix(prefix)
            else { continue }
            let fields = text[text.index(end, offsetBy: 2)...].split(separator: " ")
            if fields.count > 16, let value = Int(fields[16]) { found.append(value) }
        }
        return found
    }

    @Test func measuresItsHashrate() async {
        let rate = await CPUMiner.measureHashrate(threads: 1, for: .milliseconds(50), engine: .scalar)
        // Any machine that runs these tests does more than ten thousand and less than ten thousand million.
        #expect((1e4...1e10).contains(rate))
    }
}

@Suite struct DevTargetsTests {
    private let regtestLimit = CompactBits(rawValue: 0x207f_ffff)

    @Test(arguments: [1e3, 1e5, 1.5e6, 25e6, 1e9, 1e14]) func paceFollowsTheHashrate(rate: Double) throws {
        let targets = DevTargets(hashrate: rate)
        let parent = try #require(Target(bits: targets.parentBits))
        let auxiliary = try #require(Target(bits: targets.auxiliaryBits))
        // Compact bits round by up to one part in 2^15.
        #expect(abs(Double(parent.weight) / (5 * rate) - 1) < 1e-3)
        #expect(abs(Double(auxiliary.weight) / (1.25 * rate) - 1) < 2e-3)
        #expect(abs(Double(Target(difficulty: targets.shareDifficulty).weight) / (rate / 2) - 1) < 3e-3)
        #expect(Target(difficulty: targets.shareDifficulty) >= parent)
    }

    @Test func nothingIsEasierThanRegtestAllows() {
        let slow = DevTargets(hashrate: 0)
        #expect(slow.parentBits.rawValue <= regtestLimit.rawValue)
        #expect(slow.auxiliaryBits == regtestLimit)
        let easy = DevTargets(hashrate: 25e6, parentBits: regtestLimit)
        #expect(easy.parentBits == regtestLimit)
        #expect(easy.auxiliaryBits == regtestLimit)
        #expect(Target(difficulty: easy.shareDifficulty) >= Target(bits: regtestLimit) ?? .max)
    }

    @Test func whatIsAskedForHolds() throws {
        let hard = DevTargets(hashrate: 25e6, parentBits: CompactBits(rawValue: 0x1d00_ffff), shareDifficulty: 1e-10)
        #expect(hard.parentBits == CompactBits(rawValue: 0x1d00_ffff))
        #expect(hard.shareDifficulty == 1e-10)
        let auxiliary = try #require(Target(bits: hard.auxiliaryBits))
        #expect(auxiliary.value == Target.difficultyOne.value.multipliedSaturating(by: 4))
    }
}
