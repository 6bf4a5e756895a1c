import Glibc
public import HTTP
import Hashing

/// All auxiliary chains of a pool: asks their nodes for work, tells the job maker what to commit to, sends solutions.
///
/// Nothing of it is waited for by the parent chain: a node that hangs holds up its own chain only, and loses its leaf.
public actor AuxiliarySet {
    public struct Settings: Sendable {
        /// Jobs are made for auxiliary changes no more often than this.
        public var rejobInterval: Duration
        /// How long a solution without definite answer is sent again.
        public var patience: Duration
        /// A node that gives no answer for so long has died, and its leaf is dropped.
        public var silence: Duration

        public init(rejobInterval: Duration = .seconds(3), patience: Duration = .seconds(600), silence: Duration = .seconds(10)) {
            self.rejobInterval = rejobInterval
            self.patience = patience
            self.silence = silence
        }
    }

    /// The slots of all configured AuxPoW chains; nil when there is none.
    public nonisolated let shape: AuxiliaryTree.Shape?
    /// The name of the chain of kind rsk; nil when there is none.
    public nonisolated let rskChain: String?
    private var settings: Settings
    private var members: [Member] = []
    private let start = ContinuousClock.now
    private var revision: UInt64 = 0
    /// The revision that a job should be made for at once.
    private var urgentRevision: UInt64 = 0
    private var lastUrgent: Duration?
    private var postponed: Task<Void, Never>?
    private var listeners: [Int: AsyncStream<AuxiliaryUpdate>.Continuation] = [:]
    private var listenerCount = 0

    /// Chains with their nodes over HTTP.
    public init(_ chains: [AuxiliaryChain], http: HTTPClient, settings: Settings = Settings()) throws(AuxiliarySetError) {
        try self.init(chains.map { ($0, $0.makeNodes(http)) }, settings: settings)
    }

    /// Chains with nodes of any make.
    public init(_ chains: [(chain: AuxiliaryChain, nodes: [any AuxiliaryNode])], settings: Settings = Settings()) throws(AuxiliarySetError) {
        var names: Set<String> = []
        for (chain, nodes) in chains {
            guard names.insert(chain.name).inserted else { throw .sameName(chain.name) }
            guard !nodes.isEmpty else { throw .noNode(chain.name) }
            for (index, node) in nodes.enumerated() where nodes[..<index].contains(where: { $0.name == node.name }) { throw .sameNode(node.name) }
        }
        let rsk = chains.filter { $0.chain.chainID == nil }.map(\.chain.name)
        if rsk.count > 1 { throw .severalRSK(rsk[0], rsk[1]) }
        let identifiers = chains.compactMap(\.chain.chainID)
        do {
            shape = identifiers.isEmpty ? nil : try AuxiliaryTree.Shape(chains: identifiers)
        } catch {
            throw .tree(error)
        }
        rskChain = rsk.first
        self.settings = settings
        members = chains.map { Member(chain: $0.chain, nodes: $0.nodes, silence: settings.silence) }
    }

    /// Asks all nodes until the task is cancelled.
    public func run() async {
        await withTaskGroup { group in
            for (index, member) in members.enumerated() {
                for node in member.nodes {
                    group.addTask { await self.poll(node, of: index, every: member.chain.pollInterval) }
                }
            }
            // A node that hangs makes no event: the clock must.
            group.addTask {
                while !Task.isCancelled {
                    await self.tick()
                    try? await Task.sleep(for: .milliseconds(250))
                }
            }
        }
        postponed?.cancel()
        for listener in listeners.values { listener.finish() }
    }

    /// What the next coinbase shall commit to.
    public var works: AuxiliaryWorks {
        AuxiliaryWorks(shape: shape, works: members.compactMap(\.keeper.current), revision: revision)
    }

    /// Every change from now on, beginning with the present state. One that is not taken in time gives way to the next.
    public func updates() -> AsyncStream<AuxiliaryUpdate> {
        let (stream, continuation) = AsyncStream.makeStream(of: AuxiliaryUpdate.self, bufferingPolicy: .bufferingNewest(1))
        let id = listenerCount
        listenerCount += 1
        listeners[id] = continuation
        continuation.onTermination = { [weak self] _ in Task { await self?.forget(id) } }
        continuation.yield(update)
        return stream
    }

    private func forget(_ listener: Int) { listeners[listener] = nil }
}

/// A change of the works.
public struct AuxiliaryUpdate: Sendable {
    public let works: AuxiliaryWorks
    fileprivate let urgentRevision: UInt64

    /// Whether a job should be made for it now, by someone whose last job was made of `revision`. Never with `clean_jobs`: what miners
    /// have is still good for the parent chain.
    public func isUrgent(after revision: UInt64) -> Bool { urgentRevision > revision }
}

// MARK: - Polling

extension AuxiliarySet {
    private var now: Duration { start.duration(to: .now) }

