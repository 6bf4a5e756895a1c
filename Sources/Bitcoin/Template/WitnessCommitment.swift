public import Hashing

/// What binds a block's witnesses to its coinbase (BIP141): an output with a hash over all wtxids.
public struct WitnessCommitment: Hashable, Sendable {
    /// What every commitment output begins with: OP_RETURN, a push of 36, four magic bytes.
    public static let scriptHeader: [UInt8] = [Opcode.return, 0x24, 0xaa, 0x21, 0xa9, 0xed]

    /// The coinbase's only witness item, which the commitment hash covers. Nothing is defined for it yet, so it is zero.
    public static let reservedValue = [UInt8](repeating: 0, count: 32)

    /// SHA-256d of the witness root and the reserved value.
    public let hash: Hash256

    public init(hash: Hash256) {
        self.hash = hash
    }

    /// The commitment of a block whose transactions but the coinbase have these wtxids, in block order.
    public init(wtxids: [Hash256]) {
        // The coinbase cannot know its own wtxid; zero stands for it. The reserved value is zero as well.
        let root = MerkleBranch(coinbaseBefore: wtxids).root(coinbase: .zero)
        hash = .sha256d(root, .zero)
    }

    /// Reads an output's script; nil where nodes see no commitment in it. They look at the first 38 bytes only.
    public init?(script: Script) {
        guard script.bytes.count >= 38, script.bytes.starts(with: WitnessCommitment.scriptHeader) else { return nil }
        guard let hash = Hash256(internalBytes: script.bytes[6..<38]) else { return nil }
        self.hash = hash
    }

    /// The output's script, 38 bytes.
    public var script: Script { Script(WitnessCommitment.scriptHeader + hash.internalBytes) }

    public var output: TransactionOutput { TransactionOutput(value: 0, script: script) }
}
