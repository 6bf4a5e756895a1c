internal import HTTP
internal import JSON
import Synchronization

/// Work for an administrator that may take longer than a request should: audits and backups. Each runs on a thread of its own, since it blocks
/// on the disk; whoever asked for it asks again how far it is.
public final class LongWork: Sendable {
    public enum Kind: Sendable, Equatable {
        /// Recomputes the ledger.
        case audit
        /// Copies the ledger into a new file.
        case backup(path: String)

        /// The name in JSON.
        var label: String {
            switch self {
            case .audit: "audit"
            case .backup: "backup"
            }
        }
    }

    /// How far a piece of work is.
    public struct Progress: Sendable {
        public enum State: String, Sendable {
            case running
            case done
            case failed
        }

        public var id: Int
        public var kind: Kind
        public var state = State.running
        /// Of `total`, in whatever the work counts.
        public var done = 0
        public var total = 0
        /// What came of it, or why it failed.
        public var result: [Figure] = []
        public var text: String?

        /// A figure of the outcome.
        public struct Figure: Sendable, Equatable {
            public var name: String
            public var count: Int
        }
    }

    /// What the work itself holds: counts on the way, figures and a text at the end.
    struct Report: Sendable {
        fileprivate let owner: LongWork
        fileprivate let id: Int

        func progress(_ done: Int, of total: Int) {
            owner.change(id) { ($0.done, $0.total) = (done, total) }
        }
    }

    struct Outcome: Sendable {
        var figures: [(String, Int)] = []
        /// The difference an audit found.
        var text: String?
    }

    private struct State {
        var next = 1
        var works: [Progress] = []
    }

    private let state = Mutex(State())
    /// Finished works are remembered for whoever asks late.
    private static let memory = 32

    init() {}

    /// Starts `body` on a thread; one of a kind at a time.
    func begin(_ kind: Kind, _ body: @escaping @Sendable (Report) throws -> Outcome) throws(AdminFailure) -> Progress {
        let begun = state.withLock { state -> Progress? in
            guard !state.works.contains(where: { $0.kind.label == kind.label && $0.state == .running }) else { return nil }
            let progress = Progress(id: state.next, kind: kind)
            state.next += 1
            state.works.append(progress)
            if state.works.count > LongWork.memory { state.works.removeAll { $0.state != .running && $0.id <= state.next - LongWork.memory } }
            return progress
        }
        guard let begun else { throw .unavailable("another \(kind.label) is under way; wait for it") }
        let report = Report(owner: self, id: begun.id)
        let started = BackgroundThread.start(named: kind.label) { [self] in
            do {
                let outcome = try body(report)
                change(begun.id) { progress in
                    progress.state = .done
                    progress.text = outcome.text
                    progress.result = outcome.figures.map { Progress.Figure(name: $0.0, count: $0.1) }
                }
            } catch {
                change(begun.id) { progress in
                    progress.state = .failed
                    progress.text = "\(error)"
                }
            }
        }
        guard started else {
            change(begun.id) { $0.state = .failed }
            throw .unavailable("the system has no room for another thread")
        }
        return begun
    }

    subscript(id: Int) -> Progress? { state.withLock { $0.works.first { $0.id == id } } }

    private func change(_ id: Int, _ body: (inout Progress) -> Void) {
        state.withLock { state in
            guard let index = state.works.firstIndex(where: { $0.id == id }) else { return }
            body(&state.works[index])
        }
    }
}

extension LongWork.Progress {
    var json: JSONValue {
        [
            "id": JSONValue(id),
            "kind": .string(kind.label),
            "state": .string(state.rawValue),
            "done": JSONValue(done),
            "total": JSONValue(total),
            "result": .object(JSONObject(result.map { ($0.name, JSONValue($0.count)) })),
            "text": .optional(text),
        ]
    }
}
