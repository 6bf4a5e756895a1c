internal import JSON
import MergeMining

/// `poolctl proof verify`: judges a merged-mining proof by the chains' own rules, without a pool.
struct ProofCommand {
    /// The largest file that is read, in bytes: proofs have some hundreds to a few thousand.
    static let limit = 1 << 20

    let bytes: [UInt8]

    /// What to print, and how to end.
    func verdict(asJSON: Bool) -> (text: String, code: ExitCode) {
        do {
            let verdict = try ProofFile(try JSONValue(parsing: bytes)).judge()
            let text = verdict.isValid ? "valid \(verdict.kind) proof, \(verdict.size) bytes" : "not valid: \(verdict.text)"
            return ((asJSON ? verdict.json.text() : text) + "\n", verdict.isValid ? .done : .failure)
        } catch {
            let answer: JSONValue = ["valid": false, "reason": .string("\(error)"), "kind": .null, "size": .integer(Int64(bytes.count))]
            return ((asJSON ? answer.text() : "cannot be read: \(error)") + "\n", .unusable)
        }
    }
}
