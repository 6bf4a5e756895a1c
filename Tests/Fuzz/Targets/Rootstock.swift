import Bitcoin
import Hashing
import JSON

@testable import MergeMining

extension FuzzTarget {
    /// RSK: headers in RLP, proofs of today and from before RSKIP92, compressed coinbases, files for `poolctl proof verify`.
    ///
    /// Input: a byte that says what it is, then the object.
    static let rootstock = FuzzTarget(name: "rootstock") { input in
        var choices = Choices(input)
        switch choices.byte() % 5 {
        case 0: readHeader(choices.bytes)
        case 1: readProof(&choices)
        case 2:
            guard let tree = try? RSKPartialMerkleTree(bytes: choices.bytes) else { return }
            guard let (_, matches) = try? tree.rootAndMatches() else { return }
            require(matches.count <= tree.hashes.count, "a tree proves more than it holds")
        case 3: compress(choices.bytes)
        default: judge(choices.bytes)
        }
    } seeds: {
        let solved = Sample.rsk
        let tree = UInt32(4).littleEndianBytes + [3] + solved.coinbaseHash.internalBytes + [UInt8](repeating: 5, count: 64) + [1, 0b111]
        let proof = solved.proof
        let parts = Choices.part(proof.header ?? []) + Choices.part(proof.coinbase ?? []) + Choices.part(proof.merkleProof ?? [])
        let file: JSONValue = [
            "kind": "proof",
            "fields": [
                "net": "main", "height": 9_000_000, "difficulty": "1", "btcHeader": .string(Hex.encode(proof.header ?? [])),
                "coinbaseField": .string(Hex.encode(proof.coinbase ?? [])), "merkleProof": .string(Hex.encode(proof.merkleProof ?? [])),
                "hashForMergedMining": .string(solved.hash.description),
            ],
        ]
        return [
            ("header", [0] + Sample.rskHeader(proof)), ("proof", [1, 0] + solved.hash.bytes + parts),
            ("proof-mended", [1, 0x40] + solved.hash.bytes + parts), ("tree", [2] + tree), ("coinbase", [3] + solved.coinbase),
            ("proof-file", [4] + file.serialized()),
        ]
    }

    private static func readHeader(_ bytes: [UInt8]) {
        guard let value = RLP(bytes: bytes) else { return }
        require(RLP(bytes: value.bytes) == value, "RLP reads otherwise once written")
        for network in RSKNetwork.allCases {
            guard let header = try? RSKHeader(rlp: bytes, network: network) else { continue }
            require(header.blockHash.count == 32 && header.baseHash.count == 32, "a hash of another size")
            _ = try? header.verify()
            _ = try? header.verifyContext(ancestors: [])
        }
    }

    /// Input: which rules hold, and whether the header is mended to name the proof's root; the hash; three parts.
    private static func readProof(_ choices: inout Choices) {
        let choice = choices.byte()
        guard let hash = RSKMiningHash(bytes: (0..<32).map { _ in choices.byte() }) else { return }
        var proof = RSKProof(header: choices.part(), coinbase: choices.part(), merkleProof: choices.part())
        var rules = RSKNetwork.today
        rules.compactMerkleProof = choice & 1 == 0
        rules.merkleProofLimit = choice & 2 == 0
        rules.exactHeader = choice & 4 == 0
        if choice & 0x40 != 0 { mend(&proof) }
        let verdict = try? proof.verify(hash: hash, target: Target(value: .max), rules: rules)
        if verdict != nil, choice == 0x40 {
            require(RSKTag.lastHash(in: proof.coinbase ?? []) == hash, "a coinbase is valid for a hash that its last tag does not name")
        }
        _ = (proof.size, proof.parentTime)
    }

    private static func mend(_ proof: inout RSKProof) {
        guard let header = proof.header, header.count >= 80, let coinbase = RSKCompressedCoinbase(bytes: proof.coinbase ?? []),
            let branch = RSKMerkleProof.branch(proof.merkleProof ?? []),
            let root = try? RSKMerkleProof.root(coinbase: coinbase.transactionID, branch: branch)
        else { return }
        proof.header?.replaceSubrange(36..<68, with: root.internalBytes)
    }

    /// Cutting a coinbase at its tag must not change its hash.
    private static func compress(_ bytes: [UInt8]) {
        let compressed = RSKCompressedCoinbase(coinbase: bytes)
        require(compressed.transactionID == .sha256d(bytes), "a compressed coinbase has another hash")
        require(RSKCompressedCoinbase(bytes: compressed.bytes) == compressed, "a compressed coinbase reads as another")
        _ = RSKCompressedCoinbase(bytes: bytes)?.transactionID
    }
}
