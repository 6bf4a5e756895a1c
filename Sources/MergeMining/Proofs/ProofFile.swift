import Bitcoin
import Hashing
public import JSON

/// A merged-mining proof as a JSON object: what `poolctl proof verify` takes and the vectors are written in.
///
/// `kind` says what it is. AuxPoW and Hathor objects hold their fields beside it, RSK's in a member `fields`. All byte strings are hex.
public struct ProofFile: Sendable {
    /// An object that can be judged.
    public enum Kind: String, CaseIterable, Sendable {
        /// An AuxPoW chain's header with its proof: version rules, work, commitment.
        case block
        /// An AuxPoW object's commitment to a block hash, no work.
        case check
        /// A Hathor proof.
        case hathor
        /// A parent coinbase under Syscoin's output rule.
        case systag
        /// Whether a coinbase commits to one hash alone.
        case commitment
        /// An RSK proof for a known hash and target.
        case proof
        /// An RSK header with its proof.
        case header
        /// RSK's rule on the two blocks' times.
        case time

        var isRSK: Bool { self == .proof || self == .header || self == .time }
    }

    public let kind: Kind
    private let fields: JSONCursor

    public init(_ value: JSONValue) throws(ProofFileError) {
        let object = JSONCursor(value)
        let name: String
        do { name = try object.required("kind", as: .string) } catch { throw .unreadable(error) }
        guard let kind = Kind(rawValue: name) else { throw .unknownKind(name) }
        self.kind = kind
        do { fields = kind.isRSK ? try object.member("fields") : object } catch { throw .unreadable(error) }
    }

    /// Judges the object by the rules of its chain.
    public func judge() throws(ProofFileError) -> ProofVerdict {
        switch kind {
        case .block: try judgeBlock()
        case .check: try judgeCheck()
        case .hathor: try judgeHathor()
        case .systag: try judgeSyscoinTag()
        case .commitment: try judgeCommitment()
        case .proof: try judgeRSKProof()
        case .header: try judgeRSKHeader()
        case .time: try judgeRSKTime()
        }
    }

    // MARK: - Reading

    func required<Value>(_ key: String, as type: JSONType<Value>) throws(ProofFileError) -> Value {
        do { return try fields.required(key, as: type) } catch { throw .unreadable(error) }
    }

    func optional<Value>(_ key: String, as type: JSONType<Value>) throws(ProofFileError) -> Value? {
        do { return try fields.optional(key, as: type) } catch { throw .unreadable(error) }
    }

    func bytes(_ key: String) throws(ProofFileError) -> [UInt8] {
        guard let bytes = try optionalBytes(key) else { throw .missing(key) }
        return bytes
    }

    func optionalBytes(_ key: String) throws(ProofFileError) -> [UInt8]? {
        guard let text = try optional(key, as: .string) else { return nil }
        guard let bytes = Hex.decode(text.hasPrefix("0x") ? text.dropFirst(2) : text[...]) else { throw .notHex(key) }
        return bytes
    }

    /// 64 digits in display order.
    func hash(_ key: String) throws(ProofFileError) -> Hash256 {
        guard let hash = Hash256(internalBytes: try bytes(key).reversed()) else { throw .wrongLength(key) }
        return hash
    }

    /// A verdict for what `body` throws, or for its good end.
    func verdict<Reason: Error & RawRepresentable<String>>(
        size: Int,
        proves: String,
        text: (Reason) -> String,
        _ body: () throws(Reason) -> Void
    ) -> ProofVerdict {
        do throws(Reason) {
            try body()
            return ProofVerdict(kind: kind.rawValue, isValid: true, reason: "ok", text: proves, size: size)
        } catch {
            return ProofVerdict(kind: kind.rawValue, isValid: false, reason: error.rawValue, text: text(error), size: size)
        }
    }
}

/// Why a file holds nothing that can be judged.
public enum ProofFileError: Error, Equatable, CustomStringConvertible {
    case unreadable(JSONError)
    case unknownKind(String)
    case missing(String)
    case notHex(String)
    case wrongLength(String)
    case unknownValue(String, String)

    public var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .unknownKind(let kind):
            "unknown kind \"\(kind)\"; known are " + ProofFile.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        case .missing(let key): "\(key) is missing"
        case .notHex(let key): "\(key) is not hex"
        case .wrongLength(let key): "\(key) has the wrong length"
        case .unknownValue(let key, let value): "\(key) is \"\(value)\", which is not known here"
        }
    }
}
