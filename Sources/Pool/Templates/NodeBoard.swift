/// Which node's template the pool mines on.
///
/// The first node of the configuration that works is preferred. Any node that sees a higher block first is followed at once, because the
/// pool then mines on the new tip sooner; the preferred node takes over again when it has caught up.
struct NodeBoard<Template: Sendable>: Sendable {
    /// What is known of one node.
    enum State: Sendable, Equatable {
        case connecting
        case ready
        /// Answers, but cannot give work yet: warming up, downloading, without peers.
        case waiting(String)
        case failed(String)

        var label: String {
            switch self {
            case .connecting: "connecting"
            case .ready: "ready"
            case .waiting: "waiting"
            case .failed: "failed"
            }
        }
    }

    struct Entry: Sendable {
        let name: String
        var state = State.connecting
        /// The height its template would make a block at.
        var height: Int64?
        var template: Template?
    }

    /// What a message from a node changes.
    enum Step {
        /// Mine on this template.
        case mine(Template)
        /// Go on as before.
        case keep
        /// No node gives work any more.
        case lost
    }

    private(set) var entries: [Entry]
    private(set) var active: Int?

    init(names: [String]) {
        entries = names.map { Entry(name: $0) }
    }

    mutating func received(_ template: Template, height: Int64, from index: Int) -> Step {
        entries[index].state = .ready
        entries[index].template = template
        entries[index].height = height
        guard let current = active, current != index, let best = entries[current].height else {
            active = index
            return .mine(template)
        }
        guard height > best || (index < current && height == best) else { return .keep }
        active = index
        return .mine(template)
    }

    /// The node stopped giving work.
    mutating func stopped(_ state: State, at index: Int) -> Step {
        entries[index].state = state
        entries[index].template = nil
        guard active == index else { return .keep }
        let others = entries.indices.filter { entries[$0].template != nil }
        active = others.max { (entries[$0].height ?? 0, -$0) < (entries[$1].height ?? 0, -$1) }
        guard let next = active, let template = entries[next].template else { return .lost }
        return .mine(template)
    }
}
