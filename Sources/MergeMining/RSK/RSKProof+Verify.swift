public import Hashing

extension RSKProof {
    /// Judges the proof as a node does, step by step in its order: the first failing step is the reason.
    ///
    /// - Parameters:
    ///   - hash: the block's hash for merged mining.
    ///   - target: what the header's hash must not exceed.
    /// - Returns: the coinbase's txid.
    @discardableResult
    public func verify(hash: RSKMiningHash, target: Target, rules: RSKRules = RSKNetwork.today) throws(RSKReject) -> Hash256 {
        let parts = try checkWork(target: target, rules: rules)
        return try parts.checkCommitment(to: hash, rules: rules)
    }

    /// The steps before the node works out the expected hash: form, presence, size, proof of work.
    func checkWork(target: Target, rules: RSKRules) throws(RSKReject) -> Worked {
        guard let merkleProof else { throw .merkleProofMissing }
        let proof: MerkleProof
        if rules.compactMerkleProof {
            if rules.merkleProofLimit, merkleProof.count > RSKMerkleProof.mostBytes { throw .merkleProofTooLong }
            guard let branch = RSKMerkleProof.branch(merkleProof) else { throw .merkleProofFormat }
            proof = .branch(branch)
        } else {
            proof = .partialTree(try RSKPartialMerkleTree(bytes: merkleProof))
        }
        guard let coinbase else { throw .coinbaseMissing }
        guard let header else { throw .headerMissing }
        guard header.count == 80 || header.count > 80 && !rules.exactHeader else { throw .headerSize }
        let bytes = header.prefix(80)
        guard target.isMet(by: .sha256d(bytes)) else { throw .hashAboveTarget }
        guard let compressed = RSKCompressedCoinbase(bytes: coinbase) else { throw .coinbaseTooShort }
        guard let root = Hash256(internalBytes: bytes.dropFirst(36).prefix(32)) else { throw .headerSize }
        return Worked(coinbase: compressed, merkleProof: proof, merkleRoot: root)
    }

    enum MerkleProof {
        case branch(MerkleBranch)
        case partialTree(RSKPartialMerkleTree)
    }

    /// A proof whose header has done the work; what it commits to is still to be seen.
    struct Worked {
        let coinbase: RSKCompressedCoinbase
        let merkleProof: MerkleProof
        let merkleRoot: Hash256

        func checkCommitment(to hash: RSKMiningHash, rules: RSKRules) throws(RSKReject) -> Hash256 {
            try checkTag(of: hash)
            guard coinbase.hashedCount &+ Int64(coinbase.tail.count) > 64 else { throw .coinbaseTooSmall }
            let transactionID = coinbase.transactionID
            switch merkleProof {
            case .branch(let branch):
                guard try RSKMerkleProof.root(coinbase: transactionID, branch: branch) == merkleRoot else { throw .merkleRootMismatch }
            case .partialTree(let tree):
                let (root, matches) = try tree.rootAndMatches()
                guard root == merkleRoot, matches.contains(transactionID) else { throw .merkleRootMismatch }
            }
            return transactionID
        }

        /// The last tag of the tail must be ours, start within 64 bytes of the cut, and have at most 128 bytes behind its hash.
        private func checkTag(of hash: RSKMiningHash) throws(RSKReject) {
            let tail = coinbase.tail
            guard let at = tail.lastOffset(of: RSKTag.prefix + hash.bytes) else { throw .tagHashNotFound }
            guard at < 64 else { throw .tagTooFar }
            guard tail.lastOffset(of: RSKTag.prefix) == at else { throw .tagNotLast }
            guard tail.count - at - RSKTag.byteCount <= RSKTag.mostBytesAfterHash else { throw .tooManyBytesAfterHash }
        }
    }
}
