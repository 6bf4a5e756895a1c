import Certificates
import Glibc
import Testing

@testable import Stratum

@Suite("Addresses that misbehave are kept out, farms are not")
struct DefenceTests {
    private static let loopback = BannableAddress("127.0.0.1")

    private func garbage(_ harness: Harness) throws {
        let client = try harness.client()
        // A line too long ends a connection at once.
        client.send(raw: String(repeating: "x", count: 20_000))
        _ = try? client.isClosed()
    }

    @Test("Garbage from one address earns it a ban, which ends; by an operator's word at once")
    func ban() async throws {
        let harness = try Harness {
            $0.guardSettings.offences = 5
            $0.guardSettings.grace = .zero
        }
        for _ in 0..<5 { try garbage(harness) }
        #expect(await Harness.eventually { harness.server.bans.count == 1 })
        #expect(harness.server.bans.first?.address == "127.0.0.1")
        #expect(harness.server.bans.first?.isByHand == false)
        let late = try harness.client()
        late.send("{}")
        #expect(try late.isClosed())
        #expect(await Harness.eventually { harness.server.counters.disconnected[.banned] == 1 })
        #expect(harness.server.counters.bans == 1)
        #expect(harness.server.unban(try #require(Self.loopback)))
        #expect(!harness.server.unban(try #require(Self.loopback)))
        try harness.client().handshake()
        await harness.stop()
    }

