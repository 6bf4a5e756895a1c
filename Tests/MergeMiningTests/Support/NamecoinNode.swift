import Bitcoin
import JSON
import RealNodes
import Testing

/// A real Namecoin Core on a private regtest chain, with a wallet, for as long as a test lasts.
struct NamecoinNode {
    /// The height of the first block that a test mines.
    static let firstHeight: Int64 = 21

    let client: NodeClient
    /// An address of the node's wallet.
    let address: String
    private let node: RealNode

    var endpoint: NodeEndpoint { node.endpoint() }

    init() async throws {
        node = try await RealNode(.namecoind)
        client = node.client()
        _ = try await client.call("createwallet", ["w"])
        address = try #require(try await client.call("getnewaddress").string)
        // On an empty chain createauxblock never answers, and up to height 16 it makes a coinbase that its own node finds too short.
        _ = try await client.call("generatetoaddress", [.integer(Self.firstHeight - 1), .string(address)])
    }
}
