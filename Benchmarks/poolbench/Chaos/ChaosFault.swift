import Embedded

/// What goes wrong in a chaos, and comes right again.
enum ChaosFault: CaseIterable {
    case node
    case rootstock
    case namecoin
    case diskFull
    case slowDisk
    case clock
    case churn
    case silence
    // What happens in a moment.
    case blackout
    case rival
    case reorganisation
    case kill
    case upgrade

    /// Whether it ends the pool's process.
    var endsProcess: Bool { self == .kill || self == .upgrade }

    /// Whether there is nothing to lift.
    var isMoment: Bool {
        switch self {
        case .node, .rootstock, .namecoin, .diskFull, .slowDisk, .clock, .churn, .silence: false
        case .blackout, .rival, .reorganisation, .kill, .upgrade: true
        }
    }

    /// How often it comes, beside the others.
    var weight: Int {
        switch self {
        case .node: 5
        case .rootstock, .namecoin, .diskFull, .slowDisk, .clock, .churn, .blackout, .rival: 2
        case .silence, .reorganisation: 1
        case .kill, .upgrade: 3
        }
    }
}

/// What faults work on.
struct ChaosWorld {
    let nodes: ChaosNodes
    let pool: ChaosPool
    let crowd: ChaosCrowd
    var random: SplitMix64
    /// Steps that this pool does not have.
    private(set) var missing: Set<String> = []

    init(nodes: ChaosNodes, pool: ChaosPool, crowd: ChaosCrowd, seed: UInt64) {
        self.nodes = nodes
        self.pool = pool
        self.crowd = crowd
        random = SplitMix64(seed: seed)
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int(random.next() % UInt64(elements.count))] }

    /// Begins a fault; what it is, in words.
    mutating func begin(_ fault: ChaosFault) throws -> String {
        let nodes = nodes
        switch fault {
        case .node:
            let kind = pick([NodeFault.refuse, .hang, .drop, .garbage, .busy, .warmingUp])
            try blocking { try await nodes.parent.setFault(kind) }
            return "parent node: \(kind)"
        case .rootstock:
            let kind = pick([NodeFault.refuse, .hang, .drop, .garbage])
            try blocking { try await nodes.rsk.setFault(kind) }
            return "rootstock node: \(kind)"
        case .namecoin:
            let kind = pick([NodeFault.refuse, .hang, .drop, .garbage, .busy, .warmingUp])
            try blocking { try await nodes.namecoin.setFault(kind) }
            return "namecoin node: \(kind)"
        case .diskFull:
            pool.setDiskFull(true)
            return "the disk is full"
        case .slowDisk:
            let delay = Int32(pick([50, 200, 1_000, 3_000]))
            pool.setSyncDelay(milliseconds: delay)
            return "each sync takes \(delay) ms longer"
        case .clock:
            let seconds = Int64(pick([-3_600, -60, 60, 3_600]))
            pool.setClock(off: seconds)
            return "the clock is set by \(seconds) s"
        case .churn:
            crowd.order { $0.churn = 40 }
            return "40 miners a second leave and come back"
        case .silence:
            crowd.order { $0.silent = 200 }
            return "200 connections that say nothing"
        case .blackout:
            crowd.order { $0.blackouts += 1 }
            return "all miners lose their power"
        case .rival:
            try blocking { _ = try await nodes.parent.generate() }
            return "somebody else finds a block"
        case .reorganisation:
            try blocking { await nodes.parent.invalidateTip() }
            return "the parent chain's tip is taken back"
        case .kill:
            pool.killHard()
            return "SIGKILL"
        case .upgrade: return upgrade()
        }
    }

    mutating func end(_ fault: ChaosFault) throws {
        let nodes = nodes
        switch fault {
        case .node: try blocking { try await nodes.parent.setFault(nil) }
        case .rootstock: try blocking { try await nodes.rsk.setFault(nil) }
        case .namecoin: try blocking { try await nodes.namecoin.setFault(nil) }
        case .diskFull: pool.setDiskFull(false)
        case .slowDisk: pool.setSyncDelay(milliseconds: 0)
        case .clock: pool.setClock(off: 0)
        case .churn: crowd.order { $0.churn = Self.usualChurn }
        case .silence: crowd.order { $0.silent = 0 }
        case .blackout, .rival, .reorganisation, .kill, .upgrade: break
        }
    }

    /// Miners that come and go a second, whatever else happens.
    static let usualChurn = 1.0

    /// A newer binary takes over; it is the same one here.
    private mutating func upgrade() -> String {
        guard pool.knows(command: "upgrade") else {
            missing.insert("upgrade: this poolctl has no such command")
            return "upgrade: not available"
        }
        return pool.upgrade()
    }
}
