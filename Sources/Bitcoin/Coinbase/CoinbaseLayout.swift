/// A coinbase transaction around one extranonce field.
///
/// The scriptSig, in order, each piece under a push of its own: height (BIP34), commitments of auxiliary chains, run number, pool tag,
/// extranonce. Pushes keep random bytes from being counted as signature operations, which nodes do in a coinbase's scriptSig too.
///
/// The outputs, in order: payouts, witness commitment, further outputs.
///
/// Version 2, sequence one below final, lock time height − 1: so that the transaction can be in no other block (BIP54 will ask for it; Bitcoin
/// Core's own templates have it since version 30). It costs nothing today.
public struct CoinbaseLayout: Sendable {
    /// The most bytes consensus allows a coinbase's scriptSig; the least is 2.
    public static let scriptSigLimit = 100

    public let height: UInt32
    public let extranonceSize: Int
    /// The pool tag, as much of it as there was room for.
    public let tag: String
    public let outputs: [TransactionOutput]
    /// True when a witness commitment stands among the outputs, which asks for the reserved value in the coinbase's witness.
    public let hasWitness: Bool
    /// The witness-free bytes up to the extranonce field.
    public let prefix: [UInt8]
    /// The witness-free bytes behind the extranonce field.
    public let suffix: [UInt8]
    public let scriptSigCount: Int

    /// - Parameters:
    ///   - height: the block's.
    ///   - commitments: bytes that proofs of other chains look for in the scriptSig.
    ///   - runNumber: fresh at every start, so that no header of an earlier run can be mined again. Written most significant byte first, as
    ///     logs print it.
    ///   - tag: the pool's name for itself. It gives way first: cut to the room that is left, at a character, or left out.
    ///   - extranonceSize: of the whole field, both parts of a Stratum extranonce together; 1…75.
    ///   - witnessCommitment: the template's.
    ///   - furtherOutputs: what must stand last, such as an RSK tag.
    public init(
        height: UInt32,
        commitments: [[UInt8]] = [],
        runNumber: UInt32,
        tag: String,
        extranonceSize: Int,
        payouts: [TransactionOutput],
        witnessCommitment: WitnessCommitment?,
        furtherOutputs: [TransactionOutput] = []
    ) throws(CoinbaseError) {
        guard (1...75).contains(extranonceSize) else { throw .extranonceField(size: extranonceSize) }
        let outputs = payouts + (witnessCommitment.map { [$0.output] } ?? []) + furtherOutputs
        guard !outputs.isEmpty else { throw .noOutputs }
        var head = Script.height(height)
        for commitment in commitments { head.pushBytes(commitment) }
        head.pushBytes(stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: runNumber >> UInt32($0)) })
        let room = CoinbaseLayout.scriptSigLimit - head.bytes.count - 1 - extranonceSize
        guard room >= 0 else { throw .scriptSigTooLong(count: CoinbaseLayout.scriptSigLimit - room) }
        // One byte of the room is the tag's own push opcode, which holds 75 bytes at most.
        let tag = CoinbaseLayout.cut(tag, toBytes: min(room - 1, 75))
        if !tag.isEmpty { head.pushBytes(Array(tag.utf8)) }
        head.append(UInt8(extranonceSize))

        self.height = height
        self.extranonceSize = extranonceSize
        self.tag = tag
        self.outputs = outputs
        hasWitness = witnessCommitment != nil
        scriptSigCount = head.bytes.count + extranonceSize
        prefix = CoinbaseLayout.prefix(scriptSigHead: head, scriptSigCount: scriptSigCount)
        suffix = CoinbaseLayout.suffix(outputs: outputs, height: height)
    }

    private static func prefix(scriptSigHead: Script, scriptSigCount: Int) -> [UInt8] {
        var writer = ByteWriter(capacity: 4 + 1 + 36 + 1 + scriptSigHead.bytes.count)
        writer.appendLittleEndian(2 as UInt32)
        writer.appendCompactSize(1)
        writer.append(OutPoint.null.txid)
        writer.appendLittleEndian(OutPoint.null.index)
        writer.appendCompactSize(scriptSigCount)
        writer.append(scriptSigHead.bytes)
        return writer.bytes
    }

    private static func suffix(outputs: [TransactionOutput], height: UInt32) -> [UInt8] {
        var writer = ByteWriter(capacity: 8 + 48 * outputs.count)
        writer.appendLittleEndian(0xffff_fffe as UInt32)
        writer.append(outputs)
        writer.appendLittleEndian(height == 0 ? 0 : height - 1)
        return writer.bytes
    }

    /// The longest beginning of `text` that takes no more than `limit` bytes of UTF-8, whole characters only.
    private static func cut(_ text: String, toBytes limit: Int) -> String {
        var cut = text
        while cut.utf8.count > max(limit, 0) { cut.removeLast() }
        return cut
    }
}

extension CoinbaseLayout {
    /// The witness-free transaction, which the txid and every proof hash.
    public func witnessless(extranonce: [UInt8]) throws(CoinbaseError) -> [UInt8] {
        try check(extranonce)
        return prefix + extranonce + suffix
    }

    /// The transaction as a block holds it.
    public func serialized(extranonce: [UInt8]) throws(CoinbaseError) -> [UInt8] {
        guard hasWitness else { return try witnessless(extranonce: extranonce) }
        try check(extranonce)
        var writer = ByteWriter(capacity: prefix.count + extranonceSize + suffix.count + CoinbaseLayout.witnessCount)
        writer.append(Array(prefix[..<4]))
        writer.append([0, 1])
        writer.append(Array(prefix[4...]))
        writer.append(extranonce)
        writer.append(Array(suffix.dropLast(4)))
        writer.appendCompactSize(1)
        writer.appendSized(WitnessCommitment.reservedValue)
        writer.append(Array(suffix.suffix(4)))
        return writer.bytes
    }

    /// BIP141 weight units.
    public var weight: Int { 4 * (prefix.count + extranonceSize + suffix.count) + (hasWitness ? CoinbaseLayout.witnessCount : 0) }

    /// Marker, flag, item count, item length, item.
    private static let witnessCount = 2 + 1 + 1 + 32

    private func check(_ extranonce: [UInt8]) throws(CoinbaseError) {
        guard extranonce.count == extranonceSize else { throw .extranonce(count: extranonce.count, expected: extranonceSize) }
    }
}
