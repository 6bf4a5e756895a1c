/// What of a coinbase would make nodes refuse its block.
public enum CoinbaseViolation: Hashable, Sendable {
    /// No transaction at all.
    case unreadable(WireError)
    /// Not one input that spends nothing.
    case notCoinbase
    /// Not 2…100 bytes.
    case scriptSigSize(count: Int)
    /// The scriptSig does not begin with the height's push (BIP34).
    case height(expected: UInt32)
    /// A lock time that this height has not reached.
    case lockTime(UInt32)
    case noOutputs
    /// A single value below zero or above all money.
    case valueOutOfRange(Int64)
    /// More than subsidy and fees.
    case valueTooHigh(total: Int64, limit: Int64)
    case witnessCommitmentMissing
    /// Not the template's: no block of this template has another.
    case witnessCommitmentWrong
    /// An output that nodes take for a commitment where the template has none.
    case witnessCommitmentUnexpected
    /// Not exactly one witness item of 32 zero bytes beside a commitment, or a witness without one.
    case witness
    /// The whole block, with this coinbase.
    case weight(total: Int, limit: Int)
    /// The whole block, with this coinbase.
    case signatureOperations(total: Int, limit: Int)
    /// Other extranonce bytes change more than the scriptSig.
    case extranoncePlace
}

extension CoinbaseViolation {
    /// The label of counters.
    public var label: String {
        switch self {
        case .unreadable: "unreadable"
        case .notCoinbase: "not-coinbase"
        case .scriptSigSize: "script-sig-size"
        case .height: "height"
        case .lockTime: "lock-time"
        case .noOutputs: "no-outputs"
        case .valueOutOfRange: "value-out-of-range"
        case .valueTooHigh: "value-too-high"
        case .witnessCommitmentMissing: "witness-commitment-missing"
        case .witnessCommitmentWrong: "witness-commitment-wrong"
        case .witnessCommitmentUnexpected: "witness-commitment-unexpected"
        case .witness: "witness"
        case .weight: "weight"
        case .signatureOperations: "signature-operations"
        case .extranoncePlace: "extranonce-place"
        }
    }
}

extension CoinbaseViolation: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let error): "coinbase: \(error)"
        case .notCoinbase: "coinbase: does not have the one input that spends nothing"
        case .scriptSigSize(let count): "coinbase: scriptSig of \(count) bytes, 2 to \(CoinbaseLayout.scriptSigLimit) can be"
        case .height(let expected): "coinbase: scriptSig does not begin with height \(expected)"
        case .lockTime(let lockTime): "coinbase: lock time \(lockTime) is not reached"
        case .noOutputs: "coinbase: no outputs"
        case .valueOutOfRange(let value): "coinbase: an output of \(value) satoshi"
        case .valueTooHigh(let total, let limit): "coinbase: pays \(total) satoshi, \(limit) is the limit"
        case .witnessCommitmentMissing: "coinbase: no witness commitment"
        case .witnessCommitmentWrong: "coinbase: witness commitment is not the template's"
        case .witnessCommitmentUnexpected: "coinbase: a witness commitment that the template does not have"
        case .witness: "coinbase: witness does not fit the commitment"
        case .weight(let total, let limit): "block: weighs \(total) with this coinbase, \(limit) is the limit"
        case .signatureOperations(let total, let limit): "block: costs \(total) signature operations with this coinbase, \(limit) is the limit"
        case .extranoncePlace: "coinbase: the extranonce does not lie within the scriptSig"
        }
    }
}
