import Bitcoin
import Hashing
import JSON
import Randomness

@testable import MergeMining

/// Makes AuxPoW blocks of all flavours, good ones and spoiled ones, in the vectors' form.
struct AuxPowProofs {
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    private static let bits = CompactBits(rawValue: 0x207f_ffff)

    /// What a proof is made of before it is put together.
    private struct Draft {
        var flavour: AuxPowFlavour
        var chain: ChainID
        var child: BlockHeader
        var before: [UInt8]
        var commitment: [UInt8]
        var after: [UInt8]
        var branch: MerkleBranch
        var chainBranch: MerkleBranch
        var chainIndex: Int32
        var parentVersion: UInt32 = 0x2000_0000
        var coinbaseIndex: Int32 = 0
        var meetsTarget = true
    }

    mutating func next(altered: Bool) throws -> JSONValue {
        let flavours: [AuxPowFlavour] = [.namecoin, .namecoinTest, .syscoin, .elastos, .fractal, .dogecoin]
        var draft = try draft(flavours.randomElement(using: &random) ?? .namecoin)
        if altered { alter(&draft) }
        var proof = try assemble(draft)
        var bytes = proof.serialized
        if altered, random.once(in: 4) { alter(&proof, &bytes) }
        return [
            "kind": "block", "flavour": .string(draft.flavour.rawValue), "child_header": .string(Hex.encode(draft.child.serialized)),
            "aux_hash": .string(draft.child.hash.displayHex), "auxpow": .string(Hex.encode(bytes)),
        ]
    }

    private mutating func draft(_ flavour: AuxPowFlavour) throws -> Draft {
        let rules = flavour.rules
        let child = BlockHeader(
            version: version(flavour),
            previousHash: random.hash(),
            merkleRoot: random.hash(),
            time: 1_700_000_000,
            bits: Self.bits,
            nonce: UInt32(truncatingIfNeeded: random.next())
        )
        var chains: Set<ChainID> = [rules.chain]
        for _ in 0..<Int.random(in: 0...4, using: &random) { chains.insert(ChainID(UInt32.random(in: 0...9000, using: &random))) }
        let smallest = try AuxiliaryTree.Shape.smallestHeight(for: Array(chains))
        let height = smallest + Int.random(in: 0...3, using: &random)
        let nonce: UInt32 = random.once(in: 2) ? 0 : UInt32(truncatingIfNeeded: random.next())
        let shape = try AuxiliaryTree.Shape(chains: Array(chains), height: height, nonce: nonce)
        var leaves: [ChainID: Hash256] = [rules.chain: child.hash]
        for chain in chains where chain != rules.chain && !random.once(in: 3) { leaves[chain] = random.hash() }
        let tree = AuxiliaryTree(shape: shape, leaves: leaves)
        // Chains without need of the magic take the form from before it too, near the beginning.
        let old = !rules.requiresMagic && random.once(in: 6)
        return Draft(
            flavour: flavour,
            chain: rules.chain,
            child: child,
            before: random.bytes(Int.random(in: 0...(old ? 20 : 40), using: &random)),
            commitment: Array(tree.commitment.bytes.dropFirst(old ? 4 : 0)),
            after: random.bytes(Int.random(in: 0...16, using: &random)),
            branch: MerkleBranch(siblings: (0..<Int.random(in: 0...13, using: &random)).map { _ in random.hash() }),
            chainBranch: tree.branch(of: rules.chain) ?? MerkleBranch(siblings: []),
            chainIndex: Int32(shape.slots[rules.chain] ?? 0)
        )
    }

    private mutating func version(_ flavour: AuxPowFlavour) -> UInt32 {
        switch flavour {
        case .namecoin, .namecoinTest: 0x0001_0101
        case .syscoin: random.once(in: 3) ? 0x1000_0104 : 0x2010_0180
        case .fractal: 0x2024_0100
        case .dogecoin: 0x0062_0104
        case .elastos, .elastosTest: 0
        }
    }

