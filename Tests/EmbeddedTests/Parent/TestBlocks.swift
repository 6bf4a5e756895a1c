import Bitcoin
import Embedded
import Hashing

/// Easiest bits: every second hash is a block.
let easyBits = CompactBits(rawValue: 0x207f_ffff)

/// A chain of nothing but the genesis block, and a clock that stands.
func newChain(bits: CompactBits = easyBits, depth: Int = 8, seed: UInt64 = 1) -> EmbeddedChain {
    EmbeddedChain(bits: bits, supply: TransactionSupply(seed: seed), depth: depth)
}

let testClock: UInt32 = 1_800_000_000

/// A block as a test wants it: honest by default, then bent, then its Merkle root and proof of work made right again unless told not to.
struct BlockMaker {
    var template: TemplateOffer
    /// Tells two otherwise equal blocks apart.
    var tag: UInt8 = 0
    var fixesWitness = true
    var fixesRoot = true
    var mines = true

    func block(_ bend: (inout Block) -> Void = { _ in }) -> Block {
        var script = Script.height(template.height)
        script.pushBytes([tag, 0x6d, 0x6c])
        var input = TransactionInput(previousOutput: .null, scriptSig: script)
        input.witness = [[UInt8](repeating: 0, count: 32)]
        let coinbase = Transaction(
            inputs: [input],
            outputs: [
                TransactionOutput(value: template.coinbaseValue, script: .payToWitness(version: 0, program: [UInt8](repeating: 7, count: 20))),
                TransactionOutput(value: 0, script: template.witnessCommitment),
            ]
        )
        let header = BlockHeader(
            version: 0x2000_0000,
            previousHash: template.previousHash,
            merkleRoot: .zero,
            time: template.time,
            bits: template.bits,
            nonce: 0
        )
        var block = Block(header: header, transactions: [coinbase] + template.transactions.compactMap { try? Transaction(parsing: $0.bytes) })
        bend(&block)
        return finished(block)
    }

    private func finished(_ block: Block) -> Block {
        var block = block
        if fixesWitness, let coinbase = block.transactions.first,
            let index = coinbase.outputs.lastIndex(where: { $0.script == template.witnessCommitment })
        {
            let wtxids = [Hash256.zero] + block.transactions.dropFirst().map(\.wtxid)
            let root = MerkleBranch.root(of: wtxids) ?? .zero
            let commitment = Hash256.sha256d(root.internalBytes + [UInt8](repeating: 0, count: 32)).internalBytes
            block.transactions[0].outputs[index].script = Script([0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed] + commitment)
        }
        if fixesRoot { block.header.merkleRoot = MerkleBranch.root(of: block.transactions.map(\.txid)) ?? .zero }
        if mines, let target = Target(bits: block.header.bits) {
            while !target.isMet(by: block.header.hash) { block.header.nonce &+= 1 }
        }
        return block
    }
}

extension EmbeddedChain {
    /// An honest block on the tip.
    mutating func nextBlock(tag: UInt8 = 0, now: UInt32 = testClock) -> Block {
        BlockMaker(template: template(now: now), tag: tag).block()
    }

    /// Mines `count` honest blocks.
    mutating func mine(_ count: Int, tag: UInt8 = 0, now: UInt32 = testClock) {
        for _ in 0..<count { _ = submit(nextBlock(tag: tag, now: now), now: now) }
    }
}
