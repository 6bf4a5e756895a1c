/// Why no coinbase can be laid out, or filled in, as asked.
public enum CoinbaseError: Error, Hashable, Sendable {
    /// The scriptSig is above 100 bytes though the pool tag has given way already.
    case scriptSigTooLong(count: Int)
    /// An extranonce field of no size, or above what one push opcode holds.
    case extranonceField(size: Int)
    /// A value for the extranonce field that does not fill it exactly.
    case extranonce(count: Int, expected: Int)
    /// A transaction pays someone.
    case noOutputs
}

extension CoinbaseError {
    /// The label of counters.
    public var label: String {
        switch self {
        case .scriptSigTooLong: "script-sig-too-long"
        case .extranonceField: "extranonce-field"
        case .extranonce: "extranonce"
        case .noOutputs: "no-outputs"
        }
    }
}

extension CoinbaseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .scriptSigTooLong(let count):
            "coinbase: its scriptSig takes \(count) bytes without a pool tag, \(CoinbaseLayout.scriptSigLimit) is the limit"
        case .extranonceField(let size): "coinbase: an extranonce field of \(size) bytes, 1 to 75 can be"
        case .extranonce(let count, let expected): "coinbase: an extranonce of \(count) bytes for a field of \(expected)"
        case .noOutputs: "coinbase: no outputs"
        }
    }
}
