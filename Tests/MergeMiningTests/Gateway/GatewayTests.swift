import Bitcoin
import HTTP
import Hashing
import JSON
import Randomness
import Synchronization
import Testing

@testable import MergeMining

@Suite(.timeLimit(.minutes(1))) struct GatewayTests {
    // MARK: - AuxPoW

    @Test func oneBlockForFourChains() async throws {
        var bench = try await GatewayBench(seed: 50)
        defer { bench.stop() }
        let answer = try await bench.call("createauxblock", ["an address that is not used"])
        let offer = try #require(answer["result"])
        #expect(answer["error"]?.isNull == true)
        #expect(answer["id"] == 7)
        #expect(offer["merkle_size"] == 16)
        #expect(offer["merkle_nonce"] == 0)
        #expect(offer["bits"] == "207fffff")
        #expect(offer["_target"] == .string(String(repeating: "0", count: 58) + "ffff7f"))
        #expect(offer["chainid"] == 1)
        let reply = try await bench.call("submitauxblock", bench.auxPow(for: offer))
        #expect(reply["result"] == true)
        let chains = try #require(reply["chains"]?.object)
        #expect(chains.keys == ["namecoin", "syscoin", "elastos", "fractal"])
        for (_, result) in chains {
            #expect(result["result"] == true)
            #expect(result["outcome"] == "accepted")
        }
        #expect(bench.auxPow.allSatisfy { $0.blocks.count == 1 })
        // One block a work: a second solution is surplus, and none of it counts as accepted.
        let again = try await bench.call("submitauxblock", bench.auxPow(for: offer))
        #expect(again["result"] == false)
        #expect(again["chains"]?["namecoin"]?["outcome"] == "surplus")
    }

    /// A client without Syscoin's output loses that chain alone.
    @Test func withoutTheRequiredOutput() async throws {
        var bench = try await GatewayBench(seed: 51)
        defer { bench.stop() }
        let offer = try #require(try await bench.call("createauxblock")["result"])
        let reply = try await bench.call("submitauxblock", bench.auxPow(for: offer, withOutput: false))
        #expect(reply["result"] == true)
        #expect(reply["chains"]?["syscoin"]?["result"] == false)
        #expect(reply["chains"]?["syscoin"]?["reason"] == "missing-syscoin-tag")
        #expect(reply["chains"]?["fractal"]?["result"] == true)
    }

    /// Software that knows one chain only writes size 1 and nonce 0. That is right when there is one chain.
    @Test(arguments: [["namecoin"], ["namecoin", "fractal"]]) func plainClients(chains: [String]) async throws {
        var bench = try await GatewayBench(seed: 52, chains: chains)
        defer { bench.stop() }
        let offer = try #require(try await bench.call("getauxblock")["result"])
        let reply = try await bench.call("getauxblock", bench.auxPow(for: offer, plain: true))
        #expect(reply["result"] == .bool(chains.count == 1))
        if chains.count > 1 { #expect(reply["chains"]?["namecoin"]?["reason"] == "size-mismatch") }
    }

    @Test func auxPowErrors() async throws {
        var bench = try await GatewayBench(seed: 53)
        defer { bench.stop() }
        let offer = try #require(try await bench.call("createauxblock")["result"])
        let good = try bench.auxPow(for: offer)
        let wanted: [([JSONValue], Int64, String)] = [
            ([], -1, "submitauxblock"), ([good[0]], -1, "submitauxblock"), ([good[0], 5], -1, "submitauxblock"),
            (["xyz", good[1]], -8, "invalid block hash hex"), ([.string(String(repeating: "00", count: 32)), good[1]], -8, "block hash unknown"),
            ([good[0], "00"], -1, "end of data"), ([good[0], "zz"], -1, "end of data"),
        ]
        for (parameters, code, words) in wanted {
            let reply = try await bench.call("submitauxblock", parameters)
            #expect(reply["error"]?["code"] == .integer(code))
            #expect(reply["error"]?["message"]?.string?.contains(words) == true)
            #expect(reply["result"]?.isNull == true)
        }
        // A proof that meets no target changes nothing.
        var proof = try AuxPow(parsing: try #require(good[1].string.flatMap { Hex.decode($0) }))
        while Target(bits: CompactBits(rawValue: 0x207f_ffff))!.isMet(by: proof.parent.hash) { proof.parent.nonce += 1 }
        let reply = try await bench.call("submitauxblock", [good[0], .string(Hex.encode(proof.serialized))])
        #expect(reply["result"] == false)
        #expect(reply["chains"]?["elastos"]?["reason"] == "high-hash")
        #expect(bench.auxPow.allSatisfy { $0.blocks.isEmpty })
    }

    // MARK: - RSK

    private func rskParameters(_ bench: inout GatewayBench, _ method: RSKSubmitMethod, witness: Bool = false) async throws -> [JSONValue] {
        let work = try RSKWork(try #require(try await bench.call("mnr_getWork", version2: true)["result"]))
        switch method {
        case .partialMerkle:
            let (coinbase, branch, header) = bench.mine(scriptSig: bench.sample.random.bytes(40), outputs: [RSKTag.script(for: work.hash)])
            return RSKSubmission.partialMerkle(header: header, coinbase: coinbase.witnessless, branch: branch, transactions: 32)
        case .transactions, .block:
            var (coinbase, _, header) = bench.mine(scriptSig: bench.sample.random.bytes(40), outputs: [RSKTag.script(for: work.hash)], levels: 0)
            let other = Transaction(
                inputs: [TransactionInput(previousOutput: OutPoint(txid: bench.sample.random.hash(), index: 0))],
                outputs: [TransactionOutput(value: 1, script: Script([0x51]))]
            )
            header.merkleRoot = MerkleBranch(coinbaseBefore: [other.txid]).root(coinbase: coinbase.txid)
            while !work.target.isMet(by: header.hash) { header.nonce += 1 }
            if witness { coinbase.inputs[0].witness = [[UInt8](repeating: 0, count: 32)] }
            if method == .block { return [.string(Hex.encode(Block(header: header, transactions: [coinbase, other]).serialized))] }
            return [
                .string(header.hash.displayHex), .string(Hex.encode(header.serialized)), .string(Hex.encode(coinbase.serialized)),
                .string("\(coinbase.txid.displayHex) \(other.txid.displayHex)"),
            ]
        }
    }

    @Test(arguments: RSKSubmitMethod.allCases, [false, true]) func rskClients(method: RSKSubmitMethod, witness: Bool) async throws {
        var bench = try await GatewayBench(seed: 54)
        defer { bench.stop() }
        let parameters = try await rskParameters(&bench, method, witness: witness)
        let reply = try await bench.call(method.rawValue, parameters, version2: true)
        #expect(reply["jsonrpc"] == "2.0")
        let result = try RSKImport(try #require(reply["result"]))
        #expect(result.status == .best)
        #expect(bench.rskj.submissions == 1)
    }

    @Test func rskErrorsAreTheNodes() async throws {
        var bench = try await GatewayBench(seed: 55)
        defer { bench.stop() }
        let good = try await rskParameters(&bench, .partialMerkle)
        var hashes = try #require(good[3].string).split(separator: " ").map(String.init)
        hashes.removeFirst()
        func with(_ index: Int, _ value: JSONValue) -> [JSONValue] {
            var parameters = good
            parameters[index] = value
            return parameters
        }
        let unknown = RSKMiningHash(bytes: bench.sample.random.bytes(32))!
        let foreign = bench.mine(scriptSig: bench.sample.random.bytes(40), outputs: [RSKTag.script(for: unknown)])
        let wanted: [([JSONValue], Int64, String)] = [
            (Array(good.dropLast()), -32602, "method parameters invalid"), (with(3, ""), -33000, "The list of merkle hashes can't be empty"),
            (with(1, "0x00"), -32603, "Internal server error"), (with(1, "00"), -32603, "Internal server error"),
            (with(4, "x"), -32603, "Internal server error"), (with(2, "ff"), -32603, "Internal server error"),
            (with(3, .string(hashes.joined(separator: " "))), -33000, "Invalid block supplied by miner: "),
            (
                RSKSubmission.partialMerkle(header: foreign.header, coinbase: foreign.coinbase.witnessless, branch: foreign.branch, transactions: 3),
                -33000, "Cannot publish block, could not find hash 0x\(unknown) in the cache"
            ),
        ]
        for (parameters, code, words) in wanted {
            let reply = try await bench.call("mnr_submitBitcoinBlockPartialMerkle", parameters, version2: true)
            #expect(reply["error"]?["code"] == .integer(code), "\(words)")
            #expect(reply["error"]?["message"]?.string?.hasPrefix(words) == true, "\(words)")
            #expect(reply["result"] == nil)
        }
        // Nothing of it reached the node.
        #expect(bench.rskj.submissions == 0)
    }

    /// Each user is told once of a new parent.
    @Test func notify() async throws {
        var bench = try await GatewayBench(seed: 56)
        defer { bench.stop() }
        #expect(try await bench.call("mnr_getWork")["result"]?["notify"] == true)
        #expect(try await bench.call("mnr_getWork")["result"]?["notify"] == false)
        guard case .rsk(let next) = bench.sample.rsk().content else { return }
        bench.rskj.give(next)
        for await update in await bench.set.updates() where update.works.works.contains(where: { $0.id == next.hash.description }) { break }
        let answer = try await bench.call("mnr_getWork")["result"]
        #expect(answer?["notify"] == true)
        #expect(answer?["blockHashForMergedMining"] == .string("0x\(next.hash)"))
    }

    // MARK: - Users, forms, bounds

    @Test func usersAreAskedAndCredited() async throws {
        let credited = Mutex<[String?]>([])
        let users = [Gateway.User(user: "alice", password: "a"), Gateway.User(user: "bob", password: "b")]
        var bench = try await GatewayBench(seed: 57, users: users) { solution, user in
            credited.withLock { $0.append(user) }
            return AuxiliaryReport(outcome: .accepted(block: solution.blockID ?? "", height: solution.height))
        }
        defer { bench.stop() }
        let create = Array(#"{"id":1,"method":"createauxblock","params":[]}"#.utf8)
        for authorization in [nil, "Basic x", Gateway.User(user: "bob", password: "a").basicAuthorization] {
            var headers: HTTPHeaders = [:]
            headers["Authorization"] = authorization
            #expect(try await bench.post(create, headers: headers).status == 401)
        }
        let bob: HTTPHeaders = ["Authorization": users[1].basicAuthorization]
        let offer = try #require(try await bench.post(create, headers: bob).json["result"])
        let submit: JSONValue = ["id": 2, "method": "submitauxblock", "params": .array(try bench.auxPow(for: offer))]
        #expect(try await bench.post(submit.serialized(), headers: bob).json["result"] == true)
        #expect(credited.withLock { $0 } == ["bob", "bob", "bob", "bob"])
    }

    /// What a stranger announces is refused before it is sent.
    @Test func strangersBodiesAreNotAwaited() async throws {
        let bench = try await GatewayBench(seed: 63, users: [Gateway.User(user: "alice", password: "a")])
        defer { bench.stop() }
        let server = try bench.gateway.listen(.tcp(host: "127.0.0.1", port: 0))
        let port = try #require(server.boundPort)
        let head = "POST / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic x\r\nContent-Length: \(Gateway.bodyLimit)\r\n\r\n"
        #expect(await LoopbackPeer.answer(from: port, to: head, bytes: 12) == "HTTP/1.1 401")
        await server.stop()
    }

    /// A node that hangs holds a client for a while, not for ever.
    @Test func hangingNodes() async throws {
        var bench = try await GatewayBench(seed: 58, patience: .milliseconds(300)) { _, _ in
            try? await Task.sleep(for: .seconds(600))
            return AuxiliaryReport(outcome: .surplus)
        }
        defer { bench.stop() }
        let offer = try #require(try await bench.call("createauxblock")["result"])
        let reply = try await bench.call("submitauxblock", bench.auxPow(for: offer))
        #expect(reply["result"] == false)
        #expect(reply["chains"]?["namecoin"]?["outcome"] == "undecided")
        let parameters = try await rskParameters(&bench, .partialMerkle)
        let rsk = try await bench.call("mnr_submitBitcoinBlockPartialMerkle", parameters, version2: true)
        #expect(rsk["error"]?["code"] == -32011)
    }

    @Test(arguments: [
        ("", 500, -32700), ("{", 500, -32700), ("[]", 400, -32600), ("5", 400, -32600), ("{}", 400, -32600), (#"{"method":5}"#, 400, -32600),
        (#"{"method":"nosuch"}"#, 404, -32601), (#"{"method":"createauxblock","params":5}"#, 400, -32600),
        (#"{"method":"createauxblock","params":["a","b"]}"#, 500, -1), (#"{"jsonrpc":"2.0","method":"nosuch"}"#, 200, -32601),
        (#"{"jsonrpc":"2.0","method":"mnr_getWork","params":[1]}"#, 400, -32602),
    ])
    func malformedRequests(body: String, status: Int, code: Int) async throws {
        let bench = try await GatewayBench(seed: 59)
        defer { bench.stop() }
        let (found, answer) = try await bench.post(Array(body.utf8))
        #expect(found == status)
        #expect(answer["error"]?["code"] == JSONValue(code))
    }

    @Test func batches() async throws {
        let bench = try await GatewayBench(seed: 60)
        defer { bench.stop() }
        let one = #"{"jsonrpc":"2.0","id":%,"method":"mnr_getWork","params":[]}"#
        func batch(_ count: Int) -> [UInt8] {
            Array("[\((0..<count).map { one.replacing("%", with: String($0)) }.joined(separator: ","))]".utf8)
        }
        let answers = try #require(try await bench.post(batch(50)).json.array)
        #expect(answers.map { $0["id"] } == (0..<50).map { JSONValue($0) })
        #expect(try await bench.post(batch(51)).status == 400)
        #expect(try await bench.post([], method: .get).status == 405)
    }

    /// Over a real socket, with the limit on bodies.
    @Test func overHTTP() async throws {
        let bench = try await GatewayBench(seed: 61)
        defer { bench.stop() }
        let server = try bench.gateway.listen(.tcp(host: "127.0.0.1", port: 0))
        let url = "http://127.0.0.1:\(try #require(server.boundPort))/"
        let http = HTTPClient()
        let body = Array(#"{"id":1,"method":"createauxblock","params":["x"]}"#.utf8)
        let answer = try await http.perform(HTTPClientRequest(url: url, method: .post, body: body))
        #expect(try JSONValue(parsing: answer.body)["result"]?["merkle_size"] == 16)
        let large = [UInt8](repeating: 0x20, count: Gateway.bodyLimit + 1)
        #expect(try await http.perform(HTTPClientRequest(url: url, method: .post, body: large)).status == 413)
        http.shutDown()
        await server.stop()
    }
}
