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
        node = try await RealNode(options: ["-fallbackfee=0.0001"])
        (pool, miners) = (Self.client(node.url, "pool"), Self.client(node.url, "miners"))
        let bare = node.client()
        for wallet in ["pool", "miners"] { _ = try await bare.call("createwallet", [.string(wallet)]) }
        try await mine(130)
    }

    static func client(_ url: String, _ wallet: String) -> NodeClient {
        return NodeClient(NodeEndpoint(name: wallet, url: "\(url)/wallet/\(wallet)", credentials: .password(RealNode.login)), http: HTTPClient())
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
