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
            do { try check(work, coinbase) } catch { found.append(Dropped(chain: work.chain, violation: error)) }
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
    private func check(_ work: AuxiliaryWork, _ coinbase: Transaction) throws(CommitmentViolation) {
        let header = BlockHeader(
            version: 0x2000_0000,
            previousHash: .zero,
            merkleRoot: coinbase.txid,
            time: 0,
            bits: CompactBits(rawValue: 0),
            nonce: 0
        )
        try work.verify(target: .max, tree: tree, coinbase: coinbase, branch: MerkleBranch(siblings: []), header: header)
    }
}
