import Bitcoin
import Hashing

/// Where in the chain a block would stand.
struct BlockPlace {
    var height: UInt32
    /// The median of the eleven times before it.
    var medianTimePast: UInt32
    /// The bits it must carry.
    var bits: CompactBits
    /// The node's clock, Unix seconds.
    var now: UInt32
}

/// Rules that need the block's place.
extension BlockRules {
    /// How far ahead of the clock a header may be, seconds.
    static let futureLimit: UInt32 = 7_200

    static func checkHeader(_ header: BlockHeader, at place: BlockPlace) throws(BlockRejection) {
        guard header.bits == place.bits else { throw .badBits }
        guard header.time > place.medianTimePast else { throw .timeTooOld }
        guard UInt64(header.time) <= UInt64(place.now) + UInt64(futureLimit) else { throw .timeTooNew }
        // BIP34, BIP66 and BIP65 are active from height 1 on; the version is signed.
        guard Int32(bitPattern: header.version) >= 4 else { throw .badVersion(header.version) }
    }

    static func checkBody(_ block: Block, at place: BlockPlace) throws(BlockRejection) {
        guard block.transactions.allSatisfy({ isFinal($0, at: place) }) else { throw .notFinal }
        let coinbase = block.transactions[0]
        guard coinbase.inputs[0].scriptSig.bytes.starts(with: Script.height(place.height).bytes) else { throw .coinbaseHeight }
        try checkWitness(block)
        guard block.weight <= weightLimit else { throw .badWeight }
    }

    /// Lock times are compared with the median time past (BIP113).
    private static func isFinal(_ transaction: Transaction, at place: BlockPlace) -> Bool {
        let lock = transaction.lockTime
        if lock == 0 || lock < (lock < 500_000_000 ? place.height : place.medianTimePast) { return true }
        return transaction.inputs.allSatisfy { $0.sequence == .max }
    }

    /// The witness commitment (BIP141): the last output that looks like one counts.
    ///
    /// bitcoind's `submitblock` adds a reserved value of zeros to a coinbase without one; this node does not, so that a pool which forgets its own
    /// witness is noticed here.
    private static func checkWitness(_ block: Block) throws(BlockRejection) {
        let coinbase = block.transactions[0]
        guard let commitment = coinbase.outputs.lazy.map(\.script.bytes).last(where: isWitnessCommitment) else {
            guard !block.transactions.contains(where: \.hasWitness) else { throw .unexpectedWitness }
            return
        }
        let stack = coinbase.inputs[0].witness
        guard stack.count == 1, stack[0].count == 32 else { throw .witnessReservedValue }
        let wtxids = [Hash256.zero] + block.transactions.dropFirst().map(\.wtxid)
        guard commitment[6..<38].elementsEqual(witnessCommitment(wtxids: wtxids, reservedValue: stack[0])) else { throw .witnessCommitment }
    }

    static let witnessCommitmentPrefix: [UInt8] = [0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed]

    private static func isWitnessCommitment(_ script: [UInt8]) -> Bool {
        script.count >= 38 && script.starts(with: witnessCommitmentPrefix)
    }

    /// The 32 committed bytes.
    ///
    /// - Parameter wtxids: the whole block's, zero standing for the coinbase's own.
    static func witnessCommitment(wtxids: [Hash256], reservedValue: [UInt8]) -> [UInt8] {
        let root = MerkleBranch.root(of: wtxids) ?? .zero
        return Hash256.sha256d(root.internalBytes + reservedValue).internalBytes
    }
}
