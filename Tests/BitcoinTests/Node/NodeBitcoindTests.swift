import Bitcoin
import Foundation
import HTTP
import Hashing
import JSON
import RealNodes
import Testing

/// The client against a real node.
@Suite(.serialized, .enabled(if: RealNode.Kind.bitcoind.isAtHand, "BITCOIND does not name a node's binary"), .timeLimit(.minutes(1)))
struct NodeBitcoindTests {
    /// A descriptor that anyone can spend.
    static let payout: JSONValue = "raw(51)"

    /// A block on top of the tip that the node has not got yet: its hash and bytes.
    static func unsubmittedBlock(_ client: NodeClient) async throws -> (hash: Hash256, bytes: [UInt8]) {
        let block = try await client.call("generateblock", [payout, [], false])
        return (try #require(Hash256(displayHex: block["hash"]?.string ?? "")), try #require(Hex.decode(block["hex"]?.string ?? "")))
    }

    /// The block with another header, whose nonce is chosen to meet the target or to miss it.
    static func altered(_ block: [UInt8], isSolved: Bool, _ change: (inout BlockHeader) -> Void) throws -> [UInt8] {
        var header = try BlockHeader(parsing: Array(block[..<BlockHeader.byteCount]))
        change(&header)
        let target = try #require(Target(bits: header.bits))
        while target.isMet(by: header.hash) != isSolved { header.nonce &+= 1 }
        return header.serialized + block[BlockHeader.byteCount...]
    }

    @Test func readsTheChain() async throws {
        let node = try await RealNode(access: .cookie)
        let client = node.client()
        _ = try await client.call("generatetodescriptor", [101, Self.payout])
        let info = try await client.getBlockchainInfo()
        #expect(info.chain == .regtest)
        #expect(info.blocks == 101)
        #expect(info.headers == 101)
        #expect(!info.initialBlockDownload)
        #expect(info.signetChallenge == nil)
        #expect(try await client.getBestBlockHash() == info.bestBlockHash)
        #expect(try await client.getNetworkInfo().version >= 280_000)
        #expect(try await client.getNetworkInfo().subversion.hasPrefix("/Satoshi:"))
        #expect(try await client.getBlockHash(height: 101) == info.bestBlockHash)
        #expect(try await client.getBlockHash(height: 102) == nil)
        let tip = try #require(try await client.getBlockHeader(info.bestBlockHash))
        #expect(tip.height == 101)
        #expect(tip.confirmations == 1)
        #expect(tip.nextHash == nil)
        let parent = try #require(try await client.getBlockHeader(tip.header.previousHash))
        #expect(parent.confirmations == 2)
        #expect(parent.nextHash == tip.hash)
        #expect(try await client.getBlockHeader(.zero) == nil)
        await #expect(throws: NodeError.rpc(code: -32601, "Method not found")) { try await client.call("nosuchmethod") }
        try await client.preciousBlock(tip.hash)
    }

    @Test func submitsBlocks() async throws {
        let node = try await RealNode(access: .cookie)
        let client = node.client()
        let warm = client.keepWarm()
        let block = try await Self.unsubmittedBlock(client)
        #expect(await client.submitBlock(BlockSubmission(block: block.bytes)) == .accepted)
        #expect(try await client.getBestBlockHash() == block.hash)
        #expect(await client.submitBlock(BlockSubmission(block: block.bytes)) == .duplicate)

        let tail = BlockSubmission.hex(Array(block.bytes[100...]))
        #expect(await client.submitBlock(BlockSubmission(head: Array(block.bytes[..<100]), tailHex: tail)) == .duplicate)

        // Two blocks of one height: the second is kept beside the tip.
        let first = try await Self.unsubmittedBlock(client)
        _ = try await client.call("setmocktime", [JSONValue(Int(Date().timeIntervalSince1970) + 60)])
        let second = try await Self.unsubmittedBlock(client)
        #expect(first.hash != second.hash)
        #expect(await client.submitBlock(BlockSubmission(block: first.bytes)) == .accepted)
        #expect(await client.submitBlock(BlockSubmission(block: second.bytes)) == .inconclusive)

        let third = try await Self.unsubmittedBlock(client).bytes
        let orphan = try Self.altered(third, isSolved: true) { $0.previousHash = .zero }
        #expect(await client.submitBlock(BlockSubmission(block: orphan)) == .unknownParent("prev-blk-not-found"))
        let unsolved = try Self.altered(third, isSolved: false) { _ in }
        #expect(await client.submitBlock(BlockSubmission(block: unsolved)) == .rejected("high-hash"))
        let wrongRoot = try Self.altered(third, isSolved: true) { $0.merkleRoot = .zero }
        #expect(await client.submitBlock(BlockSubmission(block: wrongRoot)) == .rejected("bad-txnmrklroot"))
        #expect(await client.submitBlock(BlockSubmission(block: [1, 2, 3])) == .rejected("Block decode failed"))
        warm.cancel()
    }

    @Test func longPollsEndWithANewBlock() async throws {
        let node = try await RealNode(access: .cookie)
        let client = node.client()
        _ = try await client.call("generatetodescriptor", [1, Self.payout])
        let template = try await client.getBlockTemplate(for: .regtest)
        let id = try template.required("longpollid", as: .string)
        let before = try await client.getBestBlockHash()
        async let next = client.getBlockTemplate(for: .regtest, longPollID: id, timeout: .seconds(50))
        async let tip = client.waitForNewBlock(after: before, atMost: .seconds(50))
        _ = try await client.call("generatetodescriptor", [1, Self.payout])
        #expect(try await next["height"]?.integer == 3)
        #expect(try await tip != before)
    }

    @Test func wrongPasswordsAreRefused() async throws {
        let node = try await RealNode(access: .cookie)
        var endpoint = node.endpoint()
        endpoint.credentials = .password(HTTPCredentials(user: "u", password: "wrong"))
        await #expect(throws: NodeError.unauthorized) { try await NodeClient(endpoint, http: HTTPClient()).getBlockchainInfo() }
    }

    /// Notices come, a node that stops answering is found by heartbeats, and notices come again when it goes on.
    @Test func noticesAndSilentDeath() async throws {
        let notices = "tcp://127.0.0.1:\(RealNode.freePort())"
        let node = try await RealNode(access: .cookie, options: ["-zmqpubhashblock=\(notices)"])
        let client = node.client()
        let subscription = try HashBlockSubscription(endpoint: notices, heartbeat: .milliseconds(200))
        try await until { subscription.state == .connected }
        // Until the node knows its subscriber a notice may be lost.
        let mining = Task {
            while !Task.isCancelled {
                _ = try await client.call("generatetodescriptor", [1, Self.payout])
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        var received = subscription.notices.makeAsyncIterator()
        let first = try #require(await received.next())
        mining.cancel()
        _ = await mining.result
        let header = try #require(try await client.getBlockHeader(first.hash))
        #expect(header.height >= 1)

        kill(node.process, SIGSTOP)
        try await until { subscription.state == .disconnected }
        kill(node.process, SIGCONT)
        try await until { subscription.state == .connected }
        #expect(subscription.disconnects >= 1)
        subscription.stop()
    }
}
