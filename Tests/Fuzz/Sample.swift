import Bitcoin
import Hashing
import JSON

@testable import MergeMining

/// Good objects for the fuzzer to begin with, always the same.
enum Sample {
    /// A parent's easiest target, which every second hash meets.
    static let bits = CompactBits(rawValue: 0x207f_ffff)
    /// The auxiliary block that proofs here are for.
    static let leaf = Hash256.sha256d([1])

    static let payment = Transaction(
        inputs: [TransactionInput(previousOutput: OutPoint(txid: .sha256d([2]), index: 1), scriptSig: Script([0x51]))],
        outputs: [TransactionOutput(value: 5_000, script: Script([0x6a, 1, 2]))]
    )

    static let coinbase: Transaction = {
        let tag = AuxPowCommitment(root: leaf, size: 1, nonce: 0).bytes
        var input = TransactionInput(previousOutput: .null, scriptSig: Script([3, 1, 2, 3] + tag))
        input.witness = [[UInt8](repeating: 0, count: 32)]
        let output = TransactionOutput(value: 312_500_000, script: Script([0, 20] + [UInt8](repeating: 7, count: 20)))
        return Transaction(inputs: [input], outputs: [output])
    }()

    static let branch = MerkleBranch(siblings: [payment.txid, .sha256d([3])])

    /// A parent over `root` that meets ``bits``.
    static func parent(_ root: Hash256) -> BlockHeader {
        var header = BlockHeader(version: 0x2000_0000, previousHash: .sha256d([4]), merkleRoot: root, time: 1_790_000_000, bits: bits, nonce: 0)
        while !(Target(bits: bits)?.isMet(by: header.hash) ?? true) { header.nonce += 1 }
        return header
    }

    /// Namecoin's chain in a tree of its own.
    static let auxPow = AuxPow(
        coinbase: coinbase,
        parentHash: [UInt8](repeating: 0, count: 32),
        coinbaseBranch: branch,
        chainBranch: MerkleBranch(siblings: []),
        chainIndex: 0,
        parent: parent(branch.root(coinbase: coinbase.txid))
    )

    /// As `poolctl proof verify` takes it.
    static let auxPowFile: JSONValue = [
        "kind": "check", "flavour": "namecoin", "auxpow": .string(Hex.encode(auxPow.serialized)), "aux_hash": .string(leaf.displayHex),
    ]

    struct SolvedRSK {
        let hash: RSKMiningHash
        let coinbase: [UInt8]
        let header: BlockHeader
        let proof: RSKProof
        var coinbaseHash: Hash256 { .sha256d(coinbase) }
    }

    static let rsk: SolvedRSK = {
        let hash = RSKMiningHash(bytes: leaf.internalBytes) ?? rskWork.hash
        let input = TransactionInput(previousOutput: .null, scriptSig: Script([3, 1, 2, 3] + [UInt8](repeating: 9, count: 60)))
        let outputs = [payment.outputs[0], TransactionOutput(value: 0, script: Script(RSKTag.script(for: hash)))]
        let coinbase = Transaction(inputs: [input], outputs: outputs).witnessless
        let header = parent(branch.root(coinbase: .sha256d(coinbase)))
        return SolvedRSK(
            hash: hash,
            coinbase: coinbase,
            header: header,
            proof: RSKProof(header: header.serialized, coinbase: coinbase, branch: branch)
        )
    }()

    static let rskWork = RSKWork(
        hash: RSKMiningHash(bytes: leaf.internalBytes)!,
        target: Target(value: .max),
        parent: [UInt8](repeating: 6, count: 32)
    )

    /// An RSK header of the main network's form.
    static func rskHeader(_ proof: RSKProof) -> [UInt8] {
        let numbers: [Int: [UInt8]] = [7: [1], 8: [0x89, 0x54, 0x40], 9: [0x67], 11: [0x6a, 0xb1, 0x3b, 0x80], 15: []]
        var items = (0..<16).map { RLP.string(numbers[$0] ?? [UInt8](repeating: UInt8($0), count: $0 == 6 ? 256 : 32)) }
        items += [.string([]), .string(proof.header ?? []), .string(proof.merkleProof ?? []), .string(proof.coinbase ?? [])]
        return RLP.list(items).bytes
    }

    /// What `getblocktemplate` answers.
    static func template(transactions count: Int) -> JSONValue {
        let transactions = (0..<count).map { index in
            var transaction = payment
            transaction.lockTime = UInt32(index)
            return transaction
        }
        return [
            "version": 536_870_912, "rules": ["csv", "!segwit", "taproot"], "previousblockhash": .string(leaf.displayHex),
            "transactions": .array(
                transactions.map {
                    [
                        "data": .string(Hex.encode($0.serialized)), "txid": .string($0.txid.displayHex), "hash": .string($0.wtxid.displayHex),
                        "depends": [], "fee": 1_310, "sigops": 4, "weight": JSONValue($0.weight),
                    ]
                }
            ),
            "coinbaseaux": [:], "coinbasevalue": 2_500_001_310, "longpollid": "4155af34",
            "target": "7fffff0000000000000000000000000000000000000000000000000000000000", "mintime": 1_795_219_667,
            "mutable": ["time", "transactions", "prevblock"], "sigoplimit": 80_000, "sizelimit": 4_000_000, "weightlimit": 4_000_000,
            "curtime": 1_795_219_731, "bits": "207fffff", "height": 279,
            "default_witness_commitment": .string(Hex.encode(WitnessCommitment(wtxids: transactions.map(\.wtxid)).script.bytes)),
        ]
    }
}
