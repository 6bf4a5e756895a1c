public import Bitcoin
public import Hashing

/// Made-up transactions without end: the nth is a pure function of the seed and n.
///
/// They have the shape, size and fees of real ones (P2WPKH and P2TR spends, one legacy spend in eight), so that Merkle branches and witness
/// commitments are real; their signatures are noise and what they spend does not exist. A node that wants to know whether a transaction is one
/// of them makes it again and compares, so nothing about them has to be stored.
public struct TransactionSupply: Sendable, Hashable {
    public let seed: UInt64

    public init(seed: UInt64) {
        self.seed = seed
    }

    public func transaction(_ serial: UInt64) -> OfferedTransaction {
        var random = SplitMix64(seed: seed ^ (serial &+ 1) &* 0xd6e8_feb8_6659_fd93)
        let kind = Spend.allCases[random.below(Spend.allCases.count)]
        let inputs = (0..<(1 + random.below(3))).map { position in
            // The serial stands in what the first input claims to spend: that is where `serial(of:)` finds it.
            let txid = Hash256(
                number: UInt256(high: UInt128(random.next()) << 64 | UInt128(position == 0 ? serial : random.next()), low: UInt128(random.next()))
            )
            return kind.input(spending: OutPoint(txid: txid, index: UInt32(random.below(4))), &random)
        }
        let outputs = (0..<(1 + random.below(3))).map { _ in
            TransactionOutput(value: Int64(1_000 + random.below(200_000_000)), script: .payToWitness(version: 0, program: random.bytes(20)))
        }
        let transaction = Transaction(inputs: inputs, outputs: outputs)
        // 1 to 40 satoshi a virtual byte, mostly few.
        let rate = 1 + random.below(40) * random.below(40) / 40
        return OfferedTransaction(serial: serial, transaction, feeRate: rate, signatureOperations: kind.signatureOperations * inputs.count)
    }

    /// The serial number of a transaction of this supply, which must be the same to the last witness byte; nil for any other.
    public func serial(of transaction: Transaction) -> UInt64? {
        guard let first = transaction.inputs.first else { return nil }
        let serial = UInt64(truncatingIfNeeded: first.previousOutput.txid.number.high)
        return self.transaction(serial).bytes == transaction.serialized ? serial : nil
    }
}

/// A transaction as a block template offers it.
public struct OfferedTransaction: Sendable {
    public let serial: UInt64
    /// The wire form, with witness.
    public let bytes: [UInt8]
    public let txid: Hash256
    public let wtxid: Hash256
    /// Satoshi.
    public let fee: Int64
    /// BIP141 units.
    public let weight: Int
    /// BIP141 cost.
    public let signatureOperations: Int

    init(serial: UInt64, _ transaction: Transaction, feeRate: Int, signatureOperations: Int) {
        let witnessless = transaction.witnessless
        self.serial = serial
        self.signatureOperations = signatureOperations
        bytes = transaction.serialized
        txid = .sha256d(witnessless)
        wtxid = .sha256d(bytes)
        weight = 3 * witnessless.count + bytes.count
        fee = Int64(feeRate * (weight + 3) / 4)
    }
}

/// How a made-up transaction proves that it may spend.
private enum Spend: CaseIterable {
    case legacy
    case keyHash1
    case keyHash2
    case keyHash3
    case keyHash4
    case taproot1
    case taproot2
    case taproot3

    /// BIP141 cost of one input. A legacy input's check stands in the output it spends, which costs nothing here.
    var signatureOperations: Int {
        switch self {
        case .keyHash1, .keyHash2, .keyHash3, .keyHash4: 1
        case .legacy, .taproot1, .taproot2, .taproot3: 0
        }
    }

    func input(spending output: OutPoint, _ random: inout SplitMix64) -> TransactionInput {
        switch self {
        case .legacy:
            var script = Script()
            script.pushBytes(Spend.signature(&random))
            script.pushBytes(Spend.publicKey(&random))
            return TransactionInput(previousOutput: output, scriptSig: script, sequence: 0xffff_fffd)
        case .keyHash1, .keyHash2, .keyHash3, .keyHash4:
            let witness = [Spend.signature(&random), Spend.publicKey(&random)]
            return TransactionInput(previousOutput: output, sequence: 0xffff_fffd, witness: witness)
        case .taproot1, .taproot2, .taproot3:
            return TransactionInput(previousOutput: output, sequence: 0xffff_fffd, witness: [random.bytes(64)])
        }
    }

    /// The shape of a DER signature with its hash type: 71 or 72 bytes.
    private static func signature(_ random: inout SplitMix64) -> [UInt8] {
        let padding = random.below(2)
        var r = random.bytes(32)
        r[0] = padding == 1 ? r[0] | 0x80 : r[0] & 0x7f | 0x01
        var s = random.bytes(32)
        s[0] = s[0] & 0x7f | 0x01
        let number = [UInt8](repeating: 0, count: padding) + r
        return [0x30, UInt8(36 + number.count), 0x02, UInt8(number.count)] + number + [0x02, 0x20] + s + [0x01]
    }

    private static func publicKey(_ random: inout SplitMix64) -> [UInt8] {
        [UInt8(2 + random.below(2))] + random.bytes(32)
    }
}
