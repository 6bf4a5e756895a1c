import Bitcoin
import Embedded
import Hashing
import JSON
import MergeMining
import Stratum

/// Auxiliary chains as the live ones are: RSK first, then the AuxPoW family, and a parent's job that commits to them.
enum SampleAuxiliaries {
    /// AuxPoW chains by what they speak and their number.
    static let family: [(name: String, flavour: AuxPowFlavour, chain: ChainID)] = [
        ("namecoin", .namecoin, .namecoin), ("syscoin", .syscoin, .syscoin), ("elastos", .elastos, .elastos), ("fractal", .fractal, .fractal),
    ]

    static let most = 1 + family.count

    /// Works with targets that no share of a benchmark meets.
    static func works(_ count: Int) throws -> AuxiliaryWorks {
        guard count > 0 else { return .none }
        var random = SplitMix64(seed: 1984)
        var works = [
            AuxiliaryWork(chain: "rootstock", node: "rootstock", since: 1_700_000_000, content: .rsk(try rsk(&random)))
        ]
        for (name, flavour, chain) in family.prefix(count - 1) {
            let content = AuxiliaryWork.Content.auxPow(try auxPow(flavour, chain, &random))
            works.append(AuxiliaryWork(chain: name, node: name, since: 1_700_000_000, content: content))
        }
        let chains = family.prefix(count - 1).map(\.chain)
        return AuxiliaryWorks(shape: chains.isEmpty ? nil : try AuxiliaryTree.Shape(chains: chains), works: works)
    }

    /// A job as the pool makes it of these works, with a block's other parts made up.
    /// - Parameter auxiliaryTargets: in place of the works' own.
    static func job(_ works: AuxiliaryWorks, branches: Int, auxiliaryTargets: [Target]? = nil) throws -> Job {
        var random = SplitMix64(seed: 2008)
        let parent = CommitmentPlan.Parent(
            height: 900_000,
            runNumber: 1_700_000_000,
            tag: "/motherlode/",
            extranonceSize: 13,
            payouts: [TransactionOutput(value: 312_500_000, script: .payToWitness(version: 0, program: random.bytes(20)))],
            witnessCommitment: WitnessCommitment(hash: random.hash())
        )
        let plan = try CommitmentPlan(parent, works: works)
        let target = Target(bits: CompactBits(rawValue: 0x1702_3f8e)) ?? .max
        return Job(
            id: JobID(run: 1, serial: 1),
            tip: 1,
            previousHash: random.hash(),
            version: 0x2000_0000,
            bits: CompactBits(rawValue: 0x1702_3f8e),
            time: 1_700_000_000,
            minimumTime: 1_699_990_000,
            coinbasePrefix: plan.layout.prefix,
            extranonceSize: 13,
            coinbaseSuffix: plan.layout.suffix,
            branch: (0..<branches).map { _ in random.hash() },
            networkTarget: target,
            auxiliaryTargets: auxiliaryTargets ?? plan.works.map(\.target),
            context: plan
        )
    }

    private static func rsk(_ random: inout SplitMix64) throws -> RSKWork {
        try RSKWork([
            "blockHashForMergedMining": .string("0x" + Hex.encode(random.bytes(32))),
            "target": .string("0x" + String(repeating: "0", count: 16) + String(repeating: "f", count: 48)),
            "feesPaidToMiner": "0", "notify": false, "parentBlockHash": .string("0x" + Hex.encode(random.bytes(32))),
        ])
    }

    /// As a node of the flavour answers `createauxblock`.
    private static func auxPow(_ flavour: AuxPowFlavour, _ chain: ChainID, _ random: inout SplitMix64) throws -> AuxPowWork {
        var reply: JSONObject = [
            "hash": .string(Hex.encode(random.bytes(32))), "chainid": JSONValue(chain.value),
            "previousblockhash": .string(Hex.encode(random.bytes(32))), "coinbasevalue": 625_000_000, "bits": "1a00ffff", "height": 800_000,
        ]
        if flavour == .syscoin { reply["coinbasescript"] = .string(Hex.encode(SyscoinTag(hash: random.hash(), height: 799_990).script)) }
        return try AuxPowWork(.object(reply), flavour: flavour, chain: chain)
    }
}
