public import Bitcoin
import Hashing

/// What a coinbase carries besides payouts, read back from its bytes.
public struct CoinbaseTags: Sendable {
    /// What an output is there for.
    public enum Purpose: String, CaseIterable, Sendable {
        case payout = "pay"
        case witnessCommitment = "segwit"
        case rsk
        case hathor
        case syscoin
        case vcash
        case exsat
        case core
        case ocean
        /// An `OP_RETURN` that nobody here knows.
        case unknown = "op_return"

        /// What the first push of such an output begins with.
        static let prefixes: [(bytes: [UInt8], purpose: Purpose)] = [
            ([0xaa, 0x21, 0xa9, 0xed], .witnessCommitment),
            (RSKTag.prefix, .rsk),
            (HathorProof.magic, .hathor),
            (SyscoinTag.prefix, .syscoin),
            ([0xb9, 0xe1, 0x1b, 0x6d], .vcash),
            (Array("EXSAT".utf8), .exsat),
            (Array("CORE".utf8), .core),
            (Array("OCB1".utf8), .ocean),
        ]
    }

    public let scriptSig: [UInt8]
    public let outputs: [[UInt8]]
    /// One purpose per output.
    public let purposes: [Purpose]
    /// Bytes behind the last RSK hash to the end of the witness-free coinbase; nil without a tag. Negative when the hash is cut short.
    public let bytesAfterRSKHash: Int?
    /// The hash behind the last RSK tag.
    public let rskHash: RSKMiningHash?

    public init(_ coinbase: Transaction) {
        let bytes = coinbase.witnessless
        scriptSig = coinbase.inputs.first?.scriptSig.bytes ?? []
        outputs = coinbase.outputs.map(\.script.bytes)
        purposes = outputs.map(Self.purpose)
        bytesAfterRSKHash = bytes.lastOffset(of: RSKTag.prefix).map { bytes.count - $0 - RSKTag.byteCount }
        rskHash = RSKTag.lastHash(in: bytes)
    }

    /// Where the first AuxPoW magic stands in the scriptSig, and the size and nonce behind its root.
    public var auxPow: (offset: Int, size: UInt32, nonce: UInt32)? {
        guard let at = scriptSig.firstOffset(of: AuxPowCommitment.magic) else { return nil }
        let numbers = scriptSig.dropFirst(at + AuxPowCommitment.magic.count + 32).prefix(8)
        guard numbers.count == 8 else { return nil }
        return (at, UInt32(littleEndian: numbers.prefix(4)), UInt32(littleEndian: numbers.suffix(4)))
    }

    private static func purpose(of script: [UInt8]) -> Purpose {
        guard script.first == Opcode.return else { return .payout }
        let data = pushes(script.dropFirst())
        for push in data {
            if let known = Purpose.prefixes.first(where: { push.starts(with: $0.bytes) }) { return known.purpose }
        }
        return .unknown
    }

    /// The data pushes of a script; none where one runs past the end.
    private static func pushes(_ script: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var rest = script
        var pushes: [ArraySlice<UInt8>] = []
        while let opcode = rest.popFirst() {
            var count = Int(opcode)
            switch opcode {
            case ..<Opcode.pushData1: break
            case Opcode.pushData1...Opcode.pushData4:
                let width = 1 << Int(opcode - Opcode.pushData1)
                guard rest.count >= width else { return [] }
                count = Int(littleEndian: rest.prefix(width))
                rest = rest.dropFirst(width)
            default: continue
            }
            guard rest.count >= count else { return [] }
            pushes.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return pushes
    }
}
