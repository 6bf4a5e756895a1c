import Bitcoin
import Hashing
import JSON
import MergeMining
import Testing

/// Objects that real nodes of the AuxPoW family and Hathor accept, and altered ones with the reason of their refusal.
@Suite struct AuxPowVectorTests {
    @Test func everyVector() throws {
        guard let vectors = try Vectors.load("auxpow.json") else { return }
        var judged: [String: Int] = [:]
        for vector in vectors {
            let kind = try #require(vector["kind"]?.string)
            let name = try #require(vector["id"]?.string)
            let expected = try #require(vector["expect"])
            #expect(try evaluate(vector, kind: kind) == expected, "\(name)")
            judged[kind, default: 0] += 1
        }
        print(
            "auxpow.json: \(judged.values.reduce(0, +)) vectors: "
                + judged.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        )
        #expect(judged.values.reduce(0, +) == vectors.count)
        #expect(!vectors.isEmpty)
    }

    private func evaluate(_ vector: JSONValue, kind: String) throws -> JSONValue {
        switch kind {
        case "block", "check", "hathor", "systag", "commitment":
            let verdict = try ProofFile(vector).judge()
            #expect(verdict.isValid == (verdict.reason == "ok"))
            return .string(verdict.reason)
        case "slot":
            let chain = ChainID(try vector.required("chain_id", as: .fitting(UInt32.self)))
            let nonce = try vector.required("nonce", as: .fitting(UInt32.self))
            return JSONValue(chain.slot(height: Int(try vector.required("height", as: .integer)), nonce: nonce))
        case "tree_height":
            let chains = try vector.required("chain_ids", as: .array).map { ChainID(try JSONCursor($0).read(as: .fitting(UInt32.self))) }
            return (try? AuxiliaryTree.Shape.smallestHeight(for: chains)).map { JSONValue($0) } ?? "impossible"
        case "tree": return try tree(vector)
        case "bits":
            guard let target = Target(bits: CompactBits(rawValue: try vector.required("bits", as: .fitting(UInt32.self)))) else { return .null }
            return ["target": .string(target.value.hex), "_target": .string(Hex.encode(Hex.decode(target.value.hex)?.reversed() ?? []))]
        case "coinbase": return try coinbase(vector)
        default:
            Issue.record("unknown kind \(kind)")
            return .null
        }
    }

    private func tree(_ vector: JSONValue) throws -> JSONValue {
        var leaves: [ChainID: Hash256] = [:]
        for (chain, hash) in try vector.required("leaves", as: .object) {
            let text = try #require(hash.string)
            let (id, leaf): (UInt32, Hash256) = (try #require(UInt32(chain)), try #require(Hash256(displayHex: text)))
            leaves[ChainID(id)] = leaf
        }
        let height = Int(try vector.required("height", as: .integer))
        let nonce = try vector.required("nonce", as: .fitting(UInt32.self))
        let shape = try AuxiliaryTree.Shape(chains: Array(leaves.keys), height: height, nonce: nonce)
        let tree = AuxiliaryTree(shape: shape, leaves: leaves)
        var proofs = JSONObject()
        for chain in leaves.keys {
            let branch = try #require(tree.branch(of: chain)).siblings.map { JSONValue.string(Hex.encode($0.internalBytes)) }
            proofs[String(chain.value)] = ["index": JSONValue(try #require(shape.slots[chain])), "branch": .array(branch)]
        }
        return ["tag": .string(Hex.encode(tree.commitment.bytes)), "proofs": .object(proofs)]
    }

    private func coinbase(_ vector: JSONValue) throws -> JSONValue {
        let tags = CoinbaseTags(try Transaction(parsing: try #require(vector.bytes("tx"))))
        func number(_ value: (some BinaryInteger)?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
        return [
            "scriptsig_len": JSONValue(tags.scriptSig.count), "mm_offset": number(tags.auxPow?.offset), "mm_size": number(tags.auxPow?.size),
            "mm_nonce": number(tags.auxPow?.nonce), "order": .array(tags.purposes.map { .string($0.rawValue) }),
            "rsk_tail_after_hash": number(tags.bytesAfterRSKHash),
        ]
    }
}
