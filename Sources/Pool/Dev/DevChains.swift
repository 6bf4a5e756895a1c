import Embedded
import HTTP
import Hashing
import MergeMining

/// The chains of `poold dev`: a parent and three auxiliary ones, each a node that answers over HTTP on a loopback port like a real one.
struct DevChains: Sendable {
    private let parent: EmbeddedNode
    private let rootstock: EmbeddedRSKNode
    private let auxPow: [EmbeddedAuxPowNode]

    /// What the RSK-like chain is called.
    private static let rootstockName = "rootstock"

    /// Starts all nodes; their chains go on where files in `folder` left them.
    init(folder: String, targets: DevTargets) async throws {
        var settings = EmbeddedNode.Settings()
        settings.bits = targets.parentBits
        settings.file = folder + "/chain"
        parent = try EmbeddedNode(settings)
        try await parent.start()

        var rskSettings = EmbeddedRSKNode.Settings()
        if let target = Target(bits: targets.auxiliaryBits) { rskSettings.target = target }
        rskSettings.file = folder + "/chain-" + DevChains.rootstockName
        rootstock = try EmbeddedRSKNode(rskSettings)
        try await rootstock.start()

        var nodes: [EmbeddedAuxPowNode] = []
        for flavour in [EmbeddedAuxPowNode.Flavour.namecoin, .syscoin] {
            var settings = EmbeddedAuxPowNode.Settings(flavour)
            settings.bits = targets.auxiliaryBits
            settings.file = folder + "/chain-" + flavour.rawValue
            let node = try EmbeddedAuxPowNode(settings)
            try await node.start()
            nodes.append(node)
        }
        auxPow = nodes
    }

    func stop() async {
        await parent.stop()
        await rootstock.stop()
        for node in auxPow { await node.stop() }
    }

    var auxiliaryNames: [String] { auxiliaries.map(\.name) }

    /// The parent node as a configuration names it.
    var parentNode: PoolConfiguration.Node {
        var node = PoolConfiguration.Node()
        node.url = parent.url
        node.user = parent.credentials.user
        node.password = Secret(parent.credentials.password)
        return node
    }

    /// The auxiliary chains as a configuration names them.
    var auxiliaries: [PoolConfiguration.Auxiliary] {
        var rsk = PoolConfiguration.Auxiliary()
        rsk.kind = .rsk
        rsk.name = DevChains.rootstockName
        rsk.url = rootstock.url
        rsk.pollSeconds = 0.5
        return [rsk]
            + auxPow.map { node in
                var chain = PoolConfiguration.Auxiliary()
                chain.kind = .auxpow
                chain.name = node.flavour.rawValue
                chain.flavour = PoolConfiguration.Auxiliary.Flavour(rawValue: node.flavour.rawValue)
                chain.chainID = node.chainID.value
                chain.url = node.url
                chain.user = node.credentials.user
                chain.password = Secret(node.credentials.password)
                // The embedded chains take any text for an address.
                chain.address = "the-pool"
                chain.pollSeconds = 0.5
                return chain
            }
    }
}
