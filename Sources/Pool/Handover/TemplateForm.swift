import Bitcoin
import Hashing
import MergeMining
import Stratum

/// A template as it travels.
struct TemplateForm {
    private(set) var chain = ""
    private var height: UInt32 = 0
    private var version: UInt32 = 0
    private var previousHash = Hash256.zero
    private var bits: UInt32 = 0
    private var time: UInt32 = 0
    private var minimumTime: UInt32 = 0
    private var value: Int64 = 0
    private var commitment: Hash256?
    private var longPollID: String?
    private var weightLimit: Int64 = 0
    private var signatureLimit: Int64 = 0
    private var transactions: [TemplateTransaction] = []

    /// To be read into.
    init() {}

    init(_ template: BlockTemplate) {
        chain = template.chain.rawValue
        height = template.height
        version = template.version
        previousHash = template.previousHash
        bits = template.bits.rawValue
        time = template.time
        minimumTime = template.minimumTime
        value = template.coinbaseValue
        commitment = template.witnessCommitment?.hash
        longPollID = template.longPollID
        weightLimit = Int64(template.weightLimit)
        signatureLimit = Int64(template.signatureOperationLimit)
        transactions = template.transactions
    }

    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&chain)
        try stream.pass(&height)
        try stream.pass(&version)
        try stream.pass(hash: &previousHash)
        try stream.pass(&bits)
        try stream.pass(&time)
        try stream.pass(&minimumTime)
        try stream.pass(&value)
        try stream.pass(&commitment, blank: .zero) { stream, hash throws(HandoverStream.Failure) in try stream.pass(hash: &hash) }
        try stream.pass(&longPollID, blank: "") { stream, text throws(HandoverStream.Failure) in try stream.pass(&text) }
        try stream.pass(&weightLimit)
        try stream.pass(&signatureLimit)
        let blank = TemplateTransaction(txid: .zero, wtxid: .zero, weight: 0, fee: nil, signatureOperations: 0, hex: "")
        try stream.pass(&transactions, blank: blank) { stream, transaction throws(HandoverStream.Failure) in
            try transaction.pass(through: &stream)
        }
    }

    /// Nil where it makes no sense.
    var template: BlockTemplate? {
        guard let chain = Chain(rawValue: chain) else { return nil }
        return BlockTemplate(
            chain: chain,
            height: height,
            version: version,
            previousHash: previousHash,
            bits: CompactBits(rawValue: bits),
            time: time,
            minimumTime: minimumTime,
            coinbaseValue: value,
            witnessCommitment: commitment.map { WitnessCommitment(hash: $0) },
            transactions: transactions,
            longPollID: longPollID,
            weightLimit: Int(weightLimit),
            signatureOperationLimit: Int(signatureLimit)
        )
    }
}

extension TemplateTransaction {
    fileprivate mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        var (txid, wtxid, weight, fee) = (txid, wtxid, Int64(weight), fee)
        var (operations, hex) = (Int64(signatureOperations), hex)
        try stream.pass(hash: &txid)
        try stream.pass(hash: &wtxid)
        try stream.pass(&weight)
        try stream.pass(&fee, blank: 0) { stream, value throws(HandoverStream.Failure) in try stream.pass(&value) }
        try stream.pass(&operations)
        try stream.pass(&hex)
        guard stream.isReading else { return }
        self = TemplateTransaction(txid: txid, wtxid: wtxid, weight: Int(weight), fee: fee, signatureOperations: Int(operations), hex: hex)
    }
}
