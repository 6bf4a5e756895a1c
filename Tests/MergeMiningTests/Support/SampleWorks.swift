import Bitcoin
import Hashing
import JSON
import Randomness

@testable import MergeMining

/// Makes works of the five live chains, and parents that commit to them.
struct SampleWorks {
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    static let flavours: [(name: String, flavour: AuxPowFlavour, chain: ChainID)] = [
        ("namecoin", .namecoin, .namecoin), ("syscoin", .syscoin, .syscoin), ("elastos", .elastos, .elastos), ("fractal", .fractal, .fractal),
    ]

    /// What a node of the flavour would answer to `createauxblock`.
    mutating func reply(_ flavour: AuxPowFlavour, _ chain: ChainID) -> JSONValue {
        var object: JSONObject = [
            "hash": .string(Hex.encode(random.bytes(32))), "chainid": JSONValue(chain.value),
            "previousblockhash": .string(Hex.encode(random.bytes(32))), "coinbasevalue": 625_000_000, "bits": "207fffff", "height": 800_000,
        ]
        if flavour == .syscoin {
            object["coinbasescript"] = .string(Hex.encode(SyscoinTag(hash: random.hash(), height: 799_990).script))
        }
        return .object(object)
    }

    mutating func auxPow(_ name: String, _ flavour: AuxPowFlavour, _ chain: ChainID) throws -> AuxiliaryWork {
        AuxiliaryWork(
            chain: name,
            node: name,
            since: 1_700_000_000,
            content: .auxPow(try AuxPowWork(reply(flavour, chain), flavour: flavour, chain: chain))
        )
    }

    mutating func rsk() -> AuxiliaryWork {
        let work = RSKWork(
            hash: RSKMiningHash(bytes: random.bytes(32))!,
            target: Target(rskDifficulty: UInt256(3 as UInt8)),
            parent: random.bytes(32)
        )
        return AuxiliaryWork(chain: "rootstock", node: "rskj", since: 1_700_000_000, content: .rsk(work))
    }

    /// All five chains.
    mutating func all() throws -> AuxiliaryWorks {
        var works: [AuxiliaryWork] = []
        for (name, flavour, chain) in Self.flavours { works.append(try auxPow(name, flavour, chain)) }
        works.append(rsk())
        return AuxiliaryWorks(shape: try AuxiliaryTree.Shape(chains: Self.flavours.map(\.chain)), works: works)
    }

    mutating func parent(tag: String = "/motherlode/", payouts: [Script]? = nil) -> CommitmentPlan.Parent {
        CommitmentPlan.Parent(
            height: 900_000,
            runNumber: UInt32(truncatingIfNeeded: random.next()),
            tag: tag,
            extranonceSize: 13,
            payouts: (payouts ?? [.payToWitness(version: 0, program: random.bytes(20))]).map { TransactionOutput(value: 312_500_000, script: $0) },
            witnessCommitment: WitnessCommitment(hash: random.hash())
        )
    }

    /// A header over the coinbase that meets every target of the works here: about two tries.
    mutating func header(_ plan: CommitmentPlan, extranonce: [UInt8], branch: MerkleBranch, version: UInt32 = 0x2000_0000) throws -> BlockHeader {
        let coinbase = try plan.layout.witnessless(extranonce: extranonce)
        var header = BlockHeader(
            version: version,
            previousHash: random.hash(),
            merkleRoot: branch.root(coinbase: .sha256d(coinbase)),
            time: 1_700_000_000,
            bits: CompactBits(rawValue: 0x1d00_ffff),
            nonce: 0
        )
        while !Target(rskDifficulty: UInt256(4 as UInt8)).isMet(by: header.hash) { header.nonce += 1 }
        return header
    }

    mutating func branch(_ levels: Int) -> MerkleBranch { MerkleBranch(siblings: (0..<levels).map { _ in random.hash() }) }
}
