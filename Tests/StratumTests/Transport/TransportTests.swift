import COpenSSL
import Certificates
import Glibc
import Testing

@testable import Stratum

@Suite("Encryption and proxies on the miners' port")
struct TransportTests {
    private func harness(_ certificate: TestCertificate? = nil, trusted: [String] = [], loops: Int = 1) throws -> (Harness, TLSContext?) {
        let tls = try certificate.map { try TLSContext(certificate: $0.certificate, key: $0.key) }
        let harness = try Harness(loops: loops) { settings in
            settings.listeners[0].tls = tls
            settings.listeners[0].trustedProxies = trusted.compactMap { AddressRange($0) }
        }
        return (harness, tls)
    }

    @Test("Plain and encrypted miners share a port, in TLS 1.2 and 1.3", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func bothOnOnePort(version: Int32) async throws {
        let (harness, _) = try harness(TestCertificate(name: "pool"))
        var jobs = JobFactory()
        let job = jobs.job()
        harness.server.publish(job)
        let (plain, secure) = (try harness.client(), try harness.client())
        try secure.encrypt(version...version)
        for client in [plain, secure] {
            try client.handshake()
            #expect(try client.notification("mining.notify")?.contains(HexField.text(job.id.value, digits: 16)) == true)
            client.send(TestShare(job, extranonce1: client.extranonce1).line())
            #expect(try client.answer() == accepted)
        }
        // Much more than one record holds, written in one go, and every answer comes.
        let lines = (1...5_000).map { TestShare(job, extranonce1: secure.extranonce1, nonce: UInt32($0)).line() }
        Thread.start { [lines = lines.joined(separator: "\n") + "\n", client = Unchecked(secure)] in _ = client.value.send(raw: lines) }
        for _ in lines { #expect(try secure.answer() == accepted) }
        await harness.stop()
    }

    /// The reader and the writer of one OpenSSL object on two threads would be wrong; here the peer's pace makes them alternate.
    private struct Unchecked: @unchecked Sendable {
        let value: Client
        init(_ value: Client) { self.value = value }
    }

    @Test("An encrypted session is resumed on the loop that has it")
    func resumesAcrossLoops() async throws {
        let (harness, _) = try harness(TestCertificate(name: "pool"), loops: 3)
        for _ in 0..<8 {
            let first = try harness.client()
            try first.encrypt()
            try first.handshake()
            first.end()
            let second = try harness.client()
            try second.encrypt()
            try second.handshake(resuming: first.token)
            #expect(second.extranonce1 == first.extranonce1)
        }
        await harness.stop()
    }

    @Test("What is older than TLS 1.2, or no TLS at all, gets nowhere; nor does any TLS where there is no certificate")
    func refusals() async throws {
        let (harness, _) = try harness(TestCertificate(name: "pool"))
        let old = try harness.client()
        #expect(throws: SecureClient.HandshakeFailed.self) { try old.encrypt(TLS1_VERSION...TLS1_1_VERSION) }
        let garbage = try harness.client()
        garbage.send(raw: "\u{16}\u{3}\u{1}\u{0}\u{5}hello")
        #expect(try garbage.isClosed())
        await harness.stop()
        let (bare, _) = try self.harness()
        let client = try bare.client()
        #expect(throws: SecureClient.HandshakeFailed.self) { try client.encrypt() }
        await bare.stop()
    }

    @Test("A renewed certificate holds for connections that come later; a broken one changes nothing")
    func reload() async throws {
        let files = try TestCertificate(name: "first")
        let (harness, context) = try harness(files)
        let tls = try #require(context)
        let early = try harness.client()
        try early.encrypt()
        #expect(try !tls.reload())
        try files.write(name: "second")
        #expect(try tls.reload())
        let late = try harness.client()
        try late.encrypt()
        #expect((early.certificateName, late.certificateName) == ("first", "second"))
        try early.handshake()
        try late.handshake()
        unlink(files.key)
        #expect(throws: TLSError.self) { try tls.reload() }
        let last = try harness.client()
        try last.encrypt()
        #expect(last.certificateName == "second")
        await harness.stop()
    }

    @Test(
        "A proxy that is trusted names the miner's address; one that is not is garbage",
        arguments: [
            ("PROXY TCP4 192.0.2.7 198.51.100.1 5000 3333\r\n", "192.0.2.7:5000"),
            ("PROXY TCP6 2001:db8::7 2001:db8::1 5000 3333\r\n", "[2001:db8::7]:5000"),
            ("PROXY UNKNOWN whatever\r\n", "127.0.0.1"),
        ]
    )
    func proxies(header: String, address: String) async throws {
        let certificate = try TestCertificate(name: "pool")
        let (harness, _) = try harness(certificate, trusted: ["127.0.0.1/32"])
        for isSecure in [false, true] {
            let client = try harness.client()
            // In two parts, as a slow network may bring it.
            client.send(raw: String(header.prefix(9)))
            client.send(raw: String(header.dropFirst(9)))
            if isSecure { try client.encrypt() }
            try client.handshake()
            #expect(await harness.server.connections().contains { $0.address.hasPrefix(address) })
        }
        let direct = try harness.client()
        try direct.handshake()
        let wrong = try harness.client()
        wrong.send(raw: "PROXY TCP4 nonsense\r\n")
        #expect(try wrong.isClosed())
        await harness.stop()
    }

    @Test("Nobody else is believed")
    func untrusted() async throws {
        let (harness, _) = try harness(trusted: ["192.0.2.0/24"])
        let client = try harness.client()
        client.send(raw: "PROXY TCP4 192.0.2.7 198.51.100.1 5000 3333\r\n")
        #expect(try client.answer()?.contains("malformed") == true)
        try client.handshake()
        #expect(await harness.server.connections().allSatisfy { $0.address.hasPrefix("127.0.0.1") })
        await harness.stop()
    }
}
