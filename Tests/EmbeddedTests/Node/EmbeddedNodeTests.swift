import Bitcoin
import Embedded
import HTTP
import Hashing
import JSON
import Testing

/// What bitcoind answers, byte for byte, was taken from Bitcoin Core 31.99 in regtest.
@Suite struct EmbeddedNodeTests {
    private func started(_ change: (inout EmbeddedNode.Settings) -> Void = { _ in }) async throws -> (EmbeddedNode, TestClient) {
        var settings = EmbeddedNode.Settings()
        settings.clock = { testClock }
        change(&settings)
        let node = try EmbeddedNode(settings)
        try await node.start()
        return (node, TestClient(node))
    }

    @Test(arguments: [
        (
            #"{"method":"getblockhash","params":[5],"id":1}"#, 500,
            #"{"result":null,"error":{"code":-8,"message":"Block height out of range"},"id":1}"#
        ),
        (
            #"{"jsonrpc":"2.0","method":"getblockhash","params":[5],"id":1}"#, 200,
            #"{"jsonrpc":"2.0","error":{"code":-8,"message":"Block height out of range"},"id":1}"#
        ),
        (#"{"method":"nope","params":[],"id":"a"}"#, 404, #"{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":"a"}"#),
        (#"{"method":"getblockcount","params":[],"id":1}"#, 200, #"{"result":0,"error":null,"id":1}"#),
        (#"{"method":"getblockcount"}"#, 200, #"{"result":0,"error":null,"id":null}"#),
        (#"{"jsonrpc":"2.0","method":"getblockcount","params":[],"id":1}"#, 200, #"{"jsonrpc":"2.0","result":0,"id":1}"#),
        (
            #"{"method":"getblockhash","params":["x"],"id":1}"#, 500,
            #"{"result":null,"error":{"code":-3,"message":"Wrong type passed:\n{\n    \"Position 1 (height)\": \"JSON value of type string is not of expected type number\"\n}"},"id":1}"#
        ),
        ("nonsense", 500, #"{"result":null,"error":{"code":-32700,"message":"Parse error"},"id":null}"#),
        (
            #"[{"method":"getblockcount","id":1},{"method":"x","id":2}]"#, 200,
            #"[{"result":0,"error":null,"id":1},{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":2}]"#
        ),
        (#"{"id":1}"#, 400, #"{"result":null,"error":{"code":-32600,"message":"Missing method"},"id":1}"#),
        ("5", 500, #"{"result":null,"error":{"code":-32700,"message":"Top-level object parse error"},"id":null}"#),
        (
            #"{"method":"getblockhash","params":{"height":0},"id":1}"#, 200,
            #"{"result":"0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206","error":null,"id":1}"#
        ),
        (
            #"{"method":"getblockheader","params":["00"],"id":1}"#, 500,
            #"{"result":null,"error":{"code":-8,"message":"hash must be of length 64 (not 2, for '00')"},"id":1}"#
        ),
        (#"{"method":"submitblock","params":["00"],"id":1}"#, 500, #"{"result":null,"error":{"code":-22,"message":"Block decode failed"},"id":1}"#),
        (
            #"{"method":"getblock","params":["00ff88f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",1],"id":1}"#, 500,
            #"{"result":null,"error":{"code":-5,"message":"Block not found"},"id":1}"#
        ),
        (
            #"{"method":"getblocktemplate","params":[{}],"id":1}"#, 500,
            #"{"result":null,"error":{"code":-8,"message":"getblocktemplate must be called with the segwit rule set (call with {\"rules\": [\"segwit\"]})"},"id":1}"#
        ),
        (
            #"{"method":"getblocktemplate","params":[{"rules":["segwit"],"longpollid":"00"}],"id":1}"#, 500,
            #"{"result":null,"error":{"code":-8,"message":"longpollid must be of length 64 (not 2, for '00')"},"id":1}"#
        ),
    ])
    func answersAsBitcoindDoes(_ request: String, _ status: Int, _ body: String) async throws {
        let (node, client) = try await started()
        let response = try await client.raw(request)
        #expect(response.status == status)
        #expect(String(decoding: response.body, as: UTF8.self) == body + "\n")
        await node.stop()
    }

    @Test func asksForItsPassword() async throws {
        let (node, client) = try await started()
        var stranger = client
        for credentials in [nil, HTTPCredentials(user: "embedded", password: "x"), HTTPCredentials(user: "u", password: node.credentials.password)] {
            stranger.credentials = credentials
            let response = try await stranger.raw(#"{"method":"getblockcount"}"#)
            #expect(response.status == 401)
            #expect(response.headers["WWW-Authenticate"] == "Basic realm=\"jsonrpc\"")
        }
        let page = try await client.http.perform(HTTPClientRequest(url: client.url, credentials: client.credentials))
        #expect(page.status == 405)
        await node.stop()
    }

    @Test func aTemplateHasBitcoindsMembers() async throws {
        let (node, client) = try await started { $0.transactions = 12 }
        let template = try await client.call("getblocktemplate", ["rules": ["segwit"]])
        #expect(
            template.object?.keys == [
                "capabilities", "version", "rules", "vbavailable", "vbrequired", "previousblockhash", "transactions", "coinbaseaux", "coinbasevalue",
                "longpollid", "target", "mintime", "mutable", "noncerange", "sigoplimit", "sizelimit", "weightlimit", "curtime", "bits", "height",
                "default_witness_commitment",
            ]
        )
        #expect(template["transactions"]?[0]?.object?.keys == ["data", "txid", "hash", "depends", "fee", "sigops", "weight"])
        #expect(template["transactions"]?.array?.count == 12)
        #expect(template["target"] == "7fffff0000000000000000000000000000000000000000000000000000000000")
        #expect(template["bits"] == "207fffff")
        #expect(template["height"] == 1)
        #expect(template["curtime"] == .integer(Int64(testClock)))
        #expect(template["mintime"] == 1_296_688_603)
        await node.stop()
    }

    @Test func aBlockGoesInAndComesOut() async throws {
        let (node, client) = try await started { $0.transactions = 3 }
        var chain = await node.chain
        let block = chain.nextBlock()
        let bytes = Hex.encode(block.serialized)
        let hash = JSONValue.string(block.header.hash.displayHex)
        #expect(try await client.call("submitblock", .string(bytes)) == .null)
        #expect(try await client.call("submitblock", .string(bytes)) == "duplicate")
        #expect(try await client.call("getbestblockhash") == hash)
        #expect(try await client.call("getblock", hash, 0) == .string(bytes))
        #expect(try await client.call("getblockheader", hash, false) == .string(Hex.encode(block.header.serialized)))
        let verbose = try await client.call("getblock", hash)
        #expect(verbose["tx"]?.array?.count == 4)
        #expect(verbose["size"] == .integer(Int64(bytes.utf8.count / 2)))
        #expect(verbose["weight"] == .integer(Int64(block.weight)))
        #expect(verbose["previousblockhash"] == .string(chain.tip.hash.displayHex))
        #expect(verbose["confirmations"] == 1)
        #expect(node.calls(of: "submitblock") == 2)

        await node.invalidateTip()
        #expect(try await client.call("getblockheader", hash)["confirmations"] == -1)
        #expect(try await client.call("getblockcount") == 0)
        await node.stop()
    }

    @Test func aProposalIsJudged() async throws {
        let (node, client) = try await started()
        var chain = await node.chain
        let block = BlockMaker(template: chain.template(now: testClock), mines: false).block()
        let good: JSONValue = ["mode": "proposal", "data": .string(Hex.encode(block.serialized)), "rules": ["segwit"]]
        #expect(try await client.call("getblocktemplate", good) == .null)
        let greedy = BlockMaker(template: chain.template(now: testClock)).block { $0.transactions[0].outputs[0].value += 1 }
        let bad: JSONValue = ["mode": "proposal", "data": .string(Hex.encode(greedy.serialized)), "rules": ["segwit"]]
        #expect(try await client.call("getblocktemplate", bad) == "bad-cb-amount")
        #expect(try await client.call("getblockcount") == 0)
        await node.stop()
    }

    @Test func stateIsToldAsBitcoindTellsIt() async throws {
        let (node, client) = try await started { $0.clock = { 1_296_688_602 } }
        let info = try await client.call("getblockchaininfo")
        #expect(info["chain"] == "regtest")
        #expect(info["blocks"] == 0)
        // bitcoind's own division is one unit in the last place off.
        #expect(abs((info["difficulty"]?.double ?? 0) / 4.656542373906925e-10 - 1) < 1e-15)
        #expect(info["chainwork"] == "0000000000000000000000000000000000000000000000000000000000000002")
        #expect(info["initialblockdownload"] == false)
        #expect(try await client.call("getnetworkinfo")["version"]?.integer ?? 0 >= 280_000)
        #expect(try await client.call("getmininginfo")["next"]?["height"] == 1)
        #expect(try await client.call("uptime").integer ?? -1 >= 0)
        let address = try await client.call("validateaddress", "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080")
        #expect(address["scriptPubKey"] == "0014751e76e8199196d454941c45d1b3a323f1433bd6")
        #expect(try await client.call("validateaddress", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")["isvalid"] == false)
        await node.stop()
    }

    // MARK: Long polls

    private func longPoll(_ client: TestClient, _ id: JSONValue?) async throws -> JSONValue {
        try await client.call("getblocktemplate", ["rules": ["segwit"], "longpollid": id ?? .null])
    }

    @Test func aLongPollAnswersOnANewTip() async throws {
        let (node, client) = try await started()
        let first = try await longPoll(client, nil)
        async let next = longPoll(client, first["longpollid"])
        await eventually("the poll arrives") { node.calls(of: "getblocktemplate") == 2 }
        // More transactions alone do not end it before its patience does.
        await node.addTransactions(1)
        #expect(try await client.call("getblockcount") == 0)
        try await node.generate()
        #expect(try await next["height"] == 2)
        await node.stop()
    }

    @Test func aLongPollAnswersOnNewTransactionsWhenItsPatienceIsOver() async throws {
        let (node, client) = try await started {
            $0.longPollPatience = .zero
            $0.transactions = 2
        }
        let first = try await longPoll(client, nil)
        async let next = longPoll(client, first["longpollid"])
        await eventually("the poll arrives") { node.calls(of: "getblocktemplate") == 2 }
        await node.addTransactions(3)
        let template = try await next
        #expect(template["height"] == 1)
        #expect(template["transactions"]?.array?.count == 5)
        #expect(template["longpollid"] != first["longpollid"])
        await node.stop()
    }

    @Test func aStaleLongPollAnswersAtOnce() async throws {
        let (node, client) = try await started()
        let first = try await longPoll(client, nil)
        try await node.generate()
        #expect(try await longPoll(client, first["longpollid"])["height"] == 2)
        await node.stop()
    }

    @Test func stoppingEndsLongPolls() async throws {
        let (node, client) = try await started()
        let first = try await longPoll(client, nil)
        let body = #"{"method":"getblocktemplate","params":[{"rules":["segwit"],"longpollid":"\#(first["longpollid"]?.string ?? "")"}]}"#
        async let answer = client.raw(body)
        await eventually("the poll arrives") { node.calls(of: "getblocktemplate") == 2 }
        await node.stop()
        #expect(try await answer.status == 503)
    }

    // MARK: Restarts

    @Test func aFileKeepsTheChainBetweenRunsAndBitsMayChange() async throws {
        let folder = TemporaryFolder()
        let file = folder.path + "/parent.chain"
        var tip = Hash256.zero
        do {
            let (node, _) = try await started { $0.file = file }
            #expect(try await node.generate(5))
            tip = await node.chain.tip.hash
            await node.stop()
        }
        await eventually("the first node lets go of its file") {
            (try? EmbeddedNode(EmbeddedNode.Settings().keeping(file))) != nil
        }
        let (node, client) = try await started {
            $0.file = file
            $0.bits = CompactBits(rawValue: 0x207f_fffe)
        }
        #expect(try await client.call("getbestblockhash") == .string(tip.displayHex))
        #expect(try await client.call("getblocktemplate", ["rules": ["segwit"]])["bits"] == "207ffffe")
        #expect(try await node.generate(2))
        #expect(await node.chain.height == 7)
        await node.stop()
    }

    @Test func itListensOnTheSamePortAgain() async throws {
        let (node, client) = try await started()
        let port = node.port
        for _ in 0..<3 {
            await node.stop()
            await #expect(throws: HTTPError.self) { try await client.call("getblockcount") }
            try await node.start()
            #expect(node.port == port)
            #expect(try await client.call("getblockcount") == 0)
        }
        await node.stop()
    }

    // MARK: Faults

    @Test func warmingUp() async throws {
        let (node, client) = try await started()
        try await node.setFault(.warmingUp)
        await #expect(throws: RPCError(code: -28, message: "Loading block index…")) { try await client.call("getblockcount") }
        try await node.setFault(nil)
        #expect(try await client.call("getblockcount") == 0)
        await node.stop()
    }

    @Test func hangingEndsWithTheFault() async throws {
        let (node, client) = try await started()
        try await node.setFault(.hang, on: ["submitblock"])
        #expect(try await client.call("getblockcount") == 0)
        var chain = await node.chain
        let bytes = Hex.encode(chain.nextBlock().serialized)
        async let answer = client.call("submitblock", .string(bytes))
        await eventually("the call arrives") { node.calls(of: "submitblock") == 1 }
        #expect(try await client.call("getblockcount") == 0)
        try await node.setFault(nil)
        #expect(try await answer == .null)
        await node.stop()
    }

    @Test func garbageAndBusy() async throws {
        let (node, client) = try await started()
        try await node.setFault(.garbage)
        let garbage = try await client.raw(#"{"method":"getblockcount"}"#)
        #expect(garbage.status == 200)
        #expect(throws: (any Error).self) { _ = try JSONValue(parsing: garbage.body) }
        try await node.setFault(.busy)
        #expect(try await client.raw(#"{"method":"getblockcount"}"#).status == 503)
        await node.stop()
    }

    @Test func refusingAndDropping() async throws {
        let (node, client) = try await started()
        try await node.setFault(.refuse)
        await expectError(client) { if case .unreachable = $0 { true } else { false } }
        try await node.setFault(.drop)
        await expectError(client) { if case .broken = $0 { true } else { false } }
        try await node.setFault(.refuse)
        await expectError(client) { if case .unreachable = $0 { true } else { false } }
        try await node.setFault(nil)
        #expect(try await client.call("getblockcount") == 0)
        await node.stop()
    }

    private func expectError(_ client: TestClient, _ fits: (HTTPError) -> Bool) async {
        do {
            _ = try await client.raw("{}")
            Issue.record("an answer came")
        } catch let error as HTTPError {
            #expect(fits(error), "\(error)")
        } catch {
            Issue.record(error)
        }
    }

    @Test func tipsAreToldAsTheyCome() async throws {
        let (node, _) = try await started()
        var tips = await node.tips().makeAsyncIterator()
        try await node.generate(2)
        #expect(await tips.next()?.height == 1)
        #expect(await tips.next()?.height == 2)
        await node.invalidateTip()
        #expect(await tips.next()?.height == 1)
    }

    @Test func twoThousandTransactions() async throws {
        let (node, client) = try await started { $0.transactions = 2_000 }
        let template = try await client.call("getblocktemplate", ["rules": ["segwit"]])
        #expect(template["transactions"]?.array?.count == 2_000)
        #expect(try await node.generate(3))
        await node.stop()
    }
}

extension EmbeddedNode.Settings {
    fileprivate func keeping(_ file: String) -> Self {
        var settings = self
        settings.file = file
        return settings
    }
}
