import Glibc
import Hashing
import Randomness
import Testing

@testable import Stratum

@Suite("The server outlasts stores, networks and enemies")
struct EnduranceTests {
    // MARK: The ledger

    @Test("No answer before the ledger has one; what it refuses is refused by its reason")
    func ledger() async throws {
        let harness = try Harness()
        harness.pool.ledger(.holds)
        let (job, client) = try harness.mining()
        let share = TestShare(job, extranonce1: client.extranonce1)
        client.send(share.line(id: "1"), share.line(id: "2"), #"{"id":3,"method":"mining.ping"}"#)
        #expect(await Harness.eventually { harness.pool.records.count == 2 })
        #expect(try client.answer() == #"{"id":3,"result":"pong","error":null}"#, "only shares wait")
        harness.pool.ledger(.refuses)
        #expect(try client.answer() == refused(.storeUnavailable, id: "1"))
        #expect(try client.answer() == refused(.duplicate, id: "2"))
        harness.pool.ledger(.stores)
        client.send(TestShare(job, extranonce1: client.extranonce1, nonce: 1).line())
        #expect(try client.answer() == accepted)
        await harness.stop()
        #expect(harness.server.counters.accepted == 1)
        #expect(harness.server.counters.rejected[.storeUnavailable] == 1)
    }

    @Test("While the ledger stalls, sockets are left unread, jobs still go out, and nothing is lost")
    func backPressure() async throws {
        let harness = try Harness { $0.pendingShares = 1 << 14 }
        harness.pool.ledger(.holds)
        var jobs = JobFactory()
        let job = jobs.job()
        harness.server.publish(job)
        let capacity = harness.server.rings[0].capacity
        let total = 2 * capacity
        let clients = try (0..<4).map { _ in try harness.client() }
        for client in clients {
            try client.handshake()
            let extranonce1 = client.extranonce1
            let fd = client.fd
            Thread.start {
                for start in stride(from: 0, to: total / 4, by: 64) {
                    let text = (start..<(start + 64)).map { TestShare(job, extranonce1: extranonce1, nonce: UInt32($0)).line() + "\n" }.joined()
                    let bytes = Array(text.utf8)
                    var sent = 0
                    while sent < bytes.count {
                        let count = bytes.withUnsafeBytes { send(fd, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL)) }
                        guard count > 0 || errno == EAGAIN else { return }
                        sent += max(0, count)
                    }
                }
            }
        }
        #expect(await Harness.eventually { harness.server.counters.blocked == 1 })
        let waiting = harness.pool.records.count
        #expect(waiting <= capacity)
        #expect(waiting > capacity / 2)
        harness.server.publish(jobs.job())
        for client in clients {
            _ = try client.notification("mining.notify")
            #expect(try client.notification("mining.notify") != nil)
        }
        harness.pool.ledger(.stores)
        for client in clients {
            for _ in 0..<(total / 4) { #expect(try client.answer() == accepted) }
        }
        #expect(harness.pool.records.count == total)
        await harness.stop()
    }

    @Test("Stopping answers what the ledger still settles")
    func gracefulStop() async throws {
        let harness = try Harness()
        harness.pool.ledger(.holds)
        let (job, client) = try harness.mining()
        client.send(TestShare(job, extranonce1: client.extranonce1).line())
        #expect(await Harness.eventually { harness.pool.records.count == 1 })
        harness.server.quiesce(patience: .seconds(10))
        harness.pool.ledger(.stores)
        #expect(try client.answer() == accepted)
        #expect(try client.isClosed())
        await harness.stop()
    }

    // MARK: Coming back

    @Test("A session comes back to its extranonce1, its jobs and its duplicates, from whichever loop it reaches")
    func resume() async throws {
        let harness = try Harness(difficulty: DifficultySettings(start: 1e-11, minimum: 1e-12), loops: 3)
        var jobs = JobFactory()
        let job = jobs.job()
        harness.server.publish(job)
        let first = try harness.client()
        try first.handshake(password: "d=0.0000000001")
        let share = TestShare(job, extranonce1: first.extranonce1)
        first.send(share.line())
        #expect(try first.answer() == accepted)
        first.end()
        #expect(await Harness.eventually { await harness.server.connections().isEmpty })
        // The kernel picks the loop by the source port, so some of these reach another one first.
        var token = first.token
        for nonce in 1...12 {
            let client = try harness.client()
            try client.handshake(resuming: token)
            #expect(client.extranonce1 == first.extranonce1)
            #expect(try client.notification("mining.set_difficulty") == #"{"id":null,"method":"mining.set_difficulty","params":[0.0000000001]}"#)
            client.send(share.line(), TestShare(job, extranonce1: client.extranonce1, nonce: UInt32(nonce)).line())
            #expect(try client.answer() == refused(.duplicate))
            #expect(try client.answer() == accepted)
            token = client.token
            if nonce.isMultiple(of: 2) {
                client.end()
                #expect(await Harness.eventually { await harness.server.connections().isEmpty })
            } else {
                // Back before the old connection is known to be dead: that one is closed.
                let again = try harness.client()
                try again.handshake(resuming: token)
                #expect(again.extranonce1 == first.extranonce1)
                #expect(try client.isClosed())
                #expect(await harness.server.connections().count == 1)
                again.end()
                #expect(await Harness.eventually { await harness.server.connections().isEmpty })
            }
        }
        await harness.stop()
        #expect(harness.server.counters.disconnected[.resumed] == 6)
    }

    @Test("A session that comes back at another difficulty gets its job as another header")
    func resumeAtAnotherDifficulty() async throws {
        let harness = try Harness(difficulty: DifficultySettings(start: 1e-11, minimum: 1e-12))
        let (job, first) = try harness.mining()
        let earlier = TestShare(job, extranonce1: first.extranonce1)
        first.end()
        let client = try harness.client()
        client.send(
            #"{"id":1,"method":"mining.subscribe","params":["x","\#(first.token)"]}"#,
            #"{"id":2,"method":"mining.authorize","params":["a.w","d=0.00000000001,md=0.0000000002"]}"#
        )
        let notify = try #require(try client.notification("mining.notify"))
        #expect(notify.contains(HexField.text(job.id.value, digits: 16) + "01"))
        // What it had found before goes at the difficulty that job had then.
        for _ in 1...2 { _ = try client.answer() }
        client.send(earlier.line())
        #expect(try client.answer() == accepted)
        #expect(harness.pool.records.last?.weight == ShareDifficulty(1e-11)?.weight)
        await harness.stop()
    }

    @Test("A guessed session id gets a session of its own")
    func guessedToken() async throws {
        let harness = try Harness(loops: 2)
        let first = try harness.client()
        try first.handshake()
        for guess in [
            "00" + String(repeating: "0", count: 30), "01" + String(repeating: "f", count: 30), "ff" + String(repeating: "0", count: 30),
            HexField.text(first.extranonce1),
        ] {
            let thief = try harness.client()
            try thief.handshake(resuming: guess)
            #expect(thief.extranonce1 != first.extranonce1)
            #expect(thief.token != guess)
        }
        await harness.stop()
    }

    @Test("Shares that come in one write with the handshake of a session on another loop wait for that loop's ledger too")
    func pipelinedResume() async throws {
        let harness = try Harness(loops: 2)
        let (job, first) = try harness.mining()
        first.end()
        #expect(await Harness.eventually { await harness.server.connections().isEmpty })
        var nonce: UInt32 = 0
        for _ in 0..<8 {
            let client = try harness.client()
            let shares = (0..<100).map { TestShare(job, extranonce1: first.extranonce1, nonce: nonce + $0).line() + "\n" }.joined()
            nonce += 100
            client.send(
                raw: #"{"id":1,"method":"mining.subscribe","params":["x","\#(first.token)"]}"# + "\n"
                    + #"{"id":2,"method":"mining.authorize","params":["a.w"]}"# + "\n" + shares
            )
            for _ in 0..<2 { _ = try client.answer() }
            for _ in 0..<100 { #expect(try client.answer() == accepted) }
        }
        #expect(harness.pool.records.count == 800)
        await harness.stop()
        #expect(await harness.server.connections().isEmpty, "a server that has stopped still answers")
    }

    // MARK: Enemies

    @Test("A flood of garbage costs its sender the connection, and nobody else anything")
    func garbage() async throws {
        let harness = try Harness()
        let (job, honest) = try harness.mining()
        var generator = SeededGenerator(seed: 9)
        let attacks: [(Client) -> Void] = [
            { client in while client.send(raw: "nonsense\n") {} },
            { client in while client.send(raw: #"{"id":1,"method":"mining.submit","params":[]}"# + "\n") {} },
            { client in while client.send(raw: TestShare(job, extranonce1: 0).line() + "\n") {} },
            { client in while client.send(raw: String(repeating: "x", count: 4_096)) {} },
            { client in while client.send(raw: String(repeating: "[", count: 5_000) + "\n") {} },
            { client in
                while client.send(raw: String(decoding: (0..<1_000).map { _ in UInt8.random(in: 0...255, using: &generator) }, as: UTF8.self)) {}
            },
        ]
        for (index, attack) in attacks.enumerated() {
            let enemy = try harness.client()
            attack(enemy)
            honest.send(TestShare(job, extranonce1: honest.extranonce1, nonce: UInt32(index)).line())
            #expect(try honest.answer() == accepted)
        }
        #expect(await Harness.eventually { await harness.server.connections().count == 1 })
        #expect(harness.pool.records.count == attacks.count)
        await harness.stop()
        #expect(harness.server.counters.disconnected[.garbage]! + harness.server.counters.disconnected[.lineTooLong]! == UInt64(attacks.count))
    }

    @Test("The longest line is read, a longer one is answered and ends the connection")
    func lineLimit() async throws {
        let harness = try Harness()
        let client = try harness.client()
        let head = #"{"id":1,"method":"mining.ping","params":[""#
        let tail = #""]}"#
        client.send(raw: head + String(repeating: "x", count: LineCutter.limit - head.utf8.count - tail.utf8.count) + tail + "\n")
        #expect(try client.answer() == #"{"id":1,"result":"pong","error":null}"#)
        client.send(raw: head + String(repeating: "x", count: LineCutter.limit))
        #expect(try client.answer() == refused(.malformed, id: "null"))
        #expect(try client.isClosed())
        await harness.stop()
        #expect(harness.server.counters.disconnected[.lineTooLong] == 1)
    }

    @Test("Who reads nothing of what it asked for is dropped, others are not harmed")
    func slowReader() async throws {
        let harness = try Harness {
            $0.outputLimit = 64 << 10
            $0.chatterLimit = .max
        }
        let (job, honest) = try harness.mining()
        let slow = try Client(port: harness.port, receiveBuffer: 4_096)
        try slow.handshake()
        let request = String(repeating: #"{"id":1,"method":"mining.get_version","params":[]}"# + "\n", count: 200)
        while slow.send(raw: request) {}
        #expect(await Harness.eventually { harness.server.counters.disconnected[.slowReader] == 1 })
        honest.send(TestShare(job, extranonce1: honest.extranonce1).line())
        #expect(try honest.answer() == accepted)
        await harness.stop()
    }

    @Test("Who asks and does not read is read no further, and gets every answer when it reads")
    func heldReader() async throws {
        // Less than the answers that the kernel does not take: without holding, this connection would be dropped.
        let harness = try Harness {
            $0.outputLimit = 512 << 10
            $0.chatterLimit = .max
        }
        let client = try Client(port: harness.port, receiveBuffer: 4_096)
        try client.handshake()
        let fd = client.fd
        let count = 60_000
        func id(_ number: Int) -> String { #""asked for the \#(String(repeating: "n", count: 24))\#(number)""# }
        let bytes = Array((0..<count).map { #"{"id":\#(id($0)),"method":"x"}"# + "\n" }.joined().utf8)
        Thread.start {
            var sent = 0
            while sent < bytes.count {
                let moved = bytes.withUnsafeBytes { send(fd, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL)) }
                guard moved > 0 || errno == EAGAIN else { return }
                sent += max(0, moved)
            }
        }
        var read: UInt64 = 0
        #expect(
            await Harness.eventually {
                try? await Task.sleep(for: .milliseconds(200))
                defer { read = harness.server.counters.bytesRead }
                return read > 0 && read == harness.server.counters.bytesRead
            }
        )
        #expect(read < bytes.count, "everything was read before anything was taken")
        for number in 0..<count { #expect(try client.answer() == #"{"id":\#(id(number)),"result":null,"error":[20,"unknown-method",null]}"#) }
        await harness.stop()
    }

    /// A miner with little room for what it asks for, which is 30 MB.
    private func askForTransactions(_ harness: Harness) throws -> Client {
        var jobs = JobFactory()
        let text = [UInt8](repeating: 0x31, count: 30 << 20)
        harness.server.publish(jobs.job(transactions: { text }))
        let client = try Client(port: harness.port, receiveBuffer: 4_096)
        try client.handshake()
        client.send(#"{"id":1,"method":"mining.get_transactions","params":[]}"#)
        return client
    }

    @Test("Who reads nothing of its jobs is dropped when its time is over")
    func stalledReader() async throws {
        let harness = try Harness { $0.stallTimeout = .milliseconds(200) }
        let slow = try askForTransactions(harness)
        #expect(await Harness.eventually { harness.server.counters.disconnected[.slowReader] == 1 })
        slow.end()
        await harness.stop()
    }

    @Test("Who reads a byte of a long text now and then is dropped when the text's time is over")
    func tricklingReader() async throws {
        let harness = try Harness { $0.transferTimeout = .milliseconds(200) }
        let slow = try askForTransactions(harness)
        let fd = slow.fd
        #expect(
            await Harness.eventually {
                var chunk = [UInt8](repeating: 0, count: 512)
                _ = recv(fd, &chunk, chunk.count, Int32(MSG_DONTWAIT))
                return harness.server.counters.disconnected[.slowReader] == 1
            }
        )
        await harness.stop()
    }

    @Test("Connections that never become miners are closed when their time is over; miners are not")
    func handshakeTimeout() async throws {
        let harness = try Harness { $0.handshakeTimeout = .milliseconds(300) }
        let miner = try harness.client()
        try miner.handshake()
        let mute = try harness.client()
        let half = try harness.client()
        half.send(#"{"id":1,"method":"mining.subscribe","params":[]}"#)
        let halfLine = try harness.client()
        halfLine.send(raw: #"{"id":1,"#)
        for client in [mute, half, halfLine] { #expect(try client.isClosed()) }
        #expect(await harness.server.connections().count == 1)
        await harness.stop()
        #expect(harness.server.counters.disconnected[.handshakeTimeout] == 3)
    }

    @Test("A connection that is silent for too long is closed")
    func idle() async throws {
        let harness = try Harness { $0.idleTimeout = .milliseconds(300) }
        let client = try harness.client()
        try client.handshake()
        #expect(try client.isClosed())
        await harness.stop()
        #expect(harness.server.counters.disconnected[.idle] == 1)
    }

    // MARK: Listening

    @Test("What cannot be listened on is named with a remedy")
    func listening() async throws {
        let harness = try Harness()
        let judge = ShareJudge(engine: .scalar)
        for (address, part) in [
            ("127.0.0.1:\(harness.port)", "another program has the port"), ("nonsense", "HOST:PORT is wanted"),
            ("127.0.0.1:99999", "HOST:PORT is wanted"),
            ("192.0.2.1:0", "no interface"),
        ] {
            let error = #expect(throws: StratumServerError.self) {
                _ = try StratumServer.start(StratumSettings(listeners: [StratumListener(address: address)]), judge: judge, host: harness.pool) {}
            }
            #expect(error?.description.contains(part) == true, "\(error?.description ?? "no error")")
        }
        await harness.stop()
    }

    @Test("Listeners have their own version masks and difficulties")
    func listeners() async throws {
        let harness = try Harness {
            $0.listeners[0].versionMask = 0
            $0.listeners.append(StratumListener(address: "[::1]:0", difficulty: DifficultySettings(start: 4)))
            $0.listeners.append(StratumListener(address: "127.0.0.1:0", versionMask: 0x00ff_e000, difficulty: DifficultySettings(start: 2_048)))
        }
        #expect(Set(harness.server.addresses.map(\.port)).count == 3)
        #expect(harness.server.addresses[1].description.hasPrefix("[::1]:"))
        var jobs = JobFactory()
        let job = jobs.job(hardest: noHash)
        harness.server.publish(job)
        let client = try Client(port: harness.server.addresses[2].port)
        client.send(#"{"id":1,"method":"mining.configure","params":[["version-rolling"],{"version-rolling.mask":"ffffffff"}]}"#)
        #expect(try client.answer() == #"{"id":1,"result":{"version-rolling":true,"version-rolling.mask":"00ffe000"},"error":null}"#)
        try client.handshake()
        #expect(try client.notification("mining.set_version_mask") == #"{"id":null,"method":"mining.set_version_mask","params":["00ffe000"]}"#)
        #expect(try client.notification("mining.set_difficulty") == #"{"id":null,"method":"mining.set_difficulty","params":[2048]}"#)
        let strict = try harness.client()
        try strict.handshake("b")
        var share = TestShare(job, extranonce1: strict.extranonce1)
        share.versionBits = 0x2000
        strict.send(share.line(worker: "b"))
        #expect(try strict.answer() == refused(.badVersion))
        await harness.stop()
    }
}