    @Test("Each admission ends once, and as one on record where a share was submitted, here or before an upgrade or on another loop")
    func admissions() async throws {
        let before = try Harness(loops: 2)
        let (job, miner) = try before.mining()
        let inventor = try before.client()
        try inventor.handshake("b.0")
        for name in ["b.1", "b.2", "b.1", "solo", "b.2"] {
            inventor.send(#"{"id":3,"method":"mining.authorize","params":["\#(name)","x"]}"#)
            #expect(try inventor.answer()?.contains(name == "solo" ? "unauthorized" : "true") == true)
        }
        #expect(before.pool.admissions == 4)
        inventor.end()
        #expect(await Harness.eventually { before.pool.admissions == 1 })
        #expect(before.pool.onRecord.isEmpty)
        // One that is refused is in the books, too.
        var elsewhere = JobFactory()
        elsewhere.run = 8
        miner.send(TestShare(elsewhere.job(), extranonce1: miner.extranonce1).line())
        #expect(try miner.answer()?.contains("unknown-job") == true)
        for _ in 0..<4 {
            // Every second one finds its session's loop only when it resumes.
            let visitor = try before.client()
            try visitor.handshake("c", resuming: miner.token)
            visitor.end()
        }
        #expect(await Harness.eventually { before.pool.admissions == 0 })
        #expect(before.pool.onRecord == [1])

        let next = try before.client()
        try next.handshake()
        _ = try next.notification("mining.notify")
        next.send(TestShare(job, extranonce1: next.extranonce1).line())
        #expect(try next.answer() == accepted)
        let after = try await Harness(after: before, jobs: [job])
        #expect(after.pool.admissions == 1)
        next.end()
        #expect(await Harness.eventually { after.pool.admissions == 0 && after.pool.onRecord.count == 1 })
        await after.stop()
    }

    @Test("TLS handshakes with no miner behind them count against their address, unless good shares came from there", arguments: [false, true])
    func idleHandshakes(isFarm: Bool) async throws {
        let certificate = try TestCertificate(name: "pool")
        let tls = try TLSContext(certificate: certificate.certificate, key: certificate.key)
        let harness = try Harness {
            $0.listeners[0].tls = tls
            $0.guardSettings.offences = 5
            $0.guardSettings.grace = .zero
        }
        if isFarm {
            let (job, miner) = try harness.mining()
            miner.send(TestShare(job, extranonce1: miner.extranonce1).line())
            #expect(try miner.answer() == accepted)
            miner.end()
        }
        // A plain connection that says nothing costs nothing.
        for _ in 0..<10 { try harness.client().end() }
        for _ in 0..<4 {
            let client = try harness.client()
            try client.encrypt()
            client.end()
        }
        #expect(await Harness.eventually { harness.server.counters.disconnected[.gone, default: 0] >= (isFarm ? 15 : 14) })
        #expect(harness.server.bans.isEmpty)
        let fifth = try harness.client()
        try fifth.encrypt()
        fifth.end()
        #expect(await Harness.eventually { harness.server.counters.disconnected[.gone, default: 0] >= (isFarm ? 16 : 15) })
        #expect(harness.server.bans.count == (isFarm ? 0 : 1))
        await harness.stop()
    }

    @Test("An address whose miners send good shares is never banned for what else comes from there")
    func farm() async throws {
        let harness = try Harness {
            $0.guardSettings.offences = 3
            $0.guardSettings.grace = .zero
        }
        let (job, miner) = try harness.mining()
        miner.send(TestShare(job, extranonce1: miner.extranonce1).line())
        #expect(try miner.answer() == accepted)
        for _ in 0..<12 { try garbage(harness) }
        #expect(await Harness.eventually { harness.server.counters.disconnected[.lineTooLong, default: 0] >= 12 })
        #expect(harness.server.bans.isEmpty)
        try harness.client().handshake()
        await harness.stop()
    }

    @Test("A farm that is away, or comes back after a start, is not shut out by a neighbour")
    func neighbours() throws {
        var settings = AddressGuard.Settings()
        settings.offences = 2
        let guardian = AddressGuard(settings)
        let farm = try #require(SocketAddress(numeric: "192.0.2.1", port: 1))
        func offend(at now: Int64) -> Bool {
            guard guardian.enter(farm, at: now) == .admitted else { return false }
            return guardian.leave(farm, wasGood: false, offended: true, at: now)
        }
        // Everybody is new in the first minute.
        for _ in 0..<5 { #expect(!offend(at: 1_000)) }
        // A miner was in before its neighbour's offences became too many: its first good share shows whom the ban has hit.
        #expect(guardian.enter(farm, at: 1_059) == .admitted)
        #expect(!offend(at: 1_060))
        #expect(offend(at: 1_061))
        #expect(guardian.enter(farm, at: 1_062) == .banned)
        guardian.praise(farm)
        #expect(guardian.enter(farm, at: 1_062) == .admitted)
        // The power goes for the rest of the day; the neighbour goes on.
        for _ in 0..<2 { guardian.leave(farm, wasGood: true, offended: false, at: 2_000) }
        for second in 0..<100 { #expect(!offend(at: 2_000 + 860 * Int64(second))) }
        #expect(guardian.enter(farm, at: 2_000 + 86_399) == .admitted)
        guardian.leave(farm, wasGood: false, offended: false, at: 2_000 + 86_399)
        // What was good once does not excuse for ever.
        #expect(!offend(at: 2_000 + 90_000))
        #expect(offend(at: 2_000 + 90_000))
    }

    @Test("What is known of addresses stays bounded, and bans outlast a crowd")
    func crowd() throws {
        var settings = AddressGuard.Settings()
        settings.grace = .zero
        settings.offences = 1
        let guardian = AddressGuard(settings, limit: 100)
        let banned = try #require(SocketAddress(numeric: "192.0.2.1", port: 1))
        guardian.ban(banned, seconds: nil, at: 0)
        for number in 0..<5_000 {
            let stranger = try #require(SocketAddress(numeric: "10.1.\(number / 256).\(number % 256)", port: 1))
            // Ten a second, each of them banned.
            let now = Int64(1_000 + number / 10)
            #expect(guardian.enter(stranger, at: now) == .admitted)
            #expect(guardian.leave(stranger, wasGood: false, offended: true, at: now))
        }
        #expect(guardian.count <= 120)
        #expect(guardian.enter(banned, at: 2_000) == .banned)
    }

    @Test("When files run short, who is not authorized gives way, the oldest first; miners stay")
    func shortOfFiles() async throws {
        let harness = try Harness { $0.connectionLimit = 24 }
        var jobs = JobFactory()
        harness.server.publish(jobs.job())
        let miners = try (0..<10).map { _ in try harness.client() }
        for miner in miners { try miner.handshake() }
        let silent = try (0..<40).map { _ in try harness.client() }
        #expect(try silent[0].isClosed())
        #expect(await Harness.eventually { harness.server.counters.opened == 50 })
        // In spite of the crowd.
        let late = try (0..<14).map { _ in
            let miner = try harness.client()
            try miner.handshake()
            return miner
        }
        // All of them are miners now: there is no room for one more.
        #expect(try silent.allSatisfy { try $0.isClosed() })
        #expect(try harness.client().isClosed())
        for miner in miners + late {
            miner.send(#"{"id":3,"method":"mining.ping"}"#)
            #expect(try miner.answer() == #"{"id":3,"result":"pong","error":null}"#)
        }
        #expect(harness.server.counters.connections == 24)
        #expect(harness.server.counters.disconnected[.handshakeTimeout] == 40)
        #expect(harness.server.counters.disconnected[.tooMany] == 1)
        await harness.stop()
    }

    @Test("An operator's ban closes what is open; a proxy's own address is not the one that counts")
    func operators() async throws {
        let harness = try Harness { $0.listeners[0].trustedProxies = [AddressRange("127.0.0.1")].compactMap(\.self) }
        func through(_ address: String) throws -> Client {
            let client = try harness.client()
            client.send(raw: "PROXY TCP4 \(address) 198.51.100.1 5000 3333\r\n")
            return client
        }
        let (first, second) = (try through("192.0.2.7"), try through("192.0.2.8"))
        try first.handshake()
        try second.handshake()
        harness.server.ban(try #require(BannableAddress("192.0.2.7")), for: nil)
        #expect(try first.isClosed())
        let again = try through("192.0.2.7")
        again.send("{}")
        #expect(try again.isClosed())
        second.send(#"{"id":3,"method":"mining.ping"}"#)
        #expect(try second.answer() == #"{"id":3,"result":"pong","error":null}"#)
        #expect(harness.server.bans.map(\.until) == [nil])
        await harness.stop()
    }

    @Test("A limit on connections holds when it is set, and counts those that are open")
    func limit() async throws {
        let harness = try Harness { $0.guardSettings.connectionsPerAddress = 2 }
        let (first, second) = (try harness.client(), try harness.client())
        try first.handshake()
        try second.handshake()
        let third = try harness.client()
        third.send("{}")
        #expect(try third.isClosed())
        first.end()
        #expect(await Harness.eventually { harness.server.counters.connections == 1 })
        try harness.client().handshake()
        // Another limit holds for who comes, and closes nobody.
        harness.server.limitConnections(perAddress: 1)
        second.send(#"{"id":3,"method":"mining.ping"}"#)
        #expect(try second.answer() == #"{"id":3,"result":"pong","error":null}"#)
        let refused = try harness.client()
        refused.send("{}")
        #expect(try refused.isClosed())
        harness.server.limitConnections(perAddress: nil)
        try harness.client().handshake()
        await harness.stop()
    }

    @Test("A TLS connection that authorizes a name and goes counts like one that does not; one that stays or mines is a miner")
    func shortVisits() async throws {
        let certificate = try TestCertificate(name: "pool")
        let tls = try TLSContext(certificate: certificate.certificate, key: certificate.key)
        let harness = try Harness {
            $0.listeners[0].tls = tls
            $0.guardSettings.offences = 3
            $0.guardSettings.grace = .zero
        }
        for number in 0..<3 {
            let client = try harness.client()
            try client.encrypt()
            try client.handshake("a\(number)")
            #expect(await Harness.eventually { harness.server.counters.secured == 1 })
            client.end()
            #expect(await Harness.eventually { harness.server.counters.connections == 0 })
        }
        #expect(harness.server.counters.secured == 0)
        #expect(harness.server.counters.bans == 1)
        await harness.stop()
    }

    @Test("With no place left, who was authorized long ago and never mined gives way; who mines does not")
    func idlers() async throws {
        let harness = try Harness {
            $0.connectionLimit = 4
            $0.firstShareTime = .zero
            $0.guardSettings.trust = .zero
        }
        let (job, miner) = try harness.mining()
        miner.send(TestShare(job, extranonce1: miner.extranonce1).line())
        #expect(try miner.answer() == accepted)
        var idlers: [Client] = []
        for number in 0..<3 {
            let idler = try harness.client()
            try idler.handshake("idler\(number)")
            idlers.append(idler)
        }
        // All come from one address, which is trusted for as long as one of its connections mines.
        let refused = try harness.client()
        #expect(try refused.isClosed())
        miner.end()
        #expect(await Harness.eventually { harness.server.counters.connections == 3 })
        let last = try harness.client()
        try last.handshake("idler3")
        let newcomer = try harness.client()
        try newcomer.handshake("newcomer")
        #expect(harness.server.counters.disconnected[.idle] == 1)
        await harness.stop()
    }

    @Test func addresses() {
        for text in ["192.0.2.1", "2001:db8::1", "2001:db8::/64"] { #expect(BannableAddress(text) != nil) }
        for text in ["", "192.0.2.1:3333", "192.0.2.0/64", "example.org", "192.0.2"] { #expect(BannableAddress(text) == nil) }
        let guardian = AddressGuard()
        let one = SocketAddress(numeric: "2001:db8::1", port: 1), other = SocketAddress(numeric: "2001:db8::2", port: 2)
        guard let one, let other else { return }
        guardian.ban(one, seconds: 60, at: 1_000)
        #expect(guardian.enter(other, at: 1_059) == .banned, "the same network of 64 bits")
        #expect(guardian.enter(other, at: 1_060) == .admitted)
        #expect(guardian.bans(at: 1_059).map(\.address) == ["2001:db8::/64"])
    }
}
