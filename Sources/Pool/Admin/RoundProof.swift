internal import Accounting
internal import Hashing
internal import JSON

/// The proof that a round counted an account, as the file that `poolctl audit round` writes and `poolctl audit verify` reads.
///
/// Weights are decimal text: no reader may round them.
public struct RoundProof: Sendable, Equatable {
    let proof: InclusionProof

    init(_ proof: InclusionProof) { self.proof = proof }

    /// Why a file is no proof.
    struct Unreadable: Error, CustomStringConvertible {
        var description: String
    }

    init(_ value: JSONValue) throws(Unreadable) {
        func text(_ key: String, of value: JSONValue) throws(Unreadable) -> String {
            guard let text = value[key]?.string else { throw Unreadable(description: "\(key) is missing or no text") }
            return text
        }
        func weight(_ key: String, of value: JSONValue) throws(Unreadable) -> UInt128 {
            guard let weight = UInt128(try text(key, of: value)) else { throw Unreadable(description: "\(key) is no whole number") }
            return weight
        }
        func hash(_ key: String, of value: JSONValue) throws(Unreadable) -> [UInt8] {
            guard let bytes = Hex.decode(try text(key, of: value)), bytes.count == 32 else {
                throw Unreadable(description: "\(key) is not 64 hexadecimal digits")
            }
            return bytes
        }
        guard let round = value["round"]?.integer else { throw Unreadable(description: "round is missing or no number") }
        guard let steps = value["path"]?.array, steps.count <= 64 else { throw Unreadable(description: "path is missing or no list of steps") }
        var path: [InclusionProof.Step] = []
        for step in steps {
            let side = try text("side", of: step)
            guard side == "left" || side == "right" else { throw Unreadable(description: "side is neither left nor right") }
            path.append(.init(isLeft: side == "left", sum: try weight("sum", of: step), hash: try hash("hash", of: step)))
        }
        proof = InclusionProof(
            chain: try text("chain", of: value),
            round: round,
            account: try text("account", of: value),
            weight: try weight("weight", of: value),
            total: try weight("total", of: value),
            root: try hash("root", of: value),
            path: path
        )
    }

    var json: JSONValue {
        [
            "chain": .string(proof.chain),
            "round": .integer(proof.round),
            "account": .string(proof.account),
            "weight": .string(String(proof.weight)),
            "total": .string(String(proof.total)),
            "root": .string(Hex.encode(proof.root)),
            "path": .array(
                proof.path.map { step in
                    [
                        "side": .string(step.isLeft ? "left" : "right"),
                        "sum": .string(String(step.sum)),
                        "hash": .string(Hex.encode(step.hash)),
                    ]
                }
            ),
        ]
    }
}
