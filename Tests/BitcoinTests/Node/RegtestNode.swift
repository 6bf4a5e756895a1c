import Bitcoin
import Foundation
import HTTP
import Testing

/// A real bitcoind on a private regtest chain, for as long as a test lasts.
struct RegtestNode {
    /// The binary that `BITCOIND` names.
    static let binary: String? = {
        let path = ProcessInfo.processInfo.environment["BITCOIND"]
        if path == nil { print("Tests against a real node are skipped: set BITCOIND to the path of bitcoind to run them.") }
        return path
    }()

    let folder: String
    let rpcPort: UInt16
    let zmqPort: UInt16
    let process: Process

    var endpoint: NodeEndpoint {
        NodeEndpoint(name: "regtest", url: "http://127.0.0.1:\(rpcPort)/", credentials: .cookieFile(folder + "/regtest/.cookie"))
    }

    var zmqEndpoint: String { "tcp://127.0.0.1:\(zmqPort)" }

    /// Starts a node, lets `body` use it once it answers, and stops it.
    static func running(_ body: (RegtestNode, NodeClient) async throws -> Void) async throws {
        let binary = try #require(binary)
        try await withTemporaryFolder { folder in
            let node = RegtestNode(folder: folder, rpcPort: try await freePort(), zmqPort: try await freePort(), process: Process())
            node.process.executableURL = URL(fileURLWithPath: binary)
            node.process.arguments = [
                "-regtest", "-server", "-listen=0", "-datadir=\(folder)", "-rpcport=\(node.rpcPort)", "-rpcbind=127.0.0.1",
                "-rpcallowip=127.0.0.1", "-zmqpubhashblock=\(node.zmqEndpoint)", "-printtoconsole=0", "-dnsseed=0", "-fixedseeds=0",
            ]
            try node.process.run()
            defer {
                // Not SIGTERM: a process started from the cooperative pool inherits a mask that blocks it.
                kill(node.process.processIdentifier, SIGKILL)
                node.process.waitUntilExit()
            }
            let client = NodeClient(node.endpoint, http: HTTPClient())
            try await node.ready(client)
            try await body(node, client)
        }
    }

    /// Waits while the node writes its cookie, opens its port and loads its chain.
    private func ready(_ client: NodeClient) async throws {
        while true {
            do {
                _ = try await client.getBlockchainInfo()
                return
            } catch {
                switch error {
                case .cookieUnreadable, .unreachable, .warmingUp: try await Task.sleep(for: .milliseconds(50))
                default: throw error
                }
            }
        }
    }

    /// A port that was free a moment ago.
    private static func freePort() async throws -> UInt16 {
        let server = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0)) { _ in HTTPResponse() }
        await server.stop()
        return try #require(server.boundPort)
    }
}
