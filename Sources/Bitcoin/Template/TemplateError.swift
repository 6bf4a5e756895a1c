import JSON

/// Why a node's template cannot be mined.
public enum TemplateError: Error, Hashable, Sendable {
    /// A member is missing or not what BIP22, BIP23 and BIP145 say.
    case malformed(path: String, problem: String)
    /// More transactions than a block can hold.
    case tooManyTransactions(count: Int, limit: Int)
    /// Transactions that weigh more than a block may.
    case overweight(weight: Int, limit: Int)
    /// A rule that changes what a miner must do, and which this one does not know (BIP9).
    case unknownRule(String)
    /// A signet whose blocks must be signed.
    case signetChallenge(String)
    /// The template of another network.
    case wrongChain(expected: Chain)
    /// `target` is not what `bits` spell.
    case targetMismatch(bits: String, target: String)
    /// Transactions with witnesses, or signet, and no commitment.
    case noWitnessCommitment
    /// `mintime` lies above `curtime`.
    case timesCrossed(minimum: UInt32, current: UInt32)
}

extension TemplateError {
    init(_ error: JSONError) {
        switch error {
        case .missing(let path): self = .malformed(path: path, problem: "is missing")
        case .mismatch(let path, let expected, let found): self = .malformed(path: path, problem: "should be \(expected) but is \(found)")
        default: self = .malformed(path: "the template", problem: error.text)
        }
    }

    /// The label of counters.
    public var label: String {
        switch self {
        case .malformed: "malformed"
        case .tooManyTransactions: "too-many-transactions"
        case .overweight: "overweight"
        case .unknownRule: "unknown-rule"
        case .signetChallenge: "signet-challenge"
        case .wrongChain: "wrong-chain"
        case .targetMismatch: "target-mismatch"
        case .noWitnessCommitment: "no-witness-commitment"
        case .timesCrossed: "times-crossed"
        }
    }

    /// What an operator can do about it.
    public var remedy: String {
        switch self {
        case .unknownRule: "a fork has come that this version does not know: update Motherlode"
        case .signetChallenge: "use a signet with challenge 51 (OP_TRUE); blocks of others need their owner's signature"
        case .wrongChain(let expected): "point the pool to a node of \(expected.rawValue), or change `chain`"
        case .overweight: "start the node without options that lift its block limits"
        case .malformed, .tooManyTransactions, .targetMismatch, .noWitnessCommitment, .timesCrossed:
            "check that the node is Bitcoin Core 28 or later and that nothing changes its answers on the way"
        }
    }
}

extension TemplateError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let path, let problem): "block template: \(path) \(problem)"
        case .tooManyTransactions(let count, let limit): "block template: \(count) transactions, a block holds \(limit) at most"
        case .overweight(let weight, let limit): "block template: its transactions weigh \(weight), \(limit) is the limit"
        case .unknownRule(let rule): "block template: rule \"\(rule)\" must be understood to mine, and is not"
        case .signetChallenge(let challenge): "block template: signet challenge \"\(challenge)\" asks for signed blocks"
        case .wrongChain(let expected): "block template: not of \(expected.rawValue)"
        case .targetMismatch(let bits, let target): "block template: target \(target) is not what bits \(bits) spell"
        case .noWitnessCommitment: "block template: no default_witness_commitment, and this block needs one"
        case .timesCrossed(let minimum, let current): "block template: mintime \(minimum) lies above curtime \(current)"
        }
    }
}
