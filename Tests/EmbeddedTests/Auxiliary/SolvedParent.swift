import Bitcoin
import Hashing
import MergeMining

/// A parent block that commits to auxiliary works, with enough work for the easiest targets.
struct SolvedParent {
    var coinbase: Transaction
    var branch = MerkleBranch(siblings: [Hash256(number: UInt256(5 as UInt32)), Hash256(number: UInt256(6 as UInt32))])
    var header: BlockHeader

    /// - Parameters:
    ///   - tag: what the scriptSig holds behind the height.
    ///   - outputs: scripts, in order.
    init(tag: [UInt8] = [], outputs: [[UInt8]] = [], time: UInt32 = testClock, version: UInt32 = 0x2000_0000) {
        let scriptSig = Script([0x03, 0x01, 0x02, 0x03] + tag + [1, 2, 3, 4])
        let pay = TransactionOutput(value: 5_000_000_000, script: .payToWitness(version: 0, program: [UInt8](repeating: 3, count: 20)))
        coinbase = Transaction(
            inputs: [TransactionInput(previousOutput: .null, scriptSig: scriptSig)],
            outputs: [pay] + outputs.map { TransactionOutput(value: 0, script: Script($0)) }
        )
        header = BlockHeader(
            version: version,
            previousHash: .zero,
            merkleRoot: .zero,
            time: time,
            bits: CompactBits(rawValue: 0x1d00_ffff),
            nonce: 0
        )
        header.merkleRoot = branch.root(coinbase: coinbase.txid)
        solve { easyTarget.isMet(by: $0) }
    }

    /// Goes to the next nonce whose hash fits.
    mutating func solve(_ fits: (Hash256) -> Bool) {
        repeat { header.nonce &+= 1 } while !fits(header.hash)
    }
}

/// Every second hash meets it.
let easyTarget = Target(value: UInt256(high: .max >> 1, low: .max))
