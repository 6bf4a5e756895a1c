import Bitcoin
import Hashing
import JSON

@testable import MergeMining

extension FuzzTarget {
    /// Transactions, blocks, AuxPoW objects and Hathor proofs: what is read is written as the same bytes, and every verifier ends with a word.
    ///
    /// Input: a byte that says what it is, then the object.
    static let transaction = FuzzTarget(name: "transaction") { input in
        var choices = Choices(input)
        switch choices.byte() % 6 {
        case 0: readTransaction(choices.bytes, allowsWitness: true)
        case 1: readTransaction(choices.bytes, allowsWitness: false)
        case 2:
            guard let block = try? Block(parsing: choices.bytes) else { return }
            require(block.serialized == choices.bytes, "a block is written otherwise")
            _ = (block.merkleRoot, block.weight)
        case 3: readAuxPow(&choices)
        case 4:
            guard let proof = try? HathorProof(parsing: choices.bytes) else { return }
            require(proof.serialized == choices.bytes, "a Hathor proof is written otherwise")
            for weight in [0, 1, 60.5, 256, 1e300, -.infinity, .nan] {
                _ = try? proof.verify(baseHash: [UInt8](repeating: 1, count: 32), weight: weight)
            }
        default: judge(choices.bytes)
        }
    } seeds: {
        let (coinbase, proof) = (Sample.coinbase, Sample.auxPow)
        let block = Block(header: proof.parent, transactions: [coinbase, Sample.payment])
        let hathor = HathorProof.magic
        return [
            ("legacy", [0] + Sample.payment.witnessless), ("witness", [0] + coinbase.serialized), ("block", [2] + block.serialized),
            ("auxpow", [3, 0] + Sample.leaf.internalBytes + proof.serialized),
            ("auxpow-mended", [3, 0x81] + Sample.leaf.internalBytes + proof.serialized),
            ("hathor", [4] + [UInt8](repeating: 2, count: 36) + [8, 0, 0, 0, 0] + hathor + [2, 9, 9, 1] + [UInt8](repeating: 3, count: 44)),
            ("proof-file", [5] + Sample.auxPowFile.serialized()),
        ]
    }

    private static func readTransaction(_ bytes: [UInt8], allowsWitness: Bool) {
        var reader = ByteReader(bytes)
        guard let transaction = try? Transaction(from: &reader, allowsWitness: allowsWitness) else { return }
        let read = Array(bytes.prefix(reader.offset))
        require((allowsWitness ? transaction.serialized : transaction.witnessless) == read, "a transaction is written otherwise")
        require(transaction.weight >= 4 * transaction.witnessless.count, "a weight below that of the bytes")
        _ = (transaction.txid, transaction.wtxid)
    }

    /// Input: flavour, and whether the object is mended until only its commitment decides; the block's hash; the object.
    private static func readAuxPow(_ choices: inout Choices) {
        let choice = choices.byte()
        let flavour = AuxPowFlavour.allCases[Int(choice & 0x7f) % AuxPowFlavour.allCases.count]
        let leaf = Hash256(internalBytes: (0..<32).map { _ in choices.byte() }) ?? .zero
        guard var proof = try? AuxPow(parsing: choices.bytes, allowsWitness: flavour != .elastos) else { return }
        if !proof.coinbase.hasWitness { require(proof.serialized == choices.bytes, "an AuxPoW object is written otherwise") }
        if choice & 0x80 != 0 { mend(&proof, leaf, flavour.rules) }
        _ = try? proof.verifyCommitment(to: leaf, rules: flavour.rules)
        let header = BlockHeader(
            version: flavour.rules.chain.value << 16 | 0x100,
            previousHash: leaf,
            merkleRoot: leaf,
            time: 1,
            bits: CompactBits(rawValue: 0x207f_ffff),
            nonce: 0
        )
        // The scrypt of Dogecoin's parents would be all that the fuzzer does.
        guard !flavour.rules.hashesWithScrypt else { return }
        _ = try? AuxiliaryBlock(header: header, proof: proof).verify(rules: flavour.rules, hash: leaf)
    }

    /// Puts the root behind the first magic and the Merkle root into the parent, which no chance would do.
    private static func mend(_ proof: inout AuxPow, _ leaf: Hash256, _ rules: AuxPowRules) {
        let root = [UInt8](proof.chainBranch.root(leaf: leaf, auxiliaryIndex: proof.chainIndex).internalBytes.reversed())
        if var script = proof.coinbase.inputs.first?.scriptSig.bytes, let at = script.firstOffset(of: AuxPowCommitment.magic),
            script.count >= at + 4 + root.count
        {
            script.replaceSubrange(at + 4..<at + 4 + root.count, with: root)
            proof.coinbase.inputs[0].scriptSig = Script(script)
        }
        let index = rules.foldsCoinbaseIndex ? proof.coinbaseIndex : 0
        proof.parent.merkleRoot = proof.coinbaseBranch.root(leaf: proof.coinbase.txid, auxiliaryIndex: index)
    }

    /// A file for `poolctl proof verify`.
    static func judge(_ bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes), let file = try? ProofFile(value), value["flavour"]?.string != "dogecoin" else { return }
        guard let verdict = try? file.judge() else { return }
        require(verdict.isValid == (verdict.reason == "ok"), "a verdict whose reason says otherwise")
        _ = verdict.json.serialized()
    }
}
