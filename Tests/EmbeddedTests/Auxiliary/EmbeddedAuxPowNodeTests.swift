import Bitcoin
import Embedded
import HTTP
import Hashing
import JSON
import MergeMining
import Testing

@Suite struct EmbeddedAuxPowNodeTests {
    private func started(
        _ flavour: EmbeddedAuxPowNode.Flavour,
        _ change: (inout EmbeddedAuxPowNode.Settings) -> Void = { _ in }
    ) async throws -> (EmbeddedAuxPowNode, TestClient) {
        var settings = EmbeddedAuxPowNode.Settings(flavour)
        settings.clock = { testClock }
        change(&settings)
        let node = try EmbeddedAuxPowNode(settings)
        try await node.start()
        var client = TestClient(url: node.url)
        client.credentials = node.credentials
        return (node, client)
    }

    private func work(_ client: TestClient, _ node: EmbeddedAuxPowNode, address: String = "N1") async throws -> AuxPowWork {
        let flavour = try #require(AuxPowFlavour(rawValue: node.flavour.rawValue))
        return try AuxPowWork(try await client.call("createauxblock", .string(address)), flavour: flavour, chain: node.chainID)
    }

    /// A tree of all three chains, of which one has a leaf.
    private func proof(of work: AuxPowWork, _ bend: (inout SolvedParent) -> Void = { _ in }) throws -> AuxPow {
        let shape = try AuxiliaryTree.Shape(chains: [.namecoin, .syscoin, .fractal])
        let tree = AuxiliaryTree(shape: shape, leaves: [work.chain: work.leaf])
        var parent = SolvedParent(tag: tree.commitment.bytes, outputs: [work.requiredOutput].compactMap { $0 })
        bend(&parent)
        return try #require(AuxPow(chain: work.chain, tree: tree, coinbase: parent.coinbase, branch: parent.branch, parent: parent.header))
    }

    private func submit(_ client: TestClient, _ work: AuxPowWork, _ proof: AuxPow) async throws -> JSONValue {
        try await client.call("submitauxblock", .string(work.name), .string(Hex.encode(proof.serialized)))
    }

    @Test(arguments: EmbeddedAuxPowNode.Flavour.allCases) func aSolutionMakesTheNextBlock(_ flavour: EmbeddedAuxPowNode.Flavour) async throws {
        let (node, client) = try await started(flavour)
        for height in 1...12 {
            let work = try await work(client, node)
            #expect(work.height == Int64(height))
            #expect(try await submit(client, work, try proof(of: work)) == true)
            #expect(try await client.call("getblockcount") == JSONValue(height))
            #expect(try await client.call("getblockhash", JSONValue(height)) == .string(work.blockID))
            #expect(try await client.call("getblockheader", .string(work.blockID))["confirmations"] == 1)
            // Again: the node says true, as for every block that it has.
            #expect(try await submit(client, work, try proof(of: work)) == true)
        }
        let counters = await node.counters
        #expect(counters.accepted == 12)
        #expect(counters.duplicates == 12)
        #expect(counters.rejected.isEmpty)
        await node.stop()
    }

    @Test func aTemplateHasItsMembers() async throws {
        let (node, client) = try await started(.namecoin)
        let template = try await client.call("createauxblock", "N1")
        #expect(template.object?.keys == ["hash", "chainid", "previousblockhash", "coinbasevalue", "bits", "height", "_target"])
        #expect(template["bits"] == "207fffff")
        #expect(template["_target"] == "0000000000000000000000000000000000000000000000000000000000ffff7f")
        #expect(try await client.call("createauxblock", "N1") == template)
        #expect(try await client.call("createauxblock", "N2")["hash"] != template["hash"])
        await node.setBits(CompactBits(rawValue: 0x1d00_ffff))
        #expect(try await client.call("createauxblock", "N1")["bits"] == "1d00ffff")
        await node.stop()

        let (syscoin, other) = try await started(.syscoin)
        #expect(try await other.call("createauxblock", "s1")["coinbasescript"]?.string?.hasPrefix("6a27737973") == true)
        await syscoin.stop()
    }

