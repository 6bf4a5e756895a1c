import Bitcoin
import Dispatch
import HTTP
import Hashing
import JSON

@testable import MergeMining

extension FuzzTarget {
    /// Requests of other pools' software to the gateway, to fresh gateways over the same works. An answer is always one JSON value with a
    /// status that JSON-RPC clients know.
    ///
    /// Input: what becomes of solutions, then the body.
    static let gateway = FuzzTarget(name: "gateway") { input in
        var choices = Choices(input)
        let choice = choices.byte()
        let body = choices.bytes
        let response = wait {
            let gateway = Gateway(GatewayWorks.set, relay: { _, _ in GatewayWorks.report(choice) })
            _ = await gateway.answer(GatewayWorks.request(Array(#"{"method":"createauxblock"}"#.utf8)))
            return await gateway.answer(GatewayWorks.request(body))
        }
        require([200, 400, 404, 500].contains(response.status), "status \(response.status)")
        guard case .bytes(let bytes) = response.body else { return require(false, "an answer without a body") }
        require((try? JSONValue(parsing: bytes)) != nil, "an answer that is no JSON")
        // What is echoed is the id of each call; all else is ours.
        require(bytes.count <= 6 * body.count + 64 * 1_024, "\(bytes.count) bytes for \(body.count)")
    } seeds: {
        let solved = Sample.rsk
        let parts = RSKSubmission.partialMerkle(header: solved.header, coinbase: solved.coinbase, branch: Sample.branch, transactions: 4)
        let block = Block(header: Sample.parent(Sample.branch.root(coinbase: solved.coinbaseHash)), transactions: [Sample.payment])
        let blocks = GatewayWorks.auxPow
        func call(_ method: String, _ parameters: [JSONValue], version2: Bool = false) -> [UInt8] {
            var object: JSONObject = ["id": 7, "method": .string(method), "params": .array(parameters)]
            if version2 { object["jsonrpc"] = "2.0" }
            return [0] + JSONValue.object(object).serialized()
        }
        return [
            ("getwork", call("mnr_getWork", [], version2: true)), ("partial", call(RSKSubmitMethod.partialMerkle.rawValue, parts)),
            ("transactions", call(RSKSubmitMethod.transactions.rawValue, [parts[0], parts[1], parts[2], parts[3]])),
            ("block", call(RSKSubmitMethod.block.rawValue, [.string(Hex.encode(block.serialized))])), ("create", call("createauxblock", ["x"])),
            ("submit", call("submitauxblock", blocks)),
            ("named", [1] + Array(#"{"method":"submitauxblock","params":{"blockhash":"00","auxpow":"00"},"id":[1]}"#.utf8)),
            ("batch", [0] + Array(#"[{"method":"getauxblock"},{"method":5},7,{"jsonrpc":"2.0","method":"x","params":3,"id":"a"}]"#.utf8)),
        ]
    }

    /// Runs what is asynchronous to its end.
    private static func wait<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var value: Value?
        Task.detached {
            value = await body()
            done.signal()
        }
        done.wait()
        // Set before the signal.
        return value!
    }
}

/// One RSK work and two AuxPoW works that never change.
private enum GatewayWorks {
    static let set: AuxiliarySet = {
        let done = DispatchSemaphore(value: 0)
        let reply: JSONValue = [
            "hash": .string(Sample.leaf.displayHex), "previousblockhash": .string(Sample.leaf.displayHex), "coinbasevalue": 625_000_000,
            "bits": "207fffff", "height": 800_000, "chainid": 1,
        ]
        var members: [(chain: AuxiliaryChain, nodes: [any AuxiliaryNode])] = [
            (AuxiliaryChain(name: "rootstock", kind: .rsk, nodes: []), [StillNode(name: "rskj", content: .rsk(Sample.rskWork))])
        ]
        if let work = try? AuxPowWork(reply, flavour: .namecoin, chain: .namecoin) {
            let kind = AuxiliaryChain.Kind.auxPow(flavour: .namecoin, chain: .namecoin, address: "address")
            members.append((AuxiliaryChain(name: "namecoin", kind: kind, nodes: []), [StillNode(name: "namecoind", content: .auxPow(work))]))
        }
        let count = members.count
        guard let set = try? AuxiliarySet(members) else { fatalError("the works make no set") }
        let asking = Task.detached { await set.run() }
        Task.detached {
            for await update in await set.updates() where update.works.works.count == count { break }
            asking.cancel()
            done.signal()
        }
        done.wait()
        return set
    }()

    /// Each kind of word that a node may have on a solution.
    static func report(_ choice: UInt8) -> AuxiliaryReport {
        let outcomes: [AuxiliaryOutcome] = [
            .accepted(block: Sample.leaf.displayHex, height: 1), .uncle(block: "00", height: -1), .stale("stale"), .unknownWork("unknown"),
            .invalid("invalid"), .refused("refused"), .mistimed("mistimed"), .surplus, .undecided("undecided"),
        ]
        return AuxiliaryReport(outcome: outcomes[Int(choice) % outcomes.count])
    }

    static func request(_ body: [UInt8]) -> HTTPRequest { HTTPRequest(method: .post, path: "/", body: body) }

    /// Parameters of a `submitauxblock` that is accepted.
    static var auxPow: [JSONValue] { [.string(Sample.leaf.displayHex), .string(Hex.encode(Sample.auxPow.serialized))] }
}

/// A node whose work stays as it is.
private struct StillNode: AuxiliaryNode {
    let name: String
    let content: AuxiliaryWork.Content

    func work() async throws(AuxiliaryNodeError) -> AuxiliaryWork.Content { content }
    func submit(_ solution: AuxiliarySolution) async throws(NodeError) -> JSONValue { true }
    func standing(of block: String, height: Int64) async throws(NodeError) -> AuxiliaryStanding { .unknown }
}
