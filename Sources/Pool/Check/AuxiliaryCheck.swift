import HTTP
import MergeMining

/// The checks of all auxiliary chains: each must give work that the pool can commit to.
struct AuxiliaryCheck: Sendable {
    /// A node that has given nothing by then would be left out of the coinbase, too.
    static let patience: Duration = .seconds(10)

    private let configuration: PoolConfiguration
    private var chains: [PoolConfiguration.Auxiliary] { configuration.auxiliaries }

    init(_ configuration: PoolConfiguration) { self.configuration = configuration }

    /// Asks every chain's node, reports what each says, and gives the works for the coinbase.
    func run(_ report: (CheckLine) -> Void) async -> AuxiliaryWorks {
        guard !chains.isEmpty else { return .none }
        let set: AuxiliarySet
        do {
            set = try AuxiliarySet(configuration, http: HTTPClient())
        } catch {
            report(.failed("auxiliaries", "\(error)", remedy: "correct the chains' entries"))
            return .none
        }
        let polling = Task { await set.run() }
        defer { polling.cancel() }
        let deadline = ContinuousClock.now + Self.patience
        while await set.status().contains(where: { $0.state == .starting }), ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(50))
        }
        for (index, status) in await set.status().enumerated() { report(line("auxiliaries[\(index)]", chains[index], status)) }
        return await set.works
    }

    private func line(_ key: String, _ chain: PoolConfiguration.Auxiliary, _ status: AuxiliaryStatus) -> CheckLine {
        let words = "\(chain.name) at \(chain.url)"
        let reason = status.lastError.map { ": " + $0.withoutControls } ?? ""
        switch status.state {
        case .working:
            let height = status.height.map { " at height \(Units.count(Int($0)))" } ?? ""
            return .ok(key, "\(words) gives work\(height)")
        case .starting:
            return .failed(key, "\(words) gives no answer", remedy: "see what keeps its node busy, or whether a firewall drops packets to it")
        case .down: return .failed(key, "\(words) gives no work\(reason)", remedy: "start its node, or correct url, user, password and address")
        case .stalled: return .failed(key, "\(words) gives the same old work", remedy: "see why its node does not follow the chain")
        case .wrongChain: return .failed(key, "\(words) is another chain\(reason)", remedy: "correct chainId, or name a node of that chain")
        }
    }
}
