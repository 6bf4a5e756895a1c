import Accounting
import Hashing
import MergeMining
import Stratum

// What the administration shows of auxiliary chains.

extension PoolService {
    func auxiliaries() async throws(AdminFailure) -> [AuxiliaryView] {
        guard let auxiliarySet else { return [] }
        let told = await server.connections().compactMap(\.difficulty)
        let needed = Dictionary(await jobs.committedWorks.map { ($0.chain, ShareDifficulty(noHarderThan: $0.target).value) }) { first, _ in first }
        return await auxiliarySet.status().map { AuxiliaryView($0, needed: needed[$0.name], told: told) }
    }

    /// Workers whose extranonce bytes broke commitments, and how often since the start.
    var sabotageByName: [WorkerName: Int] {
        Dictionary(
            auxiliarySubmitter?.sabotage.compactMap { handle, count in ledger.workers[handle].map { ($0, count) } } ?? [],
            uniquingKeysWith: +
        )
    }

    func auxiliaryMetrics() async -> [Metric] {
        guard let chains = try? await auxiliaries(), !chains.isEmpty, let auxiliarySubmitter else { return [] }
        func gauge(_ name: String, _ help: String, _ value: (AuxiliaryView) -> Double?) -> Metric {
            Metric(name, .gauge, help, chains.compactMap { chain in value(chain).map { Metric.Sample($0, [("chain", chain.name)]) } })
        }
        let outcomes = chains.flatMap { chain in
            chain.outcomes.sorted { $0.key < $1.key }.map { Metric.Sample(Double($0.value), [("chain", chain.name), ("outcome", $0.key)]) }
        }
        return await forkMetrics() + [
            gauge("motherlode_auxiliary_working", "1 where jobs commit to the chain.") { $0.isWorking ? 1 : 0 },
            gauge("motherlode_auxiliary_starved", "1 where share targets hide the chain's solutions.") { $0.neededDifficulty == nil ? 0 : 1 },
            gauge("motherlode_auxiliary_height", "Height of the block being mined.") { $0.height.map { Double($0) } },
            gauge("motherlode_auxiliary_work_age_seconds", "Time since the chain's node gave its work.") { $0.workAge.map { Double($0) } },
            gauge("motherlode_auxiliary_difficulty", "Difficulty of the chain's target.", \.difficulty),
            Metric("motherlode_auxiliary_solutions_total", .counter, "Solutions since the start, by what became of them.", outcomes),
            Metric(
                "motherlode_auxiliary_surplus_total",
                .counter,
                "Solutions since the start that came when their work had enough.",
                Double(auxiliarySubmitter.surplusCount)
            ),
            Metric(
                "motherlode_auxiliary_sabotage_total",
                .counter,
                "Solutions since the start that their miner's extranonce made worthless.",
                Double(auxiliarySubmitter.sabotage.values.reduce(0, +))
            ),
        ]
    }
}

extension AuxiliaryView {
    /// - Parameters:
    ///   - needed: the share difficulty that shows the chain's solutions; nil where no job commits to it.
    ///   - told: what each connection was told to work at.
    init(_ status: AuxiliaryStatus, needed: Double?, told: [Double]) {
        func count(_ labels: String...) -> Int { labels.reduce(0) { $0 + Int(clamping: status.counts[$1] ?? 0) } }
        self.init()
        name = status.name
        kind = status.kind
        state = status.state.rawValue
        height = status.height.map { Int($0) }
        workAge = status.workAge.map { Int($0) }
        found = Int(clamping: status.found)
        accepted = count("accepted")
        uncle = count("uncle")
        stale = count("stale", "unknown-work")
        rejected = count("invalid", "refused", "mistimed")
        lastError = status.lastError
        difficulty = status.target?.difficulty
        outcomes = status.counts.mapValues { Int(clamping: $0) }
        hiddenFrom = needed.map { needed in told.count { $0 > needed } } ?? 0
        guard status.state == .working, hiddenFrom > 0 else { return }
        state = AuxiliaryView.starved
        neededDifficulty = needed
    }

    /// Beside the states that ``AuxiliaryState`` names: share targets hide its solutions.
    static let starved = "starved"

    /// Whether jobs commit to it.
    var isWorking: Bool { state == AuxiliaryState.working.rawValue || state == AuxiliaryView.starved }
}
