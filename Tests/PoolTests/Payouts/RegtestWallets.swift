import Bitcoin
import HTTP
import JSON
import RealNodes
import Testing

@testable import Pool

/// A real node with two wallets: the pool's, with mature coins, and one whose addresses are the miners'.
final class RegtestWallets: Sendable {
    let node: RealNode
    let pool: NodeClient
    let miners: NodeClient

    init() async throws {
        let binary = try #require(RealNode.binary)
        node = try #require(RealNode(binary: binary, options: ["-fallbackfee=0.0001"]))
        (pool, miners) = (Self.client(node.url, "pool"), Self.client(node.url, "miners"))
        let bare = Self.client(node.url, nil)
        try await Self.ready(bare)
        for wallet in ["pool", "miners"] { _ = try await bare.call("createwallet", [.string(wallet)]) }
        try await mine(130)
    }

    private static func ready(_ node: NodeClient) async throws {
        while true {
            do {
                _ = try await node.call("getblockcount")
                return
            } catch .unreachable, .warmingUp, .busy {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    static func client(_ url: String, _ wallet: String?) -> NodeClient {
        let path = wallet.map { "/wallet/\($0)" } ?? "/"
        let credentials = NodeCredentials.password(HTTPCredentials(user: "u", password: "p"))
        return NodeClient(NodeEndpoint(name: wallet ?? "node", url: url + path, credentials: credentials), http: HTTPClient())
    }

    func wallet(_ settings: PayoutSettings = PayoutSettings()) -> NodeWallet {
        NodeWallet(client: pool, accountsBearFee: settings.feeFrom == .accounts)
    }

    func mine(_ count: Int) async throws { try await Self.mine(count, pool) }

    static func mine(_ count: Int, _ wallet: NodeClient) async throws {
        let address = try await wallet.call("getnewaddress")
        _ = try await wallet.call("generatetoaddress", [JSONValue(count), address])
    }

    func minerAddress() async throws -> String {
        try #require(try await miners.call("getnewaddress").string)
    }

    /// What an address of a miner received in blocks, satoshi.
    func received(_ address: String) async throws -> UInt128? {
        try await miners.call("getreceivedbyaddress", [.string(address), 1]).double.flatMap(CoinAmount.units)
    }
}
