import Hashing

/// A job's `mining.notify`, serialised once for everyone.
///
/// `[job id, previous hash, coinbase 1, coinbase 2, [branch …], version, bits, time, clean]`. The previous hash is the internal one with each
/// 4-byte word reversed, the numbers are big-endian, all else stands in internal order.
struct NotifyText: Sendable {
    /// For miners that may finish what they work on.
    let plain: [UInt8]
    /// For miners that must drop it: the tip has changed, or they have nothing yet.
    let clean: [UInt8]
    /// Where a variant's suffix goes, and where its byte stands in the second coinbase part; nil when the job has no room for variants.
    private let suffixAt: Int
    private let variantAt: Int?

    init(_ job: Job) {
        var text = Array(#"{"id":null,"method":"mining.notify","params":[""#.utf8)
        text.append(contentsOf: HexField.text(job.id.value, digits: 16).utf8)
        suffixAt = text.count
        Self.append(#"",""#, to: &text)
        let previous = job.previousHash.internalBytes
        for word in 0..<8 { Self.append(hex: previous[(4 * word)..<(4 * word + 4)].reversed(), to: &text) }
        Self.append(#"",""#, to: &text)
        Self.append(hex: job.coinbasePrefix, to: &text)
        Self.append(#"",""#, to: &text)
        let room = job.variantRoom
        variantAt = room > 0 ? text.count : nil
        Self.append(hex: repeatElement(0, count: room), to: &text)
        Self.append(hex: job.coinbaseSuffix, to: &text)
        Self.append(#"",["#, to: &text)
        for (index, sibling) in job.branch.enumerated() {
            Self.append(index == 0 ? "\"" : ",\"", to: &text)
            Self.append(hex: sibling.internalBytes, to: &text)
            Self.append("\"", to: &text)
        }
        Self.append("],\"\(HexField.text(job.version))\",\"\(job.bits)\",\"\(HexField.text(job.time))\",", to: &text)
        plain = text + Array("false]}\n".utf8)
        clean = text + Array("true]}\n".utf8)
    }

    /// The same job as another header, under another id: ESP-Miner takes no notice of an id that it knows. Nil when the job has no room for it.
    func variant(_ variant: UInt8, clean isClean: Bool) -> [UInt8]? {
        let text = isClean ? clean : plain
        guard variant > 0 else { return text }
        guard let variantAt else { return nil }
        let digits = [Hex.digit(variant >> 4), Hex.digit(variant & 15)]
        return text[..<suffixAt] + digits + text[suffixAt..<variantAt] + digits + text[(variantAt + 2)...]
    }

    private static func append(_ part: String, to text: inout [UInt8]) { text.append(contentsOf: part.utf8) }

    private static func append(hex bytes: some Sequence<UInt8>, to text: inout [UInt8]) {
        for byte in bytes {
            text.append(Hex.digit(byte >> 4))
            text.append(Hex.digit(byte & 15))
        }
    }
}

extension Job {
    /// Bytes of the extranonce field behind extranonce1 and extranonce2.
    var variantRoom: Int { plan.extranonceSize - 4 - SubmitFields.extranonce2Size }
}
