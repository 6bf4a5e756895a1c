/// The fields of one `mining.submit`, read but not yet judged. Ranges are offsets into the line they were read from.
struct SubmitLine: BitwiseCopyable, Equatable {
    /// The id as received, to be echoed; empty when the message had none.
    var id = ByteRange(0..<0)
    /// The worker's name.
    var worker = ByteRange(0..<0)
    var fields = SubmitFields()
}

/// A range of offsets that is plain memory.
struct ByteRange: BitwiseCopyable, Equatable {
    private let start: Int32
    private let end: Int32

    init(_ range: Range<Int>) {
        start = Int32(truncatingIfNeeded: range.lowerBound)
        end = Int32(truncatingIfNeeded: range.upperBound)
    }

    var range: Range<Int> { Int(start)..<Int(end) }
    var count: Int { Int(end - start) }
}

/// What a share says of itself.
struct SubmitFields: BitwiseCopyable, Equatable {
    var job: UInt64 = 0
    var variant: UInt8 = 0
    /// The eight bytes in coinbase order, the first in the highest place.
    var extranonce2: UInt64 = 0
    var time: UInt32 = 0
    var nonce: UInt32 = 0
    /// The sixth field; zero when it was not sent, which every convention of it reads as "nothing rolled".
    var versionBits: UInt32 = 0
    /// A field that cannot be read, the gravest where there are several.
    var fault: Fault?

    enum Fault: UInt8, BitwiseCopyable {
        case malformed
        case unknownJob
        case badExtranonce

        var reason: RejectReason {
            switch self {
            case .malformed: .malformed
            case .unknownJob: .unknownJob
            case .badExtranonce: .badExtranonce
            }
        }
    }

    mutating func fail(_ fault: Fault) {
        if let present = self.fault, present.rawValue <= fault.rawValue { return }
        self.fault = fault
    }
}

extension SubmitFields {
    /// The size of extranonce2, in bytes: what suits cgminer (at most 8), NiceHash (at least 4) and everyone between.
    static let extranonce2Size = 8

    /// The job id: 16 digits, and two more for a variant.
    mutating func readJob(_ text: Span<UInt8>) {
        switch text.count {
        case 16:
            guard let value = HexField.number(text, 0..<16) else { return fail(.unknownJob) }
            job = value
        case 18:
            guard let value = HexField.number(text, 0..<16), let suffix = HexField.number(text, 16..<18), suffix > 0 else {
                return fail(.unknownJob)
            }
            job = value
            variant = UInt8(truncatingIfNeeded: suffix)
        default: fail(.unknownJob)
        }
    }

    mutating func readExtranonce2(_ text: Span<UInt8>) {
        guard text.count == 2 * Self.extranonce2Size, let value = HexField.number(text, 0..<text.count) else { return fail(.badExtranonce) }
        extranonce2 = value
    }

    mutating func readTime(_ text: Span<UInt8>) { time = readWord(text) }
    mutating func readNonce(_ text: Span<UInt8>) { nonce = readWord(text) }
    mutating func readVersionBits(_ text: Span<UInt8>) { versionBits = readWord(text) }

    /// Up to eight digits: NerdMiner does not pad with zeros.
    @inline(__always)
    private mutating func readWord(_ text: Span<UInt8>) -> UInt32 {
        if text.count <= 8, let value = HexField.number(text, 0..<text.count) { return UInt32(truncatingIfNeeded: value) }
        fail(.malformed)
        return 0
    }
}

/// Hexadecimal numbers in either case.
enum HexField {
    /// The number that 1 to 16 digits spell.
    @inline(__always)
    static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty, range.count <= 16 else { return nil }
        var value: UInt64 = 0
        var invalid: UInt8 = 0
        for index in range {
            let byte = text[index]
            let digit = byte &- 0x30
            let letter = (byte | 0x20) &- 0x61
            let isDigit = digit < 10
            invalid |= isDigit || letter < 6 ? 0 : 1
            value = value << 4 | UInt64(isDigit ? digit : letter &+ 10)
        }
        return invalid == 0 ? value : nil
    }
}
