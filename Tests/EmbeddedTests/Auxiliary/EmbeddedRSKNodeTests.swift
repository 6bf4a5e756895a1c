import Bitcoin
import Embedded
import HTTP
import Hashing
import JSON
import MergeMining
import Testing

@Suite struct EmbeddedRSKNodeTests {
    private func started(_ change: (inout EmbeddedRSKNode.Settings) -> Void = { _ in }) async throws -> (EmbeddedRSKNode, TestClient) {
        var settings = EmbeddedRSKNode.Settings()
        settings.clock = { Int64(testClock) * 1_000 }
        change(&settings)
        let node = try EmbeddedRSKNode(settings)
        try await node.start()
        return (node, TestClient(url: node.url))
    }

    private func work(_ client: TestClient) async throws -> RSKWork {
        try RSKWork(try await client.call("mnr_getWork"))
    }

    private func submit(_ client: TestClient, _ parent: SolvedParent) async throws -> RSKImport {
        let parameters = RSKSubmission.partialMerkle(
            header: parent.header,
            coinbase: parent.coinbase.witnessless,
            branch: parent.branch,
            transactions: 3
        )
        return try RSKImport(try await call(client, "mnr_submitBitcoinBlockPartialMerkle", parameters))
    }

    private func call(_ client: TestClient, _ method: String, _ parameters: [JSONValue]) async throws -> JSONValue {
        let request: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": .string(method), "params": .array(parameters)]
        let body = try await client.post(request.text()).body
        if let error = body["error"] { throw RPCError(code: Int(error["code"]?.integer ?? 0), message: error["message"]?.string ?? "") }
        return try #require(body["result"])
    }

    @Test func aWorkCarriesForkDetectionData() async throws {
        let (node, client) = try await started()
        let first = try await work(client)
        #expect(first.height == 9_000_001)
        #expect(first.notify)
        #expect(first.target == easyTarget)
        #expect(first.hash.forkData.parentsVector.contains { $0 != 0 })
        // The same until the parent changes or a minute is over; the hint goes to the first who asks.
        let second = try await work(client)
        #expect(second.hash == first.hash)
        #expect(!second.notify)
        await node.setTarget(Target(value: .one))
        #expect(try await work(client).target == Target(value: .one))
        await node.stop()
    }

    @Test func aSolutionMakesTheNextBlock() async throws {
        let (node, client) = try await started()
        let work = try await work(client)
        let parent = SolvedParent(outputs: [RSKTag.script(for: work.hash)])
        let answer = try await submit(client, parent)
        #expect(answer.status == .best)
        #expect(answer.height == 9_000_001)
        #expect(try await client.call("eth_blockNumber") == "0x895441")
        let block = try await client.call("eth_getBlockByNumber", "0x895441", false)
        #expect(block["hash"] == .string("0x" + answer.blockHash))
        #expect(block["hashForMergedMining"] == .string("0x" + work.hash.description))
        #expect(try await client.call("eth_getBlockByNumber", "0x895442", false) == .null)
        let next = try await self.work(client)
        #expect(Hex.encode(next.parent) == answer.blockHash)
        #expect(next.height == 9_000_002)

        // The same header again, then another of the same work.
        #expect(try await submit(client, parent).status == .exists)
        var sibling = parent
        sibling.solve { easyTarget.isMet(by: $0) }
        #expect(try await submit(client, sibling).status == .notBest)
        let counters = await node.counters
        #expect(counters.accepted == 1)
        #expect(counters.duplicates == 1)
        #expect(counters.beside == 1)
        await node.stop()
    }

