internal import JSON
import Synchronization

/// What `/api/v1/events` sends: the newest value of every topic, read from the pool once for all who listen.
///
/// A listener asks for what changed since it was last served, so a slow one skips what is outdated and costs no buffer. While nobody listens
/// nothing is read.
actor EventHub {
    /// What listeners get, each under its own event name.
    struct Topic: Sendable {
        var name: String
        var read: @Sendable (any AdminSource) async throws(AdminFailure) -> JSONValue
    }

    private let source: any AdminSource
    private let topics: [Topic]
    private let interval: Duration
    private var shown: [String: (revision: Int, frame: [UInt8])] = [:]
    private var revision = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isReading = false
    nonisolated let seats: ListenerSeats

    /// Listeners beyond this are refused: each holds a connection of the administration's.
    static let mostListeners = 128

    /// - Parameter interval: between two looks at the pool.
    init(
        source: any AdminSource,
        topics: [Topic] = Topic.dashboard,
        interval: Duration = .seconds(2),
        listeners: Int = EventHub.mostListeners
    ) {
        self.source = source
        seats = ListenerSeats(count: listeners)
        self.topics = topics
        self.interval = interval
    }

    /// The frames that are newer than `seen`, and the revision up to which they reach; waits until there are some.
    func next(after seen: Int) async -> (frames: [UInt8], revision: Int) {
        startReading()
        while revision <= seen, !Task.isCancelled {
            await withCheckedContinuation { waiting.append($0) }
        }
        let news = topicNames.compactMap { shown[$0] }.filter { $0.revision > seen }
        return (news.flatMap(\.frame), revision)
    }

    private var topicNames: [String] { topics.map(\.name) + [Topic.trouble] }

    private func startReading() {
        guard !isReading else { return }
        isReading = true
        Task { await readWhileAsked() }
    }

    private func readWhileAsked() async {
        repeat {
            await readOnce()
            let listeners = waiting
            waiting = []
            for listener in listeners { listener.resume() }
            try? await Task.sleep(for: interval)
        } while !waiting.isEmpty
        isReading = false
    }

    private func readOnce() async {
        revision += 1
        var failure: AdminFailure?
        for topic in topics {
            do {
                show(try await topic.read(source), of: topic.name)
            } catch {
                failure = error
            }
        }
        show(failure.map { ["code": .string($0.label), "message": .string($0.text)] } ?? .null, of: Topic.trouble)
    }

    /// A value that did not change is not sent again.
    private func show(_ value: JSONValue, of topic: String) {
        // Serialized JSON holds no line break, which would end the frame.
        let frame = Array("event: \(topic)\ndata: ".utf8) + value.serialized() + Array("\n\n".utf8)
        if shown[topic]?.frame != frame { shown[topic] = (revision, frame) }
    }
}

extension EventHub.Topic {
    /// Null, or what keeps the pool from telling.
    static let trouble = "trouble"

    private static let rows = 50

    /// What the dashboard shows of the whole pool.
    static let dashboard = [
        EventHub.Topic(name: "status") { source throws(AdminFailure) in try await source.status().json },
        EventHub.Topic(name: "workers") { source throws(AdminFailure) in
            // A pool may have ten thousand workers: the page shows the fastest.
            let workers = try await source.workers(account: nil)
            let fastest = workers.map { ($0.hashrate.first?.hashesPerSecond ?? 0, $0) }.sorted { $0.0 > $1.0 }.prefix(rows)
            return ["total": JSONValue(workers.count), "rows": .array(fastest.map(\.1.json))]
        },
        EventHub.Topic(name: "blocks") { source throws(AdminFailure) in .array(try await source.blocks(account: nil, limit: rows).map(\.json)) },
        EventHub.Topic(name: "auxiliary-blocks") { source throws(AdminFailure) in
            .array(try await source.auxiliaryBlocks(account: nil, limit: 3 * rows).map(\.json))
        },
        EventHub.Topic(name: "rounds") { source throws(AdminFailure) in
            guard let books = source.books else { return [] }
            // Auxiliary chains close rounds many times as often: the parent's are asked for by themselves, or none would be among the newest.
            let parent = try await books.rounds(chain: AdminRouter.parentChain, limit: rows)
            let others = try await books.rounds(chain: nil, limit: rows).filter { $0.chain != AdminRouter.parentChain }
            return .array((parent + others).sorted { $0.to > $1.to }.map(\.json))
        },
    ]
}
