import Bitcoin
import Foundation
import HTTP
import Hashing
import JSON
import Randomness
import RealNodes
import Testing

@testable import MergeMining

/// The set and its proofs against a real Namecoin Core.
@Suite(.serialized, .enabled(if: RealNode.Kind.namecoind.isAtHand, "NAMECOIND does not name a node's binary"), .timeLimit(.minutes(2)))
struct NamecoindTests {
    /// Twenty blocks in a row, in a tree of four chains, all on its chain in the end.
    @Test func twentyBlocks() async throws {
        let node = try await NamecoinNode()
        let kind = AuxiliaryChain.Kind.auxPow(flavour: .namecoin, chain: .namecoin, address: node.address)
        let chain = AuxiliaryChain(name: "namecoin", kind: kind, nodes: [node.endpoint], pollInterval: .milliseconds(20))
        // Chains that are down: their leaves are zero, and Namecoin's branch leads past them.
        let others = SampleWorks.flavours.dropFirst().map { other in
            AuxiliaryChain(
                name: other.name,
                kind: .auxPow(flavour: other.flavour, chain: other.chain, address: "x"),
                nodes: [NodeEndpoint(name: other.name, url: "http://127.0.0.1:1")]
            )
        }
        let set = try AuxiliarySet([chain] + others, http: HTTPClient())
        let running = Task { await set.run() }
        defer { running.cancel() }
        var sample = SampleWorks(seed: 80)
        var accepted: [(block: String, height: Int64)] = []
        var done: Set<String> = []
        for await update in await set.updates() {
            let plan = try CommitmentPlan(sample.parent(), works: update.works)
            guard plan.works.count == 1, done.insert(plan.works[0].id).inserted else { continue }
            let (extranonce, branch) = (sample.random.bytes(13), sample.branch(Int.random(in: 0...12, using: &sample.random)))
            let header = try sample.header(plan, extranonce: extranonce, branch: branch)
            let solution = try plan.solution(of: 0, extranonce: extranonce, header: header, branch: branch, transactions: 9)
            let outcome = await set.submit(solution)
            guard case .accepted(let block, let height) = outcome else {
                Issue.record("\(outcome)")
                break
            }
            accepted.append((block, height))
            if accepted.count == 20 { break }
        }
        let first = NamecoinNode.firstHeight
        try #require(accepted.map(\.height) == Array(first..<first + 20))
        for (block, height) in accepted {
            #expect(try await node.client.call("getblockhash", [.integer(height)]).string == block)
        }
        #expect(await set.standing(of: accepted[0].block, height: first, on: "namecoin") == .confirmed(confirmations: 20))
        #expect(await set.standing(of: accepted[1].block, height: first, on: "namecoin") == .beside(rival: 20))
        #expect(await set.standing(of: accepted[0].block, height: 99, on: "namecoin") == .ahead)
    }

    /// The node's own words for what it refuses are understood.
    @Test func refusals() async throws {
        let node = try await NamecoinNode()
        let aux = AuxPowNode(node.client, flavour: .namecoin, chain: .namecoin, address: node.address)
        guard case .auxPow(let work) = try await aux.work() else { return #expect(Bool(false)) }
        var sample = SampleWorks(seed: 81)
        let works = AuxiliaryWorks(
            shape: try AuxiliaryTree.Shape(chains: [.namecoin]),
            works: [AuxiliaryWork(chain: "namecoin", node: aux.name, since: 0, content: .auxPow(work))]
        )
        let plan = try CommitmentPlan(sample.parent(), works: works)
        let (extranonce, branch) = (sample.random.bytes(13), sample.branch(4))
        let header = try sample.header(plan, extranonce: extranonce, branch: branch)
        let good = try plan.solution(of: 0, extranonce: extranonce, header: header, branch: branch, transactions: 9)
        let hex = try #require(good.parameters[1]?.string)
        func altered(_ parameters: [JSONValue]) throws -> AuxiliarySolution {
            var object = try #require(good.json.object)
            object["parameters"] = .array(parameters)
            return try AuxiliarySolution(.object(object))
        }
        // A byte of the coinbase changed: the Merkle root is another.
        var bytes = try #require(Hex.decode(hex))
        bytes[50] ^= 1
        #expect(await aux.send(try altered([.string(work.name), .string(Hex.encode(bytes))])).outcome.label == "invalid")
        #expect(await aux.send(try altered([.string(work.name), .string(String(hex.prefix(100)))])).outcome.label == "invalid")
        let unknown = JSONValue.string(String(repeating: "ab", count: 32))
        #expect(await aux.send(try altered([unknown, .string(hex)])).outcome.label == "stale")
        // A bad proof does not spoil the block: the good one is taken, and taken once more without harm.
        #expect(await aux.send(good).outcome == .accepted(block: work.blockID, height: NamecoinNode.firstHeight))
        #expect(await aux.send(good).outcome == .accepted(block: work.blockID, height: NamecoinNode.firstHeight))
        // A chain id that is not the node's.
        let other = AuxPowNode(node.client, flavour: .namecoin, chain: 2, address: node.address)
        await #expect(throws: AuxiliaryNodeError.reply(.chainID(expected: 2, found: 1))) { try await other.work() }
        let nowhere = AuxPowNode(node.client, flavour: .namecoin, chain: .namecoin, address: "nonsense")
        await #expect(throws: AuxiliaryNodeError.self) { try await nowhere.work() }
    }
}
