internal import HTTP
import Synchronization

/// Listens to a node's `hashblock` notices over ZMQ, on a thread of its own, and connects again whenever the connection is lost.
///
/// A publisher that died without a word is found by heartbeats within half a minute. What nothing on this side can find is a node that lives and no longer
/// publishes; compare with the tip that polling shows, and `restart` when it moved without a notice.
public final class HashBlockSubscription: Sendable {
    /// What became of the connection.
    public enum State: Sendable, Equatable {
        case connecting
        case connected
        /// It was lost, or could not be made; it is tried again.
        case disconnected
        case stopped
    }

    public let endpoint: String
    /// The notices, for one reader. If that is slow the newest 16 are kept.
    public let notices: AsyncStream<HashBlockNotice>
    private let shared: HashBlockShared

    /// Begins to listen; `endpoint` is like `tcp://127.0.0.1:28332`. The node need not be there yet.
    ///
    /// A ping goes out every `heartbeat`, and a node from which nothing comes for twice as long is taken for dead.
    public init(endpoint: String, heartbeat: Duration = .seconds(10)) throws(HashBlockError) {
        self.endpoint = endpoint
        let (notices, continuation) = AsyncStream.makeStream(of: HashBlockNotice.self, bufferingPolicy: .bufferingNewest(16))
        self.notices = notices
        let shared = try HashBlockShared()
        self.shared = shared
        let sockets = try HashBlockSockets(endpoint: endpoint, heartbeat: heartbeat)
        let started = BackgroundThread.start(named: "zmq-hashblock") {
            var loop = HashBlockLoop(endpoint: endpoint, heartbeat: heartbeat, sockets: sockets, shared: shared, notices: continuation)
            loop.run()
        }
        if !started {
            sockets.close()
            throw .noResources("no thread")
        }
    }

    deinit {
        shared.stop()
    }

    public var state: State { shared.state }

    /// When the last notice came; nil before the first.
    public var lastNotice: ContinuousClock.Instant? { shared.lastNotice }

    /// How often the connection was lost.
    public var disconnects: Int { shared.disconnects }

    /// Drops the connection and makes a new one.
    public func restart() {
        shared.restart()
    }

    /// Ends the thread and the stream of notices.
    public func stop() {
        shared.stop()
    }
}

/// Why notices cannot be listened to.
public enum HashBlockError: Error, Sendable, Equatable, CustomStringConvertible {
    case badEndpoint(String)
    case noResources(String)

    /// One line for a log.
    public var text: String {
        switch self {
        case .badEndpoint(let endpoint): "\(endpoint) is no ZMQ address"
        case .noResources(let words): "ZMQ cannot be started: \(words)"
        }
    }

    /// The name this error is counted under.
    public var label: String {
        switch self {
        case .badEndpoint: "bad-endpoint"
        case .noResources: "no-resources"
        }
    }

    /// What a person can do about it.
    public var remedy: String {
        switch self {
        case .badEndpoint: "write it as the node's zmqpubhashblock, tcp://HOST:PORT"
        case .noResources: "see the system's limits on threads and open files"
        }
    }

    public var description: String { text }
}
