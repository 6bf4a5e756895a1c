import Bitcoin
import Hashing
import MergeMining

/// A chain of the AuxPoW family as a value: templates to be mined, the verifier's verdict on what comes back, one block after the other.
struct EmbeddedAuxPowChain: Sendable {
    /// What the embedded chain can be; Elastos speaks a dialect of its own and is not among them.
    let flavour: EmbeddedAuxPowNode.Flavour
    /// The flavour's, with the chain's own number.
    let rules: AuxPowRules
    /// Of templates from now on.
    var bits: CompactBits
    /// The best chain, oldest first; the first one is made up.
    private(set) var entries: [AuxiliaryEntry]
    private(set) var counters = AuxiliaryCounters()
    private var templates: [Hash256: Template] = [:]
    /// The tip that the templates were made for.
    private var templatesTip: [UInt8] = []
    /// The newest template of each address.
    private var newest: [String: Hash256] = [:]
    /// Blocks that are stored but not on the best chain.
    private var beside: Set<Hash256> = []

    /// A block that was given out to be mined.
    struct Template: Sendable {
        let header: BlockHeader
        let height: UInt32
        /// Syscoin's, else nil.
        let tag: SyscoinTag?
    }

    init(
        flavour: EmbeddedAuxPowNode.Flavour,
        rules: AuxPowRules? = nil,
        bits: CompactBits,
        seed: UInt64,
        entries stored: [AuxiliaryEntry] = []
    ) {
        self.flavour = flavour
        self.rules = rules ?? flavour.rules
        self.bits = bits
        var random = SplitMix64(seed: seed ^ UInt64(self.rules.chain.value))
        let first = AuxiliaryEntry(height: 0, hash: random.bytes(32), parentID: .zero, time: 0, uncles: 0, commitment: random.bytes(32))
        entries = [first]
        for entry in stored where entry.height == tip.height + 1 { entries.append(entry) }
    }

    var tip: AuxiliaryEntry { entries[entries.count - 1] }
    /// Satoshi, of every block.
    static let reward: Int64 = 312_500_000

    /// The template for an address: the same until the tip or the bits change.
    ///
    /// Templates of an older tip are forgotten here and not before, as in the nodes.
    /// - Parameters:
    ///   - now: Unix seconds.
    ///   - salt: fresh bits, so that no two templates are alike.
    mutating func template(for address: String, now: UInt32, salt: UInt64) -> (hash: Hash256, template: Template) {
        if templatesTip != tip.hash {
            templates = [:]
            newest = [:]
            templatesTip = tip.hash
        }
        if let hash = newest[address], let template = templates[hash], template.header.bits == bits { return (hash, template) }
        var random = SplitMix64(seed: salt)
        let header = BlockHeader(
            version: rules.chain.value << 16 | 0x104,
            previousHash: Hash256(internalBytes: tip.hash.reversed()) ?? .zero,
            merkleRoot: Hash256(internalBytes: random.bytes(32)) ?? .zero,
            time: now,
            bits: bits,
            nonce: 0
        )
        let template = Template(header: header, height: tip.height + 1, tag: flavour == .syscoin ? reference : nil)
        let hash = header.hash
        templates[hash] = template
        newest[address] = hash
        return (hash, template)
    }

    /// Syscoin's reference: a block some way down, moving every ten blocks.
    private var reference: SyscoinTag {
        let height = (max(5, Int(tip.height)) - 5) / 10 * 10
        return SyscoinTag(hash: Hash256(internalBytes: entries[height].hash.reversed()) ?? .zero, height: UInt32(height))
    }

    /// What a submission comes to.
    enum Verdict: Sendable, Equatable {
        /// The block is stored; it is given where it became the tip.
        case stored(AuxiliaryEntry?)
        /// The proof or the block is refused, with the verifier's word.
        case refused(String)
        case unknown
    }

    mutating func submit(_ hash: Hash256, _ proof: AuxPow, now: UInt32) -> Verdict {
        guard let template = templates[hash] else {
            counters.unknown += 1
            return .unknown
        }
        if let word = fault(template, proof) {
            counters.rejected[word, default: 0] += 1
            return .refused(word)
        }
        let displayed = [UInt8](hash.internalBytes.reversed())
        guard displayed != tip.hash, !beside.contains(hash) else {
            counters.duplicates += 1
            return .stored(nil)
        }
        guard template.height == tip.height + 1 else {
            counters.beside += 1
            beside.insert(hash)
            return .stored(nil)
        }
        counters.accepted += 1
        let root = [UInt8](hash.internalBytes.reversed())
        let block = AuxiliaryEntry(height: template.height, hash: displayed, parentID: proof.parent.hash, time: now, uncles: 0, commitment: root)
        entries.append(block)
        return .stored(block)
    }

    private func fault(_ template: Template, _ proof: AuxPow) -> String? {
        do {
            try AuxiliaryBlock(header: template.header, proof: proof).verify(rules: rules)
        } catch {
            return error.rawValue
        }
        do {
            try template.tag?.verify(proof.coinbase.outputs)
        } catch {
            return error.rawValue
        }
        return nil
    }

    mutating func refuseMalformed() {
        counters.rejected["malformed", default: 0] += 1
    }

    /// As `getblockheader` counts: nil for a block that is not known, -1 for one beside the best chain.
    func confirmations(of hash: Hash256) -> Int? {
        if beside.contains(hash) { return -1 }
        let displayed = [UInt8](hash.internalBytes.reversed())
        return entries.lastIndex { $0.hash == displayed }.map { entries.count - $0 }
    }

    /// Somebody else finds the next block.
    mutating func advance(now: UInt32, salt: UInt64) -> AuxiliaryEntry {
        var random = SplitMix64(seed: salt)
        let hash = random.bytes(32)
        let block = AuxiliaryEntry(height: tip.height + 1, hash: hash, parentID: .zero, time: now, uncles: 0, commitment: hash)
        entries.append(block)
        return block
    }
}
