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
        let harness = try Harness { $0.guardSettings.offences = 5 }
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

    @Test("An address whose miners send good shares is never banned for what else comes from there")
    func farm() async throws {
        let harness = try Harness { $0.guardSettings.offences = 3 }
        let (job, miner) = try harness.mining()
        miner.send(TestShare(job, extranonce1: miner.extranonce1).line())
        #expect(try miner.answer() == accepted)
        for _ in 0..<12 { try garbage(harness) }
        #expect(await Harness.eventually { harness.server.counters.disconnected[.lineTooLong, default: 0] >= 12 })
        #expect(harness.server.bans.isEmpty)
        try harness.client().handshake()
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
        await harness.stop()
    }

    @Test("Who talks and talks before it is authorized is cut off")
    func strangers() async throws {
        let harness = try Harness()
        let client = try harness.client()
        for _ in 0..<4_000 { if !client.send(raw: #"{"id":3,"method":"mining.ping"}"# + "\n") { break } }
        #expect(try client.isClosed())
        #expect(await Harness.eventually { harness.server.counters.disconnected[.garbage] == 1 })
        await harness.stop()
    }

    @Test("Worthless shares climb the ladder: the job again, a word to connect again, the end")
    func ladder() async throws {
        let harness = try Harness()
        let (job, client) = try harness.mining()
        let line = TestShare(job, extranonce1: client.extranonce1).line()
        client.send(line)
        #expect(try client.answer() == accepted)
        for _ in 0..<4_100 { if !client.send(raw: line + "\n") { break } }
        var lines: [String] = []
        while let line = try client.line() { lines.append(line) }
        #expect(lines.contains { $0.contains("mining.notify") && $0.hasSuffix("true]}") })
        #expect(lines.contains(#"{"id":null,"method":"client.reconnect","params":[]}"#))
        #expect(await Harness.eventually { harness.server.counters.disconnected[.worthless] == 1 })
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
