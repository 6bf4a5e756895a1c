extension AuxiliarySet {
    /// One chain of the set, with all that is known of it.
    struct Member {
        /// A node of RSK remembers 20 works; what is older needs no memory here either.
        private static let mostRecent = 40
        private static let mostRaces = 64
        /// Seconds between a block's making and the poll that brought it, at most.
        private static let timeMargin: Int64 = 10

        let chain: AuxiliaryChain
        let nodes: [any AuxiliaryNode]
        var keeper: WorkKeeper
        /// Works that were mined lately, the newest last.
        private(set) var recent: [AuxiliaryWork] = []
        var found: Int64 = 0
        private var counts: [String: Int64] = [:]
        private var submitError: String?
        /// Its nodes are being asked out of turn.
        var isRefreshing = false
        /// By work, the oldest first.
        private var races: [(work: String, race: SolutionRace, waiting: [CheckedContinuation<Bool, Never>])] = []

        init(chain: AuxiliaryChain, nodes: [any AuxiliaryNode], silence: Duration) {
            self.chain = chain
            self.nodes = nodes
            keeper = WorkKeeper(chain: chain.name, policy: WorkKeeper.Policy(patience: silence))
        }

        /// The node of this name, or after a change of the configuration the first.
        func node(named name: String) -> any AuxiliaryNode {
            nodes.first { $0.name == name } ?? nodes[0]
        }

        mutating func remember(_ work: AuxiliaryWork) {
            recent.removeAll { $0.id == work.id }
            recent.append(work)
            if recent.count > Self.mostRecent { recent.removeFirst() }
        }

        mutating func count(_ report: AuxiliaryReport) {
            counts[report.outcome.label, default: 0] += 1
            if report.rateLimits > 0 { counts["rate-limited", default: 0] += Int64(report.rateLimits) }
            switch report.outcome {
            case .invalid, .refused, .mistimed, .unknownWork, .undecided: submitError = report.outcome.answer
            default: break
            }
        }

        /// Why an RSK node would refuse a solution for its time; nil where nothing is known against it.
        ///
        /// When the work came first is about its block's own time; a margin is left for what lies between.
        func mistiming(of solution: AuxiliarySolution) -> String? {
            guard let limit = chain.timeLimit, let time = solution.parentTime, let work = recent.last(where: { $0.id == solution.work }),
                case let distance = abs(Int64(time) - work.since), distance >= limit + Self.timeMargin
            else { return nil }
            return "the parent header's time is \(distance) s from the work's, and less than \(limit) s is right"
        }

        mutating func enter(_ solution: AuxiliarySolution) -> SolutionRace.Turn {
            if let index = races.firstIndex(where: { $0.work == solution.work }) { return races[index].race.enter() }
            if races.count >= Self.mostRaces, let oldest = races.firstIndex(where: { $0.race.isIdle }) { races.remove(at: oldest) }
            races.append((solution.work, SolutionRace(kind: solution.kind), []))
            return races[races.count - 1].race.enter()
        }

        mutating func queue(_ work: String, _ continuation: CheckedContinuation<Bool, Never>) {
            guard let index = races.firstIndex(where: { $0.work == work }) else { return continuation.resume(returning: false) }
            races[index].waiting.append(continuation)
        }

        /// Those that waited and what they may do now.
        mutating func leave(_ solution: AuxiliarySolution, _ outcome: AuxiliaryOutcome) -> [(CheckedContinuation<Bool, Never>, Bool)] {
            guard let index = races.firstIndex(where: { $0.work == solution.work }) else { return [] }
            let (go, surplus) = races[index].race.leave(outcome)
            let freed = races[index].waiting.prefix(go + surplus)
            races[index].waiting.removeFirst(freed.count)
            return freed.enumerated().map { ($1, $0 < go) }
        }

        func status(unixTime: Int64) -> AuxiliaryStatus {
            let work = keeper.current
            return AuxiliaryStatus(
                name: chain.name,
                kind: chain.kindName,
                state: keeper.state,
                height: work?.height,
                workAge: work.map { max(0, unixTime - $0.since) },
                target: work?.target,
                found: found,
                counts: counts,
                lastError: keeper.state == .working ? submitError : keeper.lastError
            )
        }
    }
}
