/// A `poold run` with nothing but what it must be told: its node is a stand-in, every hash is a share, all else is the default.
final class PoolBench {
    let folder: TemporaryFolder
    let pool: PoolProcess
    /// The pool's log.
    let log: String

    /// - Parameter auxiliaries: entries as the configuration holds them.
    init(node: NodeStandIn, notices: String? = nil, durability: String? = nil, cores: Int? = nil, auxiliaries: [String] = []) throws(LoadFailure) {
        folder = try TemporaryFolder()
        log = folder.path + "/log"
        let file = try folder.write(
            """
            {
                chain: "regtest", data: "\(folder.path)/data",
                coinbase: { address: "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080" },
                nodes: [{ url: "http://127.0.0.1:\(node.port)", user: "u", password: "p"\(notices.map { ", zmqHashBlock: \"\($0)\"" } ?? "") }],
                stratum: [{ listen: "127.0.0.1:0", difficulty: { start: 1e-10, min: 1e-10, max: 1e-10 } }],
                auxiliaries: [\(auxiliaries.joined(separator: ", "))],
                accounting: {\(durability.map { " durability: \"\($0)\" " } ?? "")},
                admin: { listen: "127.0.0.1:0" },
            }
            """,
            to: "poold.json5"
        )
        pool = try PoolProcess(["run", "--config", file], log: log, cores: cores)
    }
}