    @Test func badProofsAreRefusedWithTheirReason() async throws {
        let (node, client) = try await started(.namecoin)
        let work = try await work(client, node)
        let bad: [(reason: String, bend: (inout AuxPow) -> Void)] = [
            ("wrong-index", { $0.chainIndex ^= 1 << 4 }),
            ("coinbase-merkle-root-incorrect", { $0.coinbase.lockTime = 7 }),
            ("root-missing", { $0.chainBranch = MerkleBranch(siblings: $0.chainBranch.siblings + [.zero]) }),
        ]
        for (reason, bend) in bad {
            var proof = try proof(of: work)
            bend(&proof)
            #expect(try await submit(client, work, proof) == false)
            #expect(await node.counters.rejected[reason] == 1)
        }
        let high = try proof(of: work) { $0.solve { !easyTarget.isMet(by: $0) } }
        #expect(try await submit(client, work, high) == false)
        #expect(await node.counters.rejected["high-hash"] == 1)
        #expect(await node.tip.height == 0)
        // A refused proof does not spoil the template.
        #expect(try await submit(client, work, try proof(of: work)) == true)
        await node.stop()
    }

    @Test func syscoinWantsItsOutput() async throws {
        let (node, client) = try await started(.syscoin)
        let work = try await work(client, node)
        let shape = try AuxiliaryTree.Shape(chains: [.syscoin])
        let tree = AuxiliaryTree(shape: shape, leaves: [work.chain: work.leaf])
        let parent = SolvedParent(tag: tree.commitment.bytes)
        let proof = try #require(AuxPow(chain: work.chain, tree: tree, coinbase: parent.coinbase, branch: parent.branch, parent: parent.header))
        #expect(try await submit(client, work, proof) == false)
        #expect(await node.counters.rejected == ["missing-syscoin-tag": 1])
        await node.stop()
    }

    @Test func aParentThatLooksLikeFractalIsRefused() async throws {
        let (node, client) = try await started(.fractal)
        let work = try await work(client, node)
        let tree = AuxiliaryTree(shape: try AuxiliaryTree.Shape(chains: [.fractal]), leaves: [work.chain: work.leaf])
        let parent = SolvedParent(tag: tree.commitment.bytes, version: 0x2024_6000)
        let proof = try #require(AuxPow(chain: work.chain, tree: tree, coinbase: parent.coinbase, branch: parent.branch, parent: parent.header))
        #expect(try await submit(client, work, proof) == false)
        #expect(await node.counters.rejected == ["parent-has-our-chain-id": 1])
        await node.stop()
    }

    /// As in the nodes, a template outlives its tip until somebody asks for a new one.
    @Test func anOldTemplateGivesASideBranchThenNothing() async throws {
        let (node, client) = try await started(.namecoin)
        let work = try await work(client, node)
        try await node.advance()
        #expect(try await submit(client, work, try proof(of: work)) == true)
        #expect(try await client.call("getblockheader", .string(work.blockID))["confirmations"] == -1)
        #expect(try await client.call("getblockcount") == 1)
        _ = try await self.work(client, node)
        await #expect(throws: RPCError(code: -8, message: "block hash unknown")) {
            try await submit(client, work, try proof(of: work))
        }
        await #expect(throws: RPCError.self) { try await client.call("submitauxblock", "00", "00") }
        let counters = await node.counters
        #expect(counters.beside == 1)
        #expect(counters.unknown == 1)
        await node.stop()
    }

    @Test func whatDoesNotDecodeIsAnError() async throws {
        let (node, client) = try await started(.namecoin)
        let work = try await work(client, node)
        do {
            _ = try await client.call("submitauxblock", .string(work.name), "00ff")
            Issue.record("no error came")
        } catch let error as RPCError {
            #expect(error.code == -1)
        }
        await #expect(throws: RPCError(code: -5, message: "Error: Invalid address")) { try await client.call("createauxblock", "") }
        #expect(await node.counters.rejected == ["malformed": 1])
        await node.stop()
    }

    @Test func aFileKeepsTheChain() async throws {
        let folder = TemporaryFolder()
        let file = folder.path + "/namecoin.chain"
        var last = ""
        do {
            let (node, client) = try await started(.namecoin) { $0.file = file }
            for _ in 0..<3 {
                let work = try await work(client, node)
                #expect(try await submit(client, work, try proof(of: work)) == true)
                last = work.blockID
            }
            await node.stop()
        }
        await eventually("the first node lets go of its file") {
            var settings = EmbeddedAuxPowNode.Settings(.namecoin)
            settings.file = file
            return (try? EmbeddedAuxPowNode(settings)) != nil
        }
        let (node, client) = try await started(.namecoin) { settings in
            settings.file = file
            settings.bits = CompactBits(rawValue: 0x1d00_ffff)
        }
        #expect(try await client.call("getbestblockhash") == .string(last))
        #expect(try await work(client, node).height == 4)
        await node.stop()
    }
}
