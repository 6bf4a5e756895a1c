import Bitcoin
import Foundation
import HTTP
import JSON
import Testing

/// A real Namecoin Core on a private regtest chain, for as long as a test lasts.
struct NamecoinNode {
    /// The binary that `NAMECOIND` names.
    static let binary: String? = {
        let path = ProcessInfo.processInfo.environment["NAMECOIND"]
        if path == nil { print("Tests against a real Namecoin node are skipped: set NAMECOIND to the path of namecoind to run them.") }
        return path
    }()

    /// The height of the first block that a test mines.
    static let firstHeight: Int64 = 21

    let endpoint: NodeEndpoint
    let client: NodeClient
    /// An address of the node's wallet.
    let address: String

    static func running(_ body: (NamecoinNode) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("namecoin-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let port = try FreePorts.take(1)[0]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(binary))
        process.arguments = [
            "-regtest", "-server", "-listen=0", "-datadir=\(folder)", "-rpcport=\(port)", "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1",
            "-rpcuser=u", "-rpcpassword=p", "-printtoconsole=0", "-dnsseed=0", "-fixedseeds=0",
        ]
        try process.run()
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let credentials = NodeCredentials.password(HTTPCredentials(user: "u", password: "p"))
        let endpoint = NodeEndpoint(name: "namecoind", url: "http://127.0.0.1:\(port)/", credentials: credentials)
        let client = NodeClient(endpoint, http: HTTPClient())
        while true {
            do {
                _ = try await client.call("getblockcount")
                break
            } catch .unreachable, .warmingUp, .busy {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        _ = try await client.call("createwallet", ["w"])
        let address = try #require(try await client.call("getnewaddress").string)
        // On an empty chain createauxblock never answers, and up to height 16 it makes a coinbase that its own node finds too short.
        _ = try await client.call("generatetoaddress", [.integer(firstHeight - 1), .string(address)])
        try await body(NamecoinNode(endpoint: endpoint, client: client, address: address))
    }
}
