/// Why bytes are not what they should be.
public enum WireError: Error, Hashable, Sendable {
    /// The bytes end before what they announce.
    case truncated(offset: Int, needed: Int, left: Int)
    /// A CompactSize that a shorter one would hold; nodes refuse it.
    case nonCanonicalSize(offset: Int)
    /// A count or length above what the place allows.
    case tooLarge(offset: Int, size: UInt64, limit: Int)
    /// Bytes behind the end.
    case trailing(count: Int)
    /// A BIP144 flag other than 1.
    case unknownTransactionFlag(UInt8)
    /// The BIP144 form of a transaction whose inputs have no witness.
    case superfluousWitness
}

extension WireError {
    /// The label of counters.
    public var label: String {
        switch self {
        case .truncated: "truncated"
        case .nonCanonicalSize: "non-canonical-size"
        case .tooLarge: "too-large"
        case .trailing: "trailing-bytes"
        case .unknownTransactionFlag: "unknown-transaction-flag"
        case .superfluousWitness: "superfluous-witness"
        }
    }
}

extension WireError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated(let offset, let needed, let left): "\(needed) bytes wanted at offset \(offset), \(left) left"
        case .nonCanonicalSize(let offset): "a CompactSize at offset \(offset) is not the shortest"
        case .tooLarge(let offset, let size, let limit): "a size of \(size) at offset \(offset), \(limit) is the most"
        case .trailing(let count): "\(count) bytes behind the end"
        case .unknownTransactionFlag(let flag): "transaction flag \(flag), only 1 is known"
        case .superfluousWitness: "a witness form without a witness"
        }
    }
}
