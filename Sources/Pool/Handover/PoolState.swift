import Bitcoin
import MergeMining
import Stratum

/// All that a pool at rest knows and its ledger and journal do not hold, for the process that goes on with it.
struct PoolState: Sendable {
    /// Kept: the duplicate tables travel too, so no header can be credited twice.
    var run: UInt32 = 0
    var payoutGroups = PayoutGroups()
    var jobs = JobsState()
    var stratum = StratumState()
    var listening: [FormerSocket] = []

    /// - Parameter configuration: of the process that goes on.
    mutating func pass(through stream: inout HandoverStream, _ configuration: PoolConfiguration) throws(HandoverStream.Failure) {
        try stream.pass(&run)
        try payoutGroups.pass(through: &stream)
        try jobs.pass(through: &stream) { configuration.rules(ofAuxiliary: $0) }
        try stratum.pass(through: &stream)
        try stream.pass(&listening, blank: FormerSocket()) { stream, socket throws(HandoverStream.Failure) in try socket.pass(through: &stream) }
    }
}

extension PoolConfiguration {
    /// The rules of a configured AuxPoW chain.
    fileprivate func rules(ofAuxiliary name: String) -> AuxPowRules? {
        guard let chain = auxiliaries.first(where: { $0.name == name }), let flavour = chain.flavour, let number = chain.chainID else { return nil }
        var rules = AuxPowFlavour(flavour).rules
        rules.chain = ChainID(number)
        return rules
    }
}