    private mutating func assemble(_ draft: Draft) throws -> AuxPow {
        let script = draft.before + draft.commitment + draft.after
        let outputs = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            TransactionOutput(value: Int64.random(in: 0...5_000_000_000, using: &random), script: Script(random.bytes(25)))
        }
        let coinbase = Transaction(inputs: [TransactionInput(previousOutput: .null, scriptSig: Script(script))], outputs: outputs)
        let folding: Int32 = draft.flavour == .elastos ? draft.coinbaseIndex : 0
        var parent = BlockHeader(
            version: draft.parentVersion,
            previousHash: random.hash(),
            merkleRoot: draft.branch.root(leaf: coinbase.txid, auxiliaryIndex: folding),
            time: 1_700_000_000,
            bits: CompactBits(rawValue: 0x1703_4219),
            nonce: 0
        )
        while AuxiliaryBlock.header(parent, meets: Self.bits, scrypt: draft.flavour == .dogecoin) != draft.meetsTarget { parent.nonce += 1 }
        return AuxPow(
            coinbase: coinbase,
            parentHash: random.bytes(32),
            coinbaseBranch: draft.branch,
            coinbaseIndex: draft.coinbaseIndex,
            chainBranch: draft.chainBranch,
            chainIndex: draft.chainIndex,
            parent: parent
        )
    }

    /// One thing wrong, or looking wrong, before the work is done.
    private mutating func alter(_ draft: inout Draft) {
        switch Int.random(in: 0...19, using: &random) {
        case 0: draft.after += AuxPowCommitment.magic
        case 1: draft.before += AuxPowCommitment.magic
        case 2: draft.commitment.removeLast(Int.random(in: 1...8, using: &random)); draft.after = []
        case 3: draft.commitment[Int.random(in: 0..<draft.commitment.count, using: &random)] ^= 1
        case 4: draft.before = random.bytes(Int.random(in: 19...24, using: &random)); draft.commitment = draft.commitment.suffix(40)
        case 5: draft.chainIndex ^= 1
        case 6: draft.chainIndex = -1
        case 7: draft.chainIndex += 1 << Int32(draft.chainBranch.siblings.count)
        case 8: draft.chainBranch = MerkleBranch(siblings: draft.chainBranch.siblings + [random.hash()])
        case 9: draft.chainBranch = MerkleBranch(siblings: draft.chainBranch.siblings.dropLast())
        case 10: draft.child.version ^= 1 << UInt32.random(in: 0...31, using: &random)
        case 11: draft.parentVersion ^= 1 << UInt32.random(in: 0...31, using: &random)
        case 12: draft.parentVersion = draft.chain.value << 16 | (random.once(in: 2) ? 0x100 : 0)
        case 13: draft.coinbaseIndex = Int32(truncatingIfNeeded: random.next())
        case 14: draft.meetsTarget = false
        case 15: draft.child.nonce &+= 1
        case 16: draft.commitment.insert(0x28, at: min(4, draft.commitment.count))
        case 17: draft.child.version = [0, 1, 2, 0x100, 0x2026_0100][Int.random(in: 0...4, using: &random)]
        case 18: draft.chainBranch = MerkleBranch(siblings: (0..<31).map { _ in random.hash() })
        default: draft.child.bits = CompactBits(rawValue: UInt32(truncatingIfNeeded: random.next()))
        }
    }

    /// Something wrong with the finished object.
    private mutating func alter(_ proof: inout AuxPow, _ bytes: inout [UInt8]) {
        switch Int.random(in: 0...5, using: &random) {
        case 0: bytes.removeLast(Int.random(in: 1...min(200, bytes.count), using: &random))
        case 1: bytes.append(0)
        case 2:
            proof.coinbase.inputs[0].witness = [random.bytes(32)]
            bytes = proof.coinbase.serialized + proof.serialized.dropFirst(proof.coinbase.witnessless.count)
        case 3:
            proof.coinbase.inputs = []
            bytes = proof.serialized
        default: bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
        }
    }
}
