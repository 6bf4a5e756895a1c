public import JSON

/// What became of a solution, with what the node last said of it.
public struct AuxiliaryReport: Sendable {
    public let outcome: AuxiliaryOutcome
    /// How often the node asked to wait for its rate limit.
    public let rateLimits: Int
    /// The node's last result, if it gave one.
    public let result: JSONValue?

    public init(outcome: AuxiliaryOutcome, rateLimits: Int = 0, result: JSONValue? = nil) {
        self.outcome = outcome
        self.rateLimits = rateLimits
        self.result = result
    }
}
