public import Bitcoin
public import Hashing

/// The output that Syscoin demands in a parent coinbase since its Nexus upgrade: `sys`, a reference hash, a reference height.
///
/// It changes every ten blocks and must come from the same `createauxblock` reply as the block hash.
public struct SyscoinTag: Hashable, Sendable {
    /// ASCII `sys`.
    public static let prefix: [UInt8] = Array("sys".utf8)
    /// Outputs longer than this are looked at too, whatever they begin with.
    private static let largestSpendable = 10_000

    /// 32 bytes hash in internal order, 4 bytes height little-endian.
    public let reference: [UInt8]

    /// Reads the `coinbasescript` of a `createauxblock` reply: `6a27`, `sys`, 36 bytes.
    public init?(script: [UInt8]) {
        let head: [UInt8] = [Opcode.return, 0x27] + Self.prefix
        guard script.count == head.count + 36, script.starts(with: head) else { return nil }
        reference = Array(script.dropFirst(head.count))
    }

    public init(hash: Hash256, height: UInt32) {
        reference = hash.internalBytes + height.littleEndianBytes
    }

    public var script: [UInt8] { [Opcode.return, 0x27] + Self.prefix + reference }

    /// Judges a coinbase's outputs as Syscoin does: where an unspendable output holds `sys` anywhere, the reference must follow it.
    public func verify(_ outputs: [TransactionOutput]) throws(SyscoinTagReject) {
        var found = false
        for output in outputs {
            let script = output.script.bytes
            guard script.first == Opcode.return || script.count > Self.largestSpendable, let at = script.firstOffset(of: Self.prefix) else {
                continue
            }
            guard script.firstOffset(of: reference, from: at + Self.prefix.count) != nil else { throw .wrong }
            guard !found else { throw .multiple }
            found = true
        }
        guard found else { throw .missing }
    }
}

/// Why Syscoin refuses a parent coinbase's outputs; the raw value is the node's own word.
public enum SyscoinTagReject: String, Error, CaseIterable, Sendable {
    case wrong = "bad-auxpow-tag"
    case multiple = "multiple-syscoin-tags"
    case missing = "missing-syscoin-tag"

    /// What it means, in a sentence.
    public var text: String {
        switch self {
        case .wrong: "an unspendable output holds the letters sys without the expected reference"
        case .multiple: "more than one output holds Syscoin's reference"
        case .missing: "no output holds Syscoin's reference"
        }
    }
}
