import Bitcoin
import CZeroMQ
import Hashing
import Testing

/// Notices over ZMQ, from a publisher in this process.
@Suite(.timeLimit(.minutes(1)))
struct NodeHashBlockTests {
    /// A notice comes only if the publisher knows its subscriber, so it is published again until it is seen.
    static func firstNotice(of subscription: HashBlockSubscription, from publisher: Publisher, sequence: UInt32) async throws -> HashBlockNotice {
        let repeating = Task {
            while !Task.isCancelled {
                publisher.publish(hash: 1, sequence: sequence)
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        defer { repeating.cancel() }
        // Repeats of an earlier one may still be waiting.
        for await notice in subscription.notices where notice.sequence == sequence { return notice }
        throw CancellationError()
    }

    @Test func noticesArriveInOrderWithTheirGaps() async throws {
        let publisher = try Publisher()
        let subscription = try HashBlockSubscription(endpoint: publisher.endpoint)
        let first = try await Self.firstNotice(of: subscription, from: publisher, sequence: 7)
        #expect(first.hash.displayHex == Publisher.hash(1))
        #expect(first.sequence == 7)
        #expect(first.missed == 0)
        #expect(subscription.state == .connected)
        #expect(subscription.lastNotice != nil)
        publisher.send([Array("hashtx".utf8), [UInt8](repeating: 0, count: 32), [0, 0, 0, 0]])
        publisher.send([Array("hashblock".utf8), [1, 2, 3], [9, 0, 0, 0]])
        publisher.send([Array("hashblock".utf8)])
        publisher.publish(hash: 2, sequence: 8)
        publisher.publish(hash: 3, sequence: 11)
        publisher.publish(hash: 4, sequence: 1)
        var seen: [HashBlockNotice] = []
        // Repeats of the first notice may still be under way.
        for await notice in subscription.notices where notice.sequence != 7 {
            seen.append(notice)
            if seen.count == 3 { break }
        }
        #expect(seen.map(\.hash.displayHex) == [2, 3, 4].map { Publisher.hash($0) })
        #expect(seen.map(\.missed) == [0, 2, 1])
        #expect(seen.map(\.isFromNewStart) == [false, false, true])
        subscription.stop()
        for await _ in subscription.notices {}
        #expect(subscription.state == .stopped)
    }

    @Test func aLostPublisherIsFoundAgain() async throws {
        let publisher = try Publisher()
        let endpoint = publisher.endpoint
        let subscription = try HashBlockSubscription(endpoint: endpoint)
        _ = try await Self.firstNotice(of: subscription, from: publisher, sequence: 1)
        publisher.close()
        try await until { subscription.state == .disconnected }
        #expect(subscription.disconnects == 1)
        let second = try Publisher(endpoint: endpoint)
        _ = try await Self.firstNotice(of: subscription, from: second, sequence: 5)
        #expect(subscription.state == .connected)
    }

    /// libzmq never connects again to a peer that sent more than it may.
    @Test func aPublisherThatSendsTooMuchIsGivenAnotherChance() async throws {
        let publisher = try Publisher()
        let subscription = try HashBlockSubscription(endpoint: publisher.endpoint, heartbeat: .milliseconds(100))
        _ = try await Self.firstNotice(of: subscription, from: publisher, sequence: 1)
        publisher.send([Array("hashblock".utf8), [UInt8](repeating: 0, count: 100_000), [9, 0, 0, 0]])
        try await until { subscription.disconnects == 1 }
        _ = try await Self.firstNotice(of: subscription, from: publisher, sequence: 2)
        #expect(subscription.state == .connected)
    }

    @Test func restartConnectsAnew() async throws {
        let publisher = try Publisher()
        let subscription = try HashBlockSubscription(endpoint: publisher.endpoint)
        _ = try await Self.firstNotice(of: subscription, from: publisher, sequence: 1)
        subscription.restart()
        try await until { subscription.disconnects == 1 }
        _ = try await Self.firstNotice(of: subscription, from: publisher, sequence: 2)
        #expect(subscription.state == .connected)
    }

    @Test func aMissingPublisherIsNoError() async throws {
        let gone = try Publisher()
        let endpoint = gone.endpoint
        gone.close()
        let subscription = try HashBlockSubscription(endpoint: endpoint)
        try await until { subscription.state == .disconnected }
        #expect(subscription.disconnects == 0)
        #expect(subscription.lastNotice == nil)
    }

    @Test(arguments: ["", "nonsense", "tcp://", "tcp://127.0.0.1", "http://127.0.0.1:1"])
    func badEndpointsAreNamed(endpoint: String) {
        #expect(throws: HashBlockError.badEndpoint(endpoint)) { try HashBlockSubscription(endpoint: endpoint) }
    }

    @Test func droppingASubscriptionEndsItsStream() async throws {
        let publisher = try Publisher()
        var subscription: HashBlockSubscription? = try HashBlockSubscription(endpoint: publisher.endpoint)
        let notices = try #require(subscription?.notices)
        subscription = nil
        for await _ in notices {}
    }
}

/// Returns when the condition holds; the suite's time limit ends a wait in vain.
func until(_ condition: () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(2)) }
}

/// A ZMQ publisher on a free port.
///
/// Sendable because only one task at a time uses it; the tests wait for one call before the next.
final class Publisher: @unchecked Sendable {
    let endpoint: String
    private let context: UnsafeMutableRawPointer?
    private let socket: UnsafeMutableRawPointer?
    private var isOpen = true

    struct Failure: Error {}

    init(endpoint: String = "tcp://127.0.0.1:*") throws {
        context = zmq_ctx_new()
        socket = zmq_socket(context, ZMQ_PUB)
        var linger: Int32 = 0
        _ = zmq_setsockopt(socket, ZMQ_LINGER, &linger, MemoryLayout<Int32>.size)
        guard zmq_bind(socket, endpoint) == 0 else { throw Failure() }
        var name = [CChar](repeating: 0, count: 256)
        var length = name.count
        guard zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, &name, &length) == 0 else { throw Failure() }
        self.endpoint = String(decoding: name.prefix(length - 1).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        close()
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        zmq_close(socket)
        zmq_ctx_term(context)
    }

    /// Display order, as Bitcoin Core publishes hashes.
    static func hash(_ number: UInt8) -> String { String(repeating: "00", count: 31) + "0\(number)" }

    func publish(hash: UInt8, sequence: UInt32) {
        let bytes = [UInt8](repeating: 0, count: 31) + [hash]
        send([Array("hashblock".utf8), bytes, (0..<4).map { UInt8(truncatingIfNeeded: sequence >> (8 * $0)) }])
    }

    func send(_ parts: [[UInt8]]) {
        guard isOpen else { return }
        for (index, part) in parts.enumerated() { _ = zmq_send(socket, part, part.count, index < parts.count - 1 ? ZMQ_SNDMORE : 0) }
    }
}