    private func poll(_ node: any AuxiliaryNode, of index: Int, every interval: Duration) async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let content = try await node.work()
                failures = 0
                note(members[index].keeper.take(content, from: node.name, now: now, unixTime: Int64(time(nil))), index)
            } catch {
                guard !Task.isCancelled else { return }
                failures += 1
                note(members[index].keeper.fail(error, from: node.name, now: now), index)
            }
            // A dead node is asked less often, but soon enough to be back within seconds.
            try? await Task.sleep(for: interval * min(1 + failures / 3, 3))
        }
    }

    /// Asks for work out of turn, because the chain has just gone on. An rskj node may give the old work for a moment more.
    private func refresh(_ node: any AuxiliaryNode, _ index: Int) {
        guard !members[index].isRefreshing else { return }
        members[index].isRefreshing = true
        let before = members[index].keeper.current?.parent
        Task {
            for pause in [0, 50, 100, 200, 400] where members[index].keeper.current?.parent == before {
                try? await Task.sleep(for: .milliseconds(pause))
                // What goes wrong here goes wrong at the next poll too, which says so.
                guard let content = try? await node.work() else { break }
                note(members[index].keeper.take(content, from: node.name, now: now, unixTime: Int64(time(nil))), index)
            }
            members[index].isRefreshing = false
        }
    }

    private func tick() {
        for index in members.indices { note(members[index].keeper.tick(now), index) }
    }

    private func note(_ change: WorkKeeper.Change, _ index: Int) {
        guard change != .none else { return }
        if let work = members[index].keeper.current { members[index].remember(work) }
        revision += 1
        if change == .urgent { hurry() }
        publish()
    }

    /// The shortest time from now on between two jobs that are made for auxiliary chains alone.
    public func setRejobInterval(_ interval: Duration) { settings.rejobInterval = interval }

    /// Marks the present state as worth a job, now or when the interval allows.
    private func hurry() {
        guard postponed == nil else { return }
        let wait = lastUrgent.map { $0 + settings.rejobInterval - now } ?? .zero
        guard wait > .zero else {
            lastUrgent = now
            urgentRevision = revision
            return
        }
        postponed = Task {
            try? await Task.sleep(for: wait)
            guard !Task.isCancelled else { return }
            postponed = nil
            lastUrgent = now
            urgentRevision = revision
            publish()
        }
    }

    private var update: AuxiliaryUpdate { AuxiliaryUpdate(works: works, urgentRevision: urgentRevision) }

    private func publish() {
        for listener in listeners.values { listener.yield(update) }
    }
}

// MARK: - Solutions

extension AuxiliarySet {
    /// Sends a solution to the node that issued its work, and waits for a definite answer.
    ///
    /// Cancelling the task gives `undecided`; the block journal keeps the solution then.
    /// - Parameter mayHaveArrived: whether an earlier run may have sent it.
    public func submit(_ solution: AuxiliarySolution, mayHaveArrived: Bool = false) async -> AuxiliaryOutcome {
        await relay(solution, mayHaveArrived: mayHaveArrived).outcome
    }

    /// As ``submit(_:)``, with the node's own words, for those that stand between it and a client.
    public func relay(_ solution: AuxiliarySolution, mayHaveArrived: Bool = false) async -> AuxiliaryReport {
        guard let index = members.firstIndex(where: { $0.chain.name == solution.chain }) else {
            return AuxiliaryReport(outcome: .refused("no chain \"\(solution.chain)\" is configured"))
        }
        members[index].found += 1
        let report: AuxiliaryReport
        if let words = members[index].mistiming(of: solution) {
            report = AuxiliaryReport(outcome: .mistimed(words))
        } else if await mayGo(solution, index) {
            let node = members[index].node(named: solution.node)
            report = await node.send(solution, patience: settings.patience, mayHaveArrived: mayHaveArrived)
            leave(solution, index, report.outcome)
            if report.outcome.movesTip { refresh(node, index) }
        } else {
            report = AuxiliaryReport(outcome: .surplus)
        }
        members[index].count(report)
        return report
    }

    private func mayGo(_ solution: AuxiliarySolution, _ index: Int) async -> Bool {
        switch members[index].enter(solution) {
        case .go: return true
        case .surplus: return false
        case .wait: return await withCheckedContinuation { members[index].queue(solution.work, $0) }
        }
    }

    private func leave(_ solution: AuxiliarySolution, _ index: Int, _ outcome: AuxiliaryOutcome) {
        for (waiting, goes) in members[index].leave(solution, outcome) { waiting.resume(returning: goes) }
    }

    /// Where a block stands on its chain: on it if any node has it there, for another may be behind or on a branch of its own. Which node is
    /// asked first is chance, so that one that got stuck does not say the same for ever.
    public func standing(of block: String, height: Int64, on chain: String) async -> AuxiliaryStanding {
        guard let nodes = members.first(where: { $0.chain.name == chain })?.nodes, !nodes.isEmpty else { return .unknown }
        var known = AuxiliaryStanding.unknown
        let first = Int.random(in: nodes.indices)
        for node in nodes[first...] + nodes[..<first] {
            switch (try? await node.standing(of: block, height: height), known) {
            case (.confirmed(let confirmations), _): return .confirmed(confirmations: confirmations)
            case (.beside(let rival), .beside(let other)): known = .beside(rival: max(rival, other))
            case (.beside(let rival), _): known = .beside(rival: rival)
            case (.ahead, .unknown): known = .ahead
            default: continue
            }
        }
        return known
    }

    /// A work that was given out lately, by its id; the gateway's clients submit what they got before.
    public func work(_ id: String, of chain: String) -> AuxiliaryWork? {
        members.first { $0.chain.name == chain }?.recent.last { $0.id == id }
    }
}

// MARK: - State

extension AuxiliarySet {
    /// The chains in their configured order.
    public func status() -> [AuxiliaryStatus] {
        let unixTime = Int64(time(nil))
        return members.map { $0.status(unixTime: unixTime) }
    }
}
