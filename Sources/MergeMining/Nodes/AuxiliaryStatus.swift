public import Hashing
public import JSON

/// How an auxiliary chain stands.
public enum AuxiliaryState: String, Sendable {
    /// No answer yet.
    case starting
    case working
    /// No node answers, or none usefully: the leaf is dropped.
    case down
    /// RSK: the node gives the same old work, so it does not follow its chain.
    case stalled
    /// The node is of another chain than the one configured.
    case wrongChain = "wrong-chain"
    /// Share targets hide its solutions.
    case starved
}

/// One line of `poolctl aux`.
public struct AuxiliaryStatus: Sendable {
    public let name: String
    public let kind: String
    public let state: AuxiliaryState
    /// Of the block being mined; nil without work.
    public let height: Int64?
    /// Seconds since the node first gave the work.
    public let workAge: Int64?
    /// Nil without work.
    public let target: Target?
    /// Solutions that reached the chain's submitter.
    public let found: Int64
    /// How they ended, and how often rate limits were met, by label.
    public let counts: [String: Int64]
    public let lastError: String?
    /// The share difficulty that would show this chain's solutions; set while it is starved.
    public let neededDifficulty: Double?

    public var json: JSONValue {
        func count(_ labels: String...) -> JSONValue { .integer(labels.reduce(0) { $0 + (counts[$1] ?? 0) }) }
        let details = counts.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.integer($0.value)) }
        return [
            "name": .string(name), "kind": .string(kind), "state": .string(state.rawValue), "height": height.map { .integer($0) } ?? .null,
            "workAge": workAge.map { .integer($0) } ?? .null, "found": .integer(found), "accepted": count("accepted"), "uncle": count("uncle"),
            "stale": count("stale", "unknown-work"), "rejected": count("invalid", "refused"),
            "lastError": lastError.map { .string($0) } ?? .null, "difficulty": target.map { .real($0.difficulty) } ?? .null,
            "neededDifficulty": neededDifficulty.map { .real($0) } ?? .null, "counts": .object(JSONObject(details)),
        ]
    }
}