    @Test func theThreeWaysOfSubmitting() async throws {
        let (node, client) = try await started()
        var parent = SolvedParent(outputs: [RSKTag.script(for: try await work(client).hash)])
        let sibling = Transaction(
            inputs: [TransactionInput(previousOutput: OutPoint(txid: .zero, index: 0))],
            outputs: [TransactionOutput(value: 1, script: Script([0x51]))]
        )
        parent.branch = MerkleBranch(siblings: [sibling.txid])
        parent.header.merkleRoot = parent.branch.root(coinbase: parent.coinbase.txid)
        parent.solve { easyTarget.isMet(by: $0) }
        let header = Hex.encode(parent.header.serialized)
        let ids = "\(parent.coinbase.txid.displayHex) \(sibling.txid.displayHex)"
        let coinbase = Hex.encode(parent.coinbase.witnessless)
        let byTransactions = try await call(client, "mnr_submitBitcoinBlockTransactions", ["", .string(header), .string(coinbase), .string(ids)])
        #expect(try RSKImport(byTransactions).status == .best)
        let block = Block(header: parent.header, transactions: [parent.coinbase, sibling])
        let byBlock = try await call(client, "mnr_submitBitcoinBlock", [.string(Hex.encode(block.serialized))])
        #expect(try RSKImport(byBlock).status == .exists)
        await node.stop()
    }

    @Test func badSolutionsAreRefusedAsRskjDoes() async throws {
        let (node, client) = try await started()
        let work = try await work(client)
        let tag = RSKTag.script(for: work.hash)

        func refusal(_ parent: SolvedParent) async -> RPCError? {
            do {
                _ = try await submit(client, parent)
                return nil
            } catch { return error as? RPCError }
        }
        let unknown = await refusal(SolvedParent(outputs: [[0x6a]]))
        #expect(unknown?.code == -33_000)
        #expect(unknown?.message.contains("could not find hash") == true)

        var tooHard = SolvedParent(outputs: [tag])
        tooHard.solve { !easyTarget.isMet(by: $0) }
        #expect(await refusal(tooHard)?.message.hasPrefix("Invalid block supplied by miner:") == true)

        let tooLong = SolvedParent(outputs: [tag, [UInt8](repeating: 0x6a, count: 116)])
        #expect(await refusal(tooLong)?.code == -33_000)
        #expect(await refusal(SolvedParent(outputs: [tag, [UInt8](repeating: 0x6a, count: 115)])) == nil)

        let late = SolvedParent(outputs: [tag], time: testClock + 300)
        #expect(try await submit(client, late).status == .invalid)

        let counters = await node.counters
        #expect(counters.unknown == 1)
        #expect(counters.rejected == ["hash-above-target": 1, "too-many-bytes-after-hash": 1, "INVALID_BLOCK": 1])
        #expect(counters.accepted == 1)
        await node.stop()
    }

    @Test func itsWireIsRskjs() async throws {
        let (node, client) = try await started()
        let wrong = try await client.raw(#"{"jsonrpc":"2.0","id":7,"method":"mnr_submitBitcoinBlock","params":[]}"#)
        #expect(wrong.status == 400)
        #expect(wrong.headers["Connection"]?.lowercased() == "close")
        #expect(
            String(decoding: wrong.body, as: UTF8.self) == #"{"jsonrpc":"2.0","error":{"code":-32602,"message":"method parameters invalid"},"id":7}"#
                + "\n"
        )
        let missing = try await client.raw(#"{"jsonrpc":"2.0","id":7,"method":"mnr_getwork","params":[]}"#)
        #expect(missing.status == 200)
        #expect(try JSONValue(parsing: missing.body)["error"]?["code"] == -32_601)
        await node.stop()
    }

    @Test func aFileKeepsTheChain() async throws {
        let folder = TemporaryFolder()
        let file = folder.path + "/rsk.chain"
        do {
            let (node, client) = try await started { $0.file = file }
            for _ in 0..<3 {
                let parent = SolvedParent(outputs: [RSKTag.script(for: try await work(client).hash)])
                #expect(try await submit(client, parent).status == .best)
            }
            try await node.advance()
            await node.stop()
        }
        await eventually("the first node lets go of its file") {
            var settings = EmbeddedRSKNode.Settings()
            settings.file = file
            return (try? EmbeddedRSKNode(settings)) != nil
        }
        let (node, client) = try await started { $0.file = file }
        #expect(await node.tip.height == 9_000_004)
        #expect(try await work(client).height == 9_000_005)
        await node.stop()
    }
}
