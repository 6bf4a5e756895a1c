import Accounting
import Bitcoin
import Hashing
import MergeMining
import Synchronization

// PPS and FPPS at work: rates published as the chains move, shares credited by the period.

extension Ledger {
    /// What the pool keeps of a SOLO block. When the ledger cannot be read, the booking will say what was to be kept.
    func soloFee(of script: Script, chain: Chain) -> PartsPerMillion {
        guard let address = Address(script: script, chain: chain) else { return .none }
        return (try? fee(account: address.description, chain: Ledger.parentChain)) ?? .none
    }
}

extension PoolService {
    /// Publishes rates and credits shares, until the task is cancelled.
    func publishPay() async {
        let log = Log("ledger")
        let period = Duration.seconds(60 * configuration.accounting.pps.minutes)
        var desks = configuration.chainTerms.filter(\.scheme.paysPerShare).map { PayDesk($0, feeBlocks: configuration.accounting.pps.feeBlocks) }
        var due = ContinuousClock.now
        var round = 0
        while !Task.isCancelled {
            let isDue = ContinuousClock.now >= due
            if isDue { due = .now + period }
            round += 1
            for index in desks.indices {
                guard let offer = await offer(on: desks[index].terms.chain) else { continue }
                do {
                    try desks[index].take(offer, isDue: isDue, mayRetry: round.isMultiple(of: 30), ledger)
                } catch {
                    log.error("\(desks[index].terms.chain): shares are not credited: \(error)")
                }
            }
            pay.withLock { $0 = desks.map(\.state) }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func offer(on chain: String) async -> PayRates.Offer? {
        guard chain != Ledger.parentChain else {
            guard let template = await jobs.current else { return nil }
            return PayRates.Offer(
                height: Int64(template.height),
                subsidy: UInt128(clamping: template.coinbaseValue - template.fees),
                fees: UInt128(clamping: template.fees),
                networkWeight: template.target.weight
            )
        }
        guard let work = await auxiliarySet?.works.works.first(where: { $0.chain == chain }) else { return nil }
        // A node of an auxiliary chain says what a block pays, but not how much of it is fees.
        return PayRates.Offer(height: work.height, subsidy: work.reward, fees: 0, networkWeight: work.target.weight)
    }
}

extension AuxiliaryWork {
    /// What the node says its block pays, in the chain's smallest unit; 0 where it does not say.
    fileprivate var reward: UInt128 {
        switch content {
        case .auxPow(let work): UInt128(clamping: work.value)
        case .rsk(let work): UInt128(work.fees) ?? 0
        }
    }
}
