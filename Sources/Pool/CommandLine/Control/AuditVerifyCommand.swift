internal import Accounting
internal import Hashing
internal import JSON

/// `poolctl audit verify`: checks the proof that a round counted an account, without a pool.
struct AuditVerifyCommand {
    /// The largest file that is read, in bytes: a proof of a million accounts has 20 steps.
    static let limit = 64 << 10

    let bytes: [UInt8]
    /// The root that was published; nil trusts the one in the file.
    var publishedRoot: String?

    /// What to print, and how to end.
    func verdict(asJSON: Bool) -> (text: String, code: ExitCode) {
        let proof: InclusionProof
        do {
            proof = try RoundProof(try JSONValue(parsing: bytes)).proof
        } catch {
            let answer: JSONValue = ["valid": false, "reason": .string("\(error)")]
            return ((asJSON ? answer.text() : "cannot be read: \(error)") + "\n", .unusable)
        }
        do throws(InclusionProof.Fault) {
            try proof.verify()
            guard publishedRoot.map({ $0.lowercased() == Hex.encode(proof.root) }) ?? true else { throw InclusionProof.Fault.wrongRoot }
        } catch {
            let answer: JSONValue = ["valid": false, "reason": .string(error.rawValue)]
            return ((asJSON ? answer.text() : "not valid: \(error.rawValue)") + "\n", .failure)
        }
        let part = proof.total == 0 ? 0 : Double(proof.weight) / Double(proof.total)
        let answer: JSONValue = [
            "valid": true,
            "reason": .null,
            "chain": .string(proof.chain),
            "round": .integer(proof.round),
            "account": .string(proof.account),
            "weight": .string(String(proof.weight)),
            "total": .string(String(proof.total)),
            "root": .string(Hex.encode(proof.root)),
        ]
        let text = """
            valid: round \(proof.round) of \(proof.chain) counts \(proof.account.withoutControls) with \(proof.weight) of \(proof.total) \
            (\(Units.percent(part)))
            the round's root is \(Hex.encode(proof.root))\(publishedRoot == nil ? "; compare it with the one that the pool published" : "")
            """
        return ((asJSON ? answer.text() : text) + "\n", .done)
    }
}
