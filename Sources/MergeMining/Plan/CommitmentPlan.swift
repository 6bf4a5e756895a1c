public import Bitcoin
import Hashing

/// The whole coinbase of a job: the one place that decides what stands in its scriptSig and its outputs, and in which order.
///
/// scriptSig: height, AuxPoW commitment, run number, pool tag, extranonce. Of these the pool tag gives way, never a commitment. Outputs:
/// payouts, witness commitment, outputs that a chain demands, RSK's tag last. Without auxiliary chains it is the plain pool coinbase.
///
/// A plan has passed the chains' own verifiers before anyone sees it. A chain whose commitment does not pass is left out and named in
/// ``dropped``: it costs nobody else anything.
public struct CommitmentPlan: Sendable {
    /// What a plan is made of besides the auxiliary works.
    public struct Parent: Sendable {
        public var height: UInt32
        /// Fresh at every start of the pool.
        public var runNumber: UInt32
        public var tag: String
        /// Of the whole field in bytes.
        public var extranonceSize: Int
        public var payouts: [TransactionOutput]
        public var witnessCommitment: WitnessCommitment?

        public init(
            height: UInt32,
            runNumber: UInt32,
            tag: String,
            extranonceSize: Int,
            payouts: [TransactionOutput],
            witnessCommitment: WitnessCommitment?
        ) {
            self.height = height
            self.runNumber = runNumber
            self.tag = tag
            self.extranonceSize = extranonceSize
            self.payouts = payouts
            self.witnessCommitment = witnessCommitment
        }
    }

    /// A chain that this coinbase could not serve, and why.
    public struct Dropped: Hashable, Sendable {
        public let chain: String
        public let violation: CommitmentViolation
    }

    public let layout: CoinbaseLayout
    /// The works committed to. A job's auxiliary targets are theirs, in this order.
    public let works: [AuxiliaryWork]
    /// Nil where no AuxPoW chain is configured.
    public let tree: AuxiliaryTree?
    public let dropped: [Dropped]

    /// - Throws: what makes even the plain coinbase impossible, or a scriptSig with no room for a commitment.
    public init(_ parent: Parent, works: AuxiliaryWorks = .none) throws(CoinbaseError) {
        var works = works
        var dropped: [Dropped] = []
        while true {
            let draft = try CommitmentPlan(draft: parent, works: works, dropped: dropped)
            let violations = draft.violations
            // Each round leaves out a chain or the whole tree, so the loop ends.
            guard !violations.isEmpty, let rest = works.dropping(Set(violations.map(\.chain))) else {
                self = draft
                return
            }
            dropped += violations
            works = rest
        }
    }

    private init(draft parent: Parent, works: AuxiliaryWorks, dropped: [Dropped]) throws(CoinbaseError) {
        var leaves: [ChainID: Hash256] = [:]
        var further: [TransactionOutput] = []
        var tag: [TransactionOutput] = []
        for work in works.works {
            switch work.content {
            case .auxPow(let work):
                leaves[work.chain] = work.leaf
                if let script = work.requiredOutput { further.append(TransactionOutput(value: 0, script: Script(script))) }
            case .rsk(let work):
                // There is room for one; the first keeps it.
                if tag.isEmpty { tag = [TransactionOutput(value: 0, script: Script(RSKTag.script(for: work.hash)))] }
            }
        }
        tree = works.shape.map { AuxiliaryTree(shape: $0, leaves: leaves) }
        layout = try CoinbaseLayout(
            height: parent.height,
            commitments: tree.map { [$0.commitment.bytes] } ?? [],
            runNumber: parent.runNumber,
            tag: parent.tag,
            extranonceSize: parent.extranonceSize,
            payouts: parent.payouts,
            witnessCommitment: parent.witnessCommitment,
            furtherOutputs: further + tag
        )
        self.works = works.works
        self.dropped = dropped
    }

    /// Bytes of the witness-free coinbase. Some firmware cannot take more than 500.
    public var coinbaseSize: Int { layout.prefix.count + layout.extranonceSize + layout.suffix.count }
}
