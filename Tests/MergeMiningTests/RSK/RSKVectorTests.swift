import Hashing
import JSON
import Testing

@testable import MergeMining

/// Headers, proofs and RPC transcripts that the real rskj classes judged.
@Suite struct RSKVectorTests {
    @Test func everyVector() throws {
        guard let vectors = try Vectors.load("rsk.json") else { return }
        var judged: [String: Int] = [:]
        for vector in vectors {
            let kind = try #require(vector["kind"]?.string)
            let name = try #require(vector["name"]?.string)
            let (fields, expected) = (try #require(vector["fields"]), try #require(vector["expected"]))
            switch kind {
            case "proof", "header", "time": try judge(vector, name, fields, expected)
            case "compress": try compress(name, fields, expected)
            case "target":
                let difficulty = try #require(fields["difficulty"]?.string.flatMap { UInt256(decimal: $0) })
                #expect(Target(rskDifficulty: difficulty).rskHex == expected["target"]?.string, "\(name)")
            case "tag": try tag(name, fields, expected)
            case "rpc": break
            default: Issue.record("unknown kind \(kind)")
            }
            judged[kind, default: 0] += 1
        }
        print(
            "rsk.json: \(judged.values.reduce(0, +)) vectors: "
                + judged.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        )
        #expect(!vectors.isEmpty)
    }

    private func judge(_ vector: JSONValue, _ name: String, _ fields: JSONValue, _ expected: JSONValue) throws {
        let verdict = try ProofFile(vector).judge()
        #expect(verdict.isValid == expected["accept"]?.bool, "\(name)")
        if let reason = expected["reason"]?.string { #expect(verdict.reason == reason, "\(name)") }
        guard verdict.kind == "header", let network = fields["net"]?.string.flatMap(RSKNetwork.init(rawValue:)) else { return }
        let header = try RSKHeader(rlp: try #require(fields.bytes("rlp")), network: network)
        #expect(Hex.encode(header.blockHash) == expected["blockHash"]?.string, "\(name)")
        guard verdict.isValid else { return }
        #expect(try header.miningHash().description == expected["hashForMergedMining"]?.string, "\(name)")
        #expect(try header.verify().displayHex == expected["coinbaseTxid"]?.string, "\(name)")
        #expect(header.target.rskHex == expected["target"]?.string, "\(name)")
        #expect(throws: Never.self, "\(name)") { try header.verifyContext(ancestors: nil) }
        if let wanted = expected["tag"] { compare(try header.miningHash(), wanted, name) }
    }

    private func compress(_ name: String, _ fields: JSONValue, _ expected: JSONValue) throws {
        let compressed = RSKCompressedCoinbase(coinbase: try #require(fields.bytes("coinbaseTx")))
        #expect(Hex.encode(compressed.bytes) == expected["coinbaseField"]?.string, "\(name)")
        #expect(compressed.transactionID.displayHex == expected["txid"]?.string, "\(name)")
    }

    private func tag(_ name: String, _ fields: JSONValue, _ expected: JSONValue) throws {
        let bytes = try #require(fields.bytes("hashForMergedMining"))
        compare(try #require(RSKMiningHash(bytes: bytes)), expected, name)
    }

    private func compare(_ hash: RSKMiningHash, _ expected: JSONValue, _ name: String) {
        let data = hash.forkData
        #expect(Hex.encode(hash.prefix) == expected["prefix"]?.string, "\(name)")
        #expect(Hex.encode(data.parentsVector) == expected["cpv"]?.string, "\(name)")
        #expect(Int64(data.uncles) == expected["nu"]?.integer, "\(name)")
        #expect(Int64(data.height) == expected["bn"]?.integer, "\(name)")
        #expect(RSKForkData(bytes: data.bytes) == data)
        if let heights = expected["cpvHeights"]?.array { #expect(data.vectorHeights == heights.compactMap(\.integer), "\(name)") }
    }
}
