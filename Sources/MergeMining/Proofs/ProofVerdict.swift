public import JSON

/// What a file's proof comes to.
public struct ProofVerdict: Hashable, Sendable {
    /// What kind of object was judged: `block`, `check`, `hathor`, `systag`, `commitment`, `proof`, `header`, `time`.
    public let kind: String
    public let isValid: Bool
    /// `ok`, or the label of the rule that refuses it.
    public let reason: String
    /// What it proves, or why it fails, in a sentence.
    public let text: String
    /// Bytes of what was judged.
    public let size: Int

    public init(kind: String, isValid: Bool, reason: String, text: String, size: Int) {
        self.kind = kind
        self.isValid = isValid
        self.reason = reason
        self.text = text
        self.size = size
    }

    public var json: JSONValue {
        ["valid": .bool(isValid), "reason": .string(reason), "kind": .string(kind), "size": JSONValue(size), "text": .string(text)]
    }
}
