import Bitcoin
import Hashing

extension CommitmentPlan {
    /// The chains that this coinbase does not serve.
    var violations: [Dropped] {
        let empty = [UInt8](repeating: 0, count: layout.extranonceSize)
        guard let bytes = try? layout.witnessless(extranonce: empty), let coinbase = try? Transaction(parsing: bytes) else {
            return works.map { Dropped(chain: $0.chain, violation: .extranonce) }
        }
        var found = works.filter(\.isRSK).dropFirst().map { Dropped(chain: $0.chain, violation: .secondRSKWork) }
        for work in works where !found.contains(where: { $0.chain == work.chain }) {
            do { try check(work, coinbase: coinbase, bytes: bytes) } catch { found.append(Dropped(chain: work.chain, violation: error)) }
        }
        return found.isEmpty ? strayTags(coinbase, bytes) : found
    }

    /// Tags that no chain of this plan asked for, or one too many. Those whose tag is doubled are to blame.
    private func strayTags(_ coinbase: Transaction, _ bytes: [UInt8]) -> [Dropped] {
        let scriptSig = coinbase.inputs.first?.scriptSig.bytes ?? []
        var found: [Dropped] = []
        if scriptSig.offsets(of: AuxPowCommitment.magic).count != (tree == nil ? 0 : 1) {
            found += blame(.strayAuxPowMagic) { !$0.isRSK }
        }
        if bytes.offsets(of: RSKTag.prefix).count != (works.contains(where: \.isRSK) ? 1 : 0) { found += blame(.strayRSKTag, where: \.isRSK) }
        return found
    }

    /// A violation that meets no chain here is still reported, under no name.
    private func blame(_ violation: CommitmentViolation, where isMet: (AuxiliaryWork) -> Bool) -> [Dropped] {
        let met = works.filter(isMet).map { Dropped(chain: $0.chain, violation: violation) }
        return met.isEmpty ? [Dropped(chain: "", violation: violation)] : met
    }

    /// Judges the commitment to one work by its chain's verifier, under a parent header of one transaction.
    private func check(_ work: AuxiliaryWork, coinbase: Transaction, bytes: [UInt8]) throws(CommitmentViolation) {
        let header = BlockHeader(
            version: 0x2000_0000,
            previousHash: .zero,
            merkleRoot: .sha256d(bytes),
            time: 0,
            bits: CompactBits(rawValue: 0),
            nonce: 0
        )
        try verify(work, target: .max, coinbase: coinbase, bytes: bytes, branch: MerkleBranch(siblings: []), header: header)
    }

    /// Judges coinbase, branch and header as the work's chain does.
    /// - Parameter target: what the header's hash must not exceed.
    func verify(
        _ work: AuxiliaryWork,
        target: Target,
        coinbase: Transaction,
        bytes: [UInt8],
        branch: MerkleBranch,
        header: BlockHeader
    ) throws(CommitmentViolation) {
        switch work.content {
        case .rsk(let work):
            do {
                try RSKProof(header: header.serialized, coinbase: bytes, branch: branch).verify(hash: work.hash, target: target)
            } catch {
                throw .rsk(error)
            }
        case .auxPow(let work):
            guard let tree, let proof = AuxPow(chain: work.chain, tree: tree, coinbase: coinbase, branch: branch, parent: header) else {
                throw .auxPow(.wrongIndex)
            }
            do throws(AuxPowReject) {
                if work.rules.refusesAuxiliaryParent, AuxiliaryVersion(header.version).isAuxiliary { throw .parentAuxiliaryVersion }
                guard target.isMet(by: header.hash) else { throw .highHash }
                try proof.verifyCommitment(to: work.leaf, rules: work.rules)
            } catch {
                throw .auxPow(error)
            }
            do { try work.syscoinTag?.verify(coinbase.outputs) } catch { throw .syscoin(error) }
        }
    }
}

extension AuxiliaryWork {
    var isRSK: Bool {
        if case .rsk = content { true } else { false }
    }
}
