/// Why a chain of the AuxPoW family refuses a proof. The raw value is the label in logs, counters and `poolctl proof verify`.
public enum AuxPowReject: String, Error, CaseIterable, Sendable {
    case notGenerate = "not-generate"
    case parentHasOurChainID = "parent-has-our-chain-id"
    case chainBranchTooLong = "chain-branch-too-long"
    case coinbaseMerkleRootIncorrect = "coinbase-merkle-root-incorrect"
    case coinbaseNoInputs = "coinbase-no-inputs"
    case rootMissing = "root-missing"
    case multipleHeaders = "multiple-mm-headers"
    case headerNotAdjacent = "header-not-adjacent"
    case rootTooLate = "root-too-late"
    case magicMissing = "magic-missing"
    case sizeNonceMissing = "size-nonce-missing"
    case sizeMismatch = "size-mismatch"
    case wrongIndex = "wrong-index"
    case wrongChainID = "wrong-chain-id"
    case missingOnAuxiliaryVersion = "no-auxpow-on-auxpow-version"
    case presentOnPlainVersion = "auxpow-on-nonauxpow-version"
    case parentAuxiliaryVersion = "parent-auxpow-version"
    case highHash = "high-hash"
    case ownHighHash = "own-high-hash"
    case badEncoding = "bad-encoding"

    /// What a node writes into its log for this refusal.
    public var text: String {
        switch self {
        case .notGenerate: "AuxPow is not a generate"
        case .parentHasOurChainID: "Aux POW parent has our chain ID"
        case .chainBranchTooLong: "Aux POW chain merkle branch too long"
        case .coinbaseMerkleRootIncorrect: "Aux POW merkle root incorrect"
        case .coinbaseNoInputs: "Aux POW coinbase has no inputs"
        case .rootMissing: "Aux POW missing chain merkle root in parent coinbase"
        case .multipleHeaders: "Multiple merged mining headers in coinbase"
        case .headerNotAdjacent: "Merged mining header is not just before chain merkle root"
        case .rootTooLate: "Aux POW chain merkle root must start in the first 20 bytes of the parent coinbase"
        case .magicMissing: "Missing auxpow header"
        case .sizeNonceMissing: "Aux POW missing chain merkle tree size and nonce in parent coinbase"
        case .sizeMismatch: "Aux POW merkle branch size does not match parent coinbase"
        case .wrongIndex: "Aux POW wrong index"
        case .wrongChainID: "block does not have our chain ID"
        case .missingOnAuxiliaryVersion: "no auxpow on block with auxpow version"
        case .presentOnPlainVersion: "auxpow on block with non-auxpow version"
        case .parentAuxiliaryVersion: "auxpow parent block has auxpow version"
        case .highHash: "AUX proof of work failed"
        case .ownHighHash: "non-AUX proof of work failed"
        case .badEncoding: "the proof does not decode"
        }
    }
}
