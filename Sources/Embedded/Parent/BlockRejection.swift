/// Why the embedded parent node does not take a block, in bitcoind's own words.
public enum BlockRejection: Error, Hashable, Sendable {
    // The header.
    case highHash
    case badBits
    case timeTooOld
    case timeTooNew
    case badVersion(UInt32)
    case parentNotFound
    case parentInvalid
    // The body by itself.
    case badMerkleRoot
    case duplicateTransactions
    case badLength
    case coinbaseMissing
    case coinbaseMultiple
    case coinbaseLength
    case inputsMissing
    case outputsMissing
    case outputNegative
    case outputTooLarge
    case outputTotalTooLarge
    case inputsDuplicate
    case previousOutputNull
    case signatureOperations
    // The body in its place.
    case notFinal
    case coinbaseHeight
    case witnessReservedValue
    case witnessCommitment
    case unexpectedWitness
    case badWeight
    case inputsMissingOrSpent
    case coinbaseAmount
    // What is known already.
    case duplicate
    case duplicateInvalid
    /// Only a proposal can be this: it does not build on the tip.
    case notBestParent

    /// What `submitblock` answers.
    public var words: String {
        switch self {
        case .highHash: "high-hash"
        case .badBits: "bad-diffbits"
        case .timeTooOld: "time-too-old"
        case .timeTooNew: "time-too-new"
        case .badVersion(let version): "bad-version(0x\(hex(version)))"
        case .parentNotFound: "prev-blk-not-found"
        case .parentInvalid: "bad-prevblk"
        case .badMerkleRoot: "bad-txnmrklroot"
        case .duplicateTransactions: "bad-txns-duplicate"
        case .badLength: "bad-blk-length"
        case .coinbaseMissing: "bad-cb-missing"
        case .coinbaseMultiple: "bad-cb-multiple"
        case .coinbaseLength: "bad-cb-length"
        case .inputsMissing: "bad-txns-vin-empty"
        case .outputsMissing: "bad-txns-vout-empty"
        case .outputNegative: "bad-txns-vout-negative"
        case .outputTooLarge: "bad-txns-vout-toolarge"
        case .outputTotalTooLarge: "bad-txns-txouttotal-toolarge"
        case .inputsDuplicate: "bad-txns-inputs-duplicate"
        case .previousOutputNull: "bad-txns-prevout-null"
        case .signatureOperations: "bad-blk-sigops"
        case .notFinal: "bad-txns-nonfinal"
        case .coinbaseHeight: "bad-cb-height"
        case .witnessReservedValue: "bad-witness-nonce-size"
        case .witnessCommitment: "bad-witness-merkle-match"
        case .unexpectedWitness: "unexpected-witness"
        case .badWeight: "bad-blk-weight"
        case .inputsMissingOrSpent: "bad-txns-inputs-missingorspent"
        case .coinbaseAmount: "bad-cb-amount"
        case .duplicate: "duplicate"
        case .duplicateInvalid: "duplicate-invalid"
        case .notBestParent: "inconclusive-not-best-prevblk"
        }
    }
}

/// Eight hex digits.
func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
}
