import Hashing
import MergeMining
import Stratum

/// An auxiliary chain's work as it travels. An AuxPoW chain's rules do not: they are those of the configuration that goes on.
struct WorkForm {
    private var chain = ""
    private var node = ""
    private var since: Int64 = 0
    private var isRSK = false
    // An AuxPoW block, or an RSK one: its hash, target, parent and fees.
    private var name = ""
    private var bits: UInt32 = 0
    private var height: Int64 = 0
    private var previous = ""
    private var value: Int64 = 0
    private var requiredOutput: [UInt8]?
    private var namesInternally = false
    private var hash: [UInt8] = []
    private var target = Hash256.zero
    private var parent: [UInt8] = []
    private var fees = ""

    /// To be read into.
    init() {}

    init(_ work: AuxiliaryWork) {
        (chain, node, since) = (work.chain, work.node, work.since)
        switch work.content {
        case .auxPow(let work):
            (name, bits, height, previous) = (work.name, work.bits.rawValue, work.height, work.previous)
            (value, requiredOutput, namesInternally) = (work.value, work.requiredOutput, work.namesInternally)
        case .rsk(let work):
            isRSK = true
            (hash, target, parent, fees) = (work.hash.bytes, Hash256(number: work.target.value), work.parent, work.fees)
        }
    }

    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&chain)
        try stream.pass(&node)
        try stream.pass(&since)
        try stream.pass(&isRSK)
        try stream.pass(&name)
        try stream.pass(&bits)
        try stream.pass(&height)
        try stream.pass(&previous)
        try stream.pass(&value)
        try stream.pass(&requiredOutput, blank: []) { stream, bytes throws(HandoverStream.Failure) in try stream.pass(&bytes) }
        try stream.pass(&namesInternally)
        try stream.pass(&hash)
        try stream.pass(hash: &target)
        try stream.pass(&parent)
        try stream.pass(&fees)
    }

    /// Nil where the chain is not configured, or the work makes no sense.
    func work(_ rules: (String) -> AuxPowRules?) -> AuxiliaryWork? {
        guard !isRSK else {
            guard let hash = RSKMiningHash(bytes: hash) else { return nil }
            let work = RSKWork(hash: hash, target: Target(value: target.number), parent: parent, fees: fees)
            return AuxiliaryWork(chain: chain, node: node, since: since, content: .rsk(work))
        }
        guard let rules = rules(chain) else { return nil }
        let work = AuxPowWork(
            rules: rules,
            name: name,
            bits: CompactBits(rawValue: bits),
            height: height,
            previous: previous,
            value: value,
            requiredOutput: requiredOutput,
            namesInternally: namesInternally
        )
        return work.map { AuxiliaryWork(chain: chain, node: node, since: since, content: .auxPow($0)) }
    }
}
