@testable import Accounting

/// A second set of books, kept by plain dictionaries: what the ledger is held against.
struct BookOracle {
    struct Block {
        var chain: String
        var reward: UInt128
        var finder: String
        var parts: [String: UInt128]
        var weights: [String: UInt128]
        var state: BlockState
    }

    var terms: [String: ChainTerms]
    var fees: [String: [String: PartsPerMillion]] = [:]
    /// Minutes, oldest first.
    var minutes: [(start: Int64, weights: [String: UInt128])] = []
    var sinceRound: [String: [String: UInt128]] = [:]
    var unpaid: [String: [String: UInt128]] = [:]
    var rates: [String: PerShareRate] = [:]
    var carries: [String: [String: PerShareRate.Carry]] = [:]
    var blocks: [String: Block] = [:]
    /// Each chain's last block.
    var last: [String: String] = [:]
    /// By chain, account and kind.
    var balances: [String: [String: [BookKind: Int128]]] = [:]

    mutating func work(_ account: String, _ weight: UInt128, minute: Int64) {
        if minutes.last?.start != minute { minutes.append((minute, [:])) }
        minutes[minutes.count - 1].weights[account, default: 0] += weight
        for chain in terms.keys {
            sinceRound[chain, default: [:]][account, default: 0] += weight
            unpaid[chain, default: [:]][account, default: 0] += weight
        }
    }

    /// A chain took a block: its round closes.
    mutating func take(_ hash: String, chain: String, reward: UInt128, network: UInt128, finder: String) {
        guard let terms = terms[chain] else { return }
        let all = sinceRound[chain] ?? [:]
        let weights: [String: UInt128] =
            switch terms.scheme {
            case .pplns(let window): LastShares.weights(minutes.reversed().lazy.map(\.weights), wanted: window.of(network))
            case .prop: proportional(all, chain, finder)
            case .solo: [finder: 1]
            case .pps, .fpps: [:]
            }
        if !terms.scheme.paysPerShare { sinceRound[chain] = [:] }
        var left = reward
        var parts: [String: UInt128] = [:]
        let rows = weights.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        for ((account, _), part) in zip(rows, Apportionment.divide(reward, by: rows.map(\.value))) {
            let fee = fees[chain]?[account] ?? terms.fee
            // The fee is what is left of a part after whole millionths of it, rounded down.
            let net = part - part * UInt128(fee.millionths) / 1_000_000
            parts[account] = net
            left -= net
        }
        parts["", default: 0] += left
        blocks[hash] = Block(chain: chain, reward: reward, finder: finder, parts: parts, weights: weights, state: .accepted)
        last[chain] = hash
        add(hash, .reward, -1, to: .immature)
    }

    /// The open round's work, with that of the round before if its block is lost or nothing was worked since.
    private func proportional(_ open: [String: UInt128], _ chain: String, _ finder: String) -> [String: UInt128] {
        guard let before = last[chain].flatMap({ blocks[$0] }) else { return open.isEmpty ? [finder: 1] : open }
        return open.isEmpty || before.state == .orphaned ? open.merging(before.weights, uniquingKeysWith: +) : open
    }

    mutating func news(_ hash: String, _ state: BlockState) {
        guard let before = blocks[hash]?.state, before != state else { return }
        switch (before, state) {
        case (.accepted, .confirmed): moveParts(hash, .immature, .payable)
        case (.accepted, .orphaned): takeBack(hash, from: .immature)
        case (.confirmed, .orphaned): takeBack(hash, from: .payable)
        case (.orphaned, .confirmed): add(hash, .reward, -1, to: .payable)
        default: break
        }
        blocks[hash]?.state = state
    }

    mutating func credit(_ chain: String) {
        guard let rate = rates[chain], let terms = terms[chain] else { return }
        for (account, weight) in unpaid[chain] ?? [:] {
            let fee = fees[chain]?[account] ?? terms.fee
            guard let paid = rate.pay(weight, fee: fee, carry: carries[chain]?[account] ?? .none) else { continue }
            carries[chain, default: [:]][account] = paid.carry
            balances[chain, default: [:]][account, default: [:]][.payable, default: 0] += Int128(paid.amount)
            balances[chain, default: [:]]["", default: [:]][.payable, default: 0] -= Int128(paid.amount)
        }
        unpaid[chain] = [:]
    }

    private mutating func add(_ hash: String, _ source: BookKind, _ sign: Int128, to kind: BookKind) {
        guard let block = blocks[hash] else { return }
        balances[block.chain, default: [:]]["", default: [:]][source, default: 0] += sign * Int128(block.reward)
        for (account, part) in block.parts { balances[block.chain, default: [:]][account, default: [:]][kind, default: 0] -= sign * Int128(part) }
    }

    private mutating func takeBack(_ hash: String, from kind: BookKind) { add(hash, .reward, 1, to: kind) }

    private mutating func moveParts(_ hash: String, _ from: BookKind, _ to: BookKind) {
        guard let block = blocks[hash] else { return }
        for (account, part) in block.parts {
            balances[block.chain, default: [:]][account, default: [:]][from, default: 0] -= Int128(part)
            balances[block.chain, default: [:]][account, default: [:]][to, default: 0] += Int128(part)
        }
    }
}
