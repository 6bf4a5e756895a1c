/// Why a text is no address that this chain can pay.
public struct AddressError: Error, Hashable, Sendable {
    /// The text, cut where it is absurdly long.
    public let address: String
    public let reason: Reason

    init(_ address: String, _ reason: Reason) {
        self.address = address.utf8.count <= 100 ? address : String(address.prefix(100)) + "…"
        self.reason = reason
    }

    public enum Reason: Error, Hashable, Sendable {
        case empty
        case tooLong
        case unknownLetter(String)
        case mixedCase
        case badChecksum
        case unknownPrefix(String)
        case unknownVersion(UInt8)
        case badPadding
        case badProgramLength(Int)
        /// Version 0 wants Bech32, all others Bech32m (BIP350).
        case wrongChecksumKind(version: UInt8)
        /// No chain can guard an output of this version yet: anyone could take the reward.
        case unknownWitnessVersion(UInt8)
        case wrongNetwork(belongsTo: [Chain], expected: Chain)
    }
}

extension AddressError {
    /// The label of counters.
    public var label: String {
        switch reason {
        case .empty: "empty"
        case .tooLong: "too-long"
        case .unknownLetter: "unknown-letter"
        case .mixedCase: "mixed-case"
        case .badChecksum: "bad-checksum"
        case .unknownPrefix: "unknown-prefix"
        case .unknownVersion: "unknown-version"
        case .badPadding: "bad-padding"
        case .badProgramLength: "bad-program-length"
        case .wrongChecksumKind: "wrong-checksum-kind"
        case .unknownWitnessVersion: "unknown-witness-version"
        case .wrongNetwork: "wrong-network"
        }
    }

    /// What the reader can do about it.
    public var remedy: String {
        switch reason {
        case .wrongNetwork(_, let expected): "use an address of \(expected.rawValue)\(AddressError.examples(expected))"
        case .unknownWitnessVersion: "use a P2WPKH, P2WSH or P2TR address"
        default: "copy the address again from the wallet"
        }
    }

    private static func examples(_ chain: Chain) -> String { ", such as \(chain.bech32Prefix)1…" }
}

extension AddressError: CustomStringConvertible {
    public var description: String { "address \"\(address)\" \(reason)" }
}

extension AddressError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "is empty"
        case .tooLong: "is too long"
        case .unknownLetter(let letter): "has a letter that addresses do not use: \"\(letter)\""
        case .mixedCase: "mixes upper and lower case"
        case .badChecksum: "has a wrong checksum: a letter is mistyped or missing"
        case .unknownPrefix(let prefix): prefix.isEmpty ? "has no known form" : "has the prefix \"\(prefix)\", which is of no Bitcoin network"
        case .unknownVersion(let version): "has version byte \(version), which is of no Bitcoin network"
        case .badPadding: "has bits left over"
        case .badProgramLength(let count): "holds \(count) bytes, which no address of its kind does"
        case .wrongChecksumKind(let version): "has the checksum of the other Bech32 kind for witness version \(version)"
        case .unknownWitnessVersion(let version): "is of witness version or size not in use yet (version \(version)): anyone could spend it"
        case .wrongNetwork(let chains, let expected):
            "belongs to \(chains.map(\.rawValue).joined(separator: ", ")), not to \(expected.rawValue)"
        }
    }
}
