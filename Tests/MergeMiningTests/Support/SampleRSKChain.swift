import Bitcoin
import Hashing
import Randomness

@testable import MergeMining

/// An RSK chain made up block by block, with the tags that its miners would show; it can be forked.
struct SampleRSKChain {
    var random: SeededGenerator
    /// Newest first.
    private(set) var blocks: [RSKForkData.Ancestor] = []
    private(set) var prefixes: [Int64: [UInt8]] = [:]
    private(set) var headers: [Int64: BlockHeader] = [:]

    init(seed: UInt64, height: UInt32) {
        random = SeededGenerator(seed: seed)
        for number in (height - 500)...height { add(number, prefix: random.bytes(20)) }
    }

    private mutating func add(_ height: UInt32, prefix: [UInt8]) {
        let header = BlockHeader(
            version: 0x2000_0000,
            previousHash: random.hash(),
            merkleRoot: random.hash(),
            time: 0,
            bits: CompactBits(rawValue: 0),
            nonce: 0
        )
        blocks.insert(.init(height: height, parentID: header.hash, uncles: 0), at: 0)
        prefixes[Int64(height)] = prefix
        headers[Int64(height)] = header
    }

    var height: Int64 { Int64(blocks.first?.height ?? 0) }

    /// Goes on by some blocks, then shows the tag of the next one and takes it onto the chain, unless it is held back.
    mutating func tag(after blocks: Int, heldBack: Bool = false) -> RSKMiningHash {
        for _ in 0..<blocks { add(UInt32(height + 1), prefix: random.bytes(20)) }
        let data = RSKForkData.expected(after: Array(self.blocks.prefix(500)))!
        let prefix = random.bytes(20)
        add(UInt32(height + 1), prefix: heldBack ? random.bytes(20) : prefix)
        return RSKMiningHash(bytes: prefix + data.bytes)!
    }

    func known(_ height: Int64) -> ForkKnownBlock? {
        guard let prefix = prefixes[height], let header = headers[height] else { return nil }
        return ForkKnownBlock(height: height, prefix: prefix, checkpoint: header.hash.internalBytes.first ?? 0)
    }

    static func coinbase(_ hash: RSKMiningHash?) -> Transaction {
        let outputs = [Script([0x51])] + (hash.map { [Script(RSKTag.script(for: $0))] } ?? [])
        return Transaction(
            inputs: [TransactionInput(previousOutput: .null, scriptSig: Script([1, 2, 3]))],
            outputs: outputs.map { TransactionOutput(value: 0, script: $0) }
        )
    }
}
