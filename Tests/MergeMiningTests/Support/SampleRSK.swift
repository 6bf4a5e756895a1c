import Bitcoin
import Hashing
import Randomness

@testable import MergeMining

/// Makes RSK works and Bitcoin headers that solve them.
struct SampleRSK {
    var random: SeededGenerator
    let parent: [UInt8]
    static let time: UInt32 = 1_700_000_000

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        parent = random.bytes(32)
    }

    struct Solved {
        let work: RSKWork
        let coinbase: [UInt8]
        let branch: MerkleBranch
        let header: BlockHeader
        let submission: RSKSubmission
    }

    /// A work of difficulty 3 with its solution, whose branch has `levels` siblings.
    mutating func solved(levels: Int = 3) -> Solved {
        let hash = RSKMiningHash(bytes: random.bytes(32))!
        let work = RSKWork(hash: hash, target: Target(rskDifficulty: UInt256(3 as UInt8)), parent: parent)
        let outputs = [
            TransactionOutput(value: 50, script: Script(random.bytes(25))), TransactionOutput(value: 0, script: Script(RSKTag.script(for: hash))),
        ]
        let input = TransactionInput(previousOutput: .null, scriptSig: Script(random.bytes(Int.random(in: 2...100, using: &random))))
        let coinbase = Transaction(inputs: [input], outputs: outputs).witnessless
        let branch = MerkleBranch(siblings: (0..<levels).map { _ in random.hash() })
        var header = BlockHeader(
            version: 0x2000_0000,
            previousHash: random.hash(),
            merkleRoot: branch.root(coinbase: .sha256d(coinbase)),
            time: Self.time,
            bits: CompactBits(rawValue: 0x207f_ffff),
            nonce: 0
        )
        while !work.target.isMet(by: header.hash) { header.nonce += 1 }
        let submission = RSKSubmission(header: header.serialized, coinbase: coinbase, merkleProof: RSKMerkleProof.bytes(branch))
        return Solved(work: work, coinbase: coinbase, branch: branch, header: header, submission: submission)
    }
}
