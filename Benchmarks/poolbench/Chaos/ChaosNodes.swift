import Bitcoin
import Embedded
import HTTP
import Hashing
import MergeMining

/// The nodes of a chaos: a parent chain, RSK and one of the AuxPoW family, in this process, behind real HTTP.
final class ChaosNodes: Sendable {
    let parent: EmbeddedNode
    let rsk: EmbeddedRSKNode
    let namecoin: EmbeddedAuxPowNode

    /// One hash in 2,048 is a block of the parent chain, one in 512 is one of the auxiliary chains.
    private static let parentBits = CompactBits(rawValue: 0x1f1f_ffff)
    private static let auxiliaryBits = CompactBits(rawValue: 0x1f7f_ffff)

    init() async throws {
        var settings = EmbeddedNode.Settings()
        settings.bits = Self.parentBits
        parent = try EmbeddedNode(settings)
        var rskSettings = EmbeddedRSKNode.Settings()
        rskSettings.target = Target(bits: Self.auxiliaryBits) ?? rskSettings.target
        rsk = try EmbeddedRSKNode(rskSettings)
        var namecoinSettings = EmbeddedAuxPowNode.Settings(.namecoin)
        namecoinSettings.bits = Self.auxiliaryBits
        namecoin = try EmbeddedAuxPowNode(namecoinSettings)
        try await parent.start()
        try await rsk.start()
        try await namecoin.start()
    }

    /// As the pool's configuration names them.
    var parentEntry: String {
        #"{ url: "\#(parent.url)", user: "\#(parent.credentials.user)", password: "\#(parent.credentials.password)" }"#
    }

    var auxiliaryEntries: [String] {
        [
            #"{ kind: "rsk", name: "rootstock", url: "\#(rsk.url)" }"#,
            #"{ kind: "auxpow", name: "namecoin", flavour: "namecoin", chainId: \#(namecoin.chainID.value), url: "\#(namecoin.url)", "#
                + #"user: "\#(namecoin.credentials.user)", password: "\#(namecoin.credentials.password)", address: "chaos" }"#,
        ]
    }

    func stop() async {
        await parent.stop()
        await rsk.stop()
        await namecoin.stop()
    }

    /// Blocks that the parent node knows, on whatever branch, and the blocks that they stand on.
    var blocks: (known: Set<Hash256>, parents: Set<Hash256>) {
        get async {
            let stored = await parent.chain.stored
            return (Set(stored.map(\.header.hash)), Set(stored.map(\.header.previousHash)))
        }
    }
}
