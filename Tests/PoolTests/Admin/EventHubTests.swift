import Glibc
import HTTP
import JSON
import Synchronization
import Testing

@testable import Pool

/// The live events, without a socket.
@Suite struct EventHubTests {
    private let source = FakeSource()

    /// Topics that count how often they are read.
    private func hub(_ counter: Counter) -> EventHub {
        EventHub(
            source: source,
            topics: [
                EventHub.Topic(name: "status") { source throws(AdminFailure) in
                    counter.value.withLock { $0 += 1 }
                    return JSONValue(try await source.status().accepted)
                },
                EventHub.Topic(name: "blocks") { source throws(AdminFailure) in JSONValue(try await source.blocks(account: nil, limit: 9).count) },
            ],
            interval: .milliseconds(20),
            listeners: 4
        )
    }

    private final class Counter: Sendable {
        let value = Mutex(0)
    }

    private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

    @Test func aNewListenerGetsEverything() async throws {
        var stream = try #require(hub(Counter()).stream()).makeAsyncIterator()
        #expect(text(await stream.next()) == "event: status\ndata: 12345\n\nevent: blocks\ndata: 2\n\nevent: trouble\ndata: null\n\n")
    }

    @Test func onlyWhatChangedFollows() async throws {
        var stream = try #require(hub(Counter()).stream()).makeAsyncIterator()
        _ = await stream.next()
        source.state.withLock { $0.status.accepted = 7 }
        var piece = ""
        while piece.isEmpty { piece = text(await stream.next()) }
        #expect(piece == "event: status\ndata: 7\n\n")
    }

    @Test func aSlowListenerSkipsWhatIsOutdated() async throws {
        let hub = hub(Counter())
        var slow = try #require(hub.stream()).makeAsyncIterator()
        var quick = try #require(hub.stream()).makeAsyncIterator()
        _ = await slow.next()
        _ = await quick.next()
        for value in 1...5 {
            source.state.withLock { $0.status.accepted = value }
            while text(await quick.next()) != "event: status\ndata: \(value)\n\n" {}
        }
        #expect(text(await slow.next()) == "event: status\ndata: 5\n\n")
    }

    @Test func aFailureIsAnEventToo() async throws {
        source.state.withLock { $0.failure = .unavailable("no\nledger") }
        var stream = try #require(hub(Counter()).stream()).makeAsyncIterator()
        #expect(text(await stream.next()) == "event: trouble\ndata: {\"code\":\"unavailable\",\"message\":\"no\\nledger\"}\n\n")
    }

    @Test func allListenersCostOneLook() async {
        let counter = Counter()
        let hub = hub(counter)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = await hub.next(after: 0) } }
        }
        #expect(counter.value.withLock { $0 } <= 2)
    }

    /// Whether they wait for news, or have not even asked for what there is.
    @Test func listenersAreCountedToTheirEnd() async throws {
        let hub = hub(Counter())
        var streams = (0..<4).compactMap { _ in hub.stream() }
        #expect(streams.count == 4)
        #expect(hub.stream() == nil)
        var first = streams.removeFirst().makeAsyncIterator()
        _ = await first.next()
        #expect(hub.stream() == nil)
        streams.removeLast()
        #expect(hub.stream() != nil)
    }

    /// Connections that take nothing out of their sockets: none of them waits for news, and each holds a place.
    @Test(.timeLimit(.minutes(1))) func listenersWhoDoNotReadAreCounted() async throws {
        let long = String(repeating: "x", count: 8 << 20)
        let topic = EventHub.Topic(name: "long") { _ throws(AdminFailure) in .string(long) }
        let hub = EventHub(source: source, topics: [topic], interval: .milliseconds(20), listeners: 4)
        let router = AdminRouter(source: source, access: AdminGate(AdminAccess(isTrusted: true, isPublic: true)), events: hub)
        let server = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0)) { await router.answer($0) }
        let port = try #require(server.boundPort)
        var clients = try (0..<4).map { _ in try EventClient(port: port) }
        // The first bytes are there, so the stream is made.
        for client in clients { #expect(await client.status() == "HTTP/1.1 200") }
        #expect(await (try EventClient(port: port)).status() == "HTTP/1.1 503")
        clients.removeFirst().leave()
        var status = ""
        while status != "HTTP/1.1 200" { status = await (try EventClient(port: port)).status() }
        await server.stop()
    }
}

/// A page that opens the live events and reads no more than the first bytes of the answer.
private final class EventClient: Sendable {
    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        try #require(connected == 0)
        let request = Array("GET /api/v1/events HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        try #require(send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count)
    }

    deinit { close(descriptor) }

    func leave() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// On a thread of its own: the server's tasks need those that tests run on.
    func status() async -> String {
        await withCheckedContinuation { continuation in
            let read: @Sendable () -> Void = {
                var bytes = [UInt8](repeating: 0, count: 12)
                let count = recv(self.descriptor, &bytes, bytes.count, Int32(MSG_WAITALL))
                continuation.resume(returning: String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
            }
            if !BackgroundThread.start(named: "read", read) { continuation.resume(returning: "") }
        }
    }
}
