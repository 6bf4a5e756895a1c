import Bitcoin
import HTTP
import Hashing
import JSON
import Randomness
import Synchronization
import Testing

@testable import MergeMining

/// The watch over scripted nodes: a parent chain whose coinbases carry tags, an rskj that knows one of two branches.
@Suite(.timeLimit(.minutes(1))) struct ForkWatchTests {
    private final class Script: Sendable {
        struct State {
            /// The first block's is never asked for.
            var coinbases = [SampleRSKChain.coinbase(nil)]
            var chain: SampleRSKChain
        }
        let state: Mutex<State>

        init(_ chain: SampleRSKChain) { state = Mutex(State(chain: chain)) }

        func add(_ hash: RSKMiningHash?, _ chain: SampleRSKChain) {
            state.withLock { state in
                state.coinbases.append(SampleRSKChain.coinbase(hash))
                state.chain = chain
            }
        }

        func parent(_ method: String, _ parameters: JSONValue) -> JSONValue? {
            state.withLock { state in
                switch method {
                case "getblockcount": return JSONValue(state.coinbases.count - 1)
                case "getblockhash": return .string(name(parameters[0]?.integer ?? 0))
                case "getblock": return ["tx": [parameters[0] ?? .null]]
                case "getrawtransaction":
                    guard parameters[0] == parameters[2], let index = parameters[0]?.string.flatMap({ Int($0, radix: 16) }) else { return nil }
                    return .string(Hex.encode(state.coinbases[index].witnessless))
                default: return nil
                }
            }
        }

        func rsk(_ method: String, _ parameters: JSONValue) -> JSONValue? {
            state.withLock { state in
                switch method {
                case "eth_blockNumber": return .string("0x" + String(state.chain.height, radix: 16))
                case "eth_getBlockByNumber":
                    let height = Int64(parameters[0]?.string?.dropFirst(2) ?? "", radix: 16) ?? 0
                    guard let header = state.chain.headers[height], let prefix = state.chain.prefixes[height] else { return .null }
                    return [
                        "hashForMergedMining": .string("0x" + Hex.encode(prefix + [UInt8](repeating: 0, count: 12))),
                        "bitcoinMergedMiningHeader": .string("0x" + Hex.encode(header.serialized)),
                    ]
                default: return nil
                }
            }
        }

        private func name(_ height: Int64) -> String {
            let digits = String(height, radix: 16)
            return String(repeating: "0", count: 64 - digits.count) + digits
        }
    }

    private static func serve(_ answer: @escaping @Sendable (String, JSONValue) -> JSONValue?) throws -> (HTTPServer, NodeClient) {
        let server = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0)) { request in
            guard let call = try? JSONValue(parsing: request.body), let method = call["method"]?.string else { return HTTPResponse(status: 400) }
            let result = answer(method, call["params"] ?? [])
            let error: JSONValue = result == nil ? ["code": -32601, "message": "Method not found"] : .null
            let reply: JSONValue = ["result": result ?? .null, "error": error, "id": call["id"] ?? .null]
            return HTTPResponse(contentType: "application/json", bytes: reply.serialized())
        }
        return (server, NodeClient(NodeEndpoint(name: "node", url: "http://127.0.0.1:\(server.boundPort ?? 0)/"), http: HTTPClient()))
    }

    @Test func alarmOnABranch() async throws {
        var chain = SampleRSKChain(seed: 90, height: 8_000_000)
        let script = Script(chain)
        let (parentServer, parent) = try Self.serve { script.parent($0, $1) }
        let (rskServer, rsk) = try Self.serve { script.rsk($0, $1) }
        let alarms = Mutex<[String]>([])
        let watch = ForkWatch(parents: [parent], rsk: rsk) { alarm in alarms.withLock { $0.append(alarm.label) } }
        for _ in 0..<5 { script.add(chain.tag(after: 20), chain) }
        script.add(nil, chain)
        await watch.look()
        #expect(await watch.lastError == nil)
        #expect(await watch.monitor.main.sightings.count == 5)
        #expect(await watch.monitor.untagged == 1)
        var hidden = chain
        hidden.random = SeededGenerator(seed: 95)
        _ = hidden.tag(after: 66)
        _ = chain.tag(after: 66)
        for round in 1...3 {
            script.add(chain.tag(after: 20), chain)
            script.add(hidden.tag(after: 5), chain)
            await watch.look()
            #expect(alarms.withLock { $0 } == (round < 3 ? [] : ["diverging"]))
        }
        #expect(await watch.monitor.parentHeight == 12)
        // Nothing new: nothing is read twice, no alarm is raised twice.
        await watch.look()
        #expect(await watch.monitor.tagged == 11)
        #expect(alarms.withLock { $0.count } == 1)
        await parentServer.stop()
        await watch.look()
        #expect(await watch.lastError != nil)
        await rskServer.stop()
    }
}
