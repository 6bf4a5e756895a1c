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
                EventHub.Topic(name: "blocks") { source throws(AdminFailure) in JSONValue(try await source.blocks(limit: 9).count) },
            ],
            interval: .milliseconds(20)
        )
    }

    private final class Counter: Sendable {
        let value = Mutex(0)
    }

    private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

    @Test func aNewListenerGetsEverything() async {
        var stream = hub(Counter()).stream().makeAsyncIterator()
        #expect(text(await stream.next()) == "event: status\ndata: 12345\n\nevent: blocks\ndata: 2\n\nevent: trouble\ndata: null\n\n")
    }

    @Test func onlyWhatChangedFollows() async {
        var stream = hub(Counter()).stream().makeAsyncIterator()
        _ = await stream.next()
        source.state.withLock { $0.status.accepted = 7 }
        var piece = ""
        while piece.isEmpty { piece = text(await stream.next()) }
        #expect(piece == "event: status\ndata: 7\n\n")
    }

    @Test func aSlowListenerSkipsWhatIsOutdated() async {
        let hub = hub(Counter())
        var slow = hub.stream().makeAsyncIterator()
        var quick = hub.stream().makeAsyncIterator()
        _ = await slow.next()
        _ = await quick.next()
        for value in 1...5 {
            source.state.withLock { $0.status.accepted = value }
            while text(await quick.next()) != "event: status\ndata: \(value)\n\n" {}
        }
        #expect(text(await slow.next()) == "event: status\ndata: 5\n\n")
    }

    @Test func aFailureIsAnEventToo() async {
        source.state.withLock { $0.failure = .unavailable("no\nledger") }
        var stream = hub(Counter()).stream().makeAsyncIterator()
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
}
