public import Hashing

/// An RSK block header, as far as merged mining looks at it: decoded from RLP, hashed with Keccak-256.
public struct RSKHeader: Sendable {
    /// Fields before the optional ones.
    private static let fixedFields = 16

    public let network: RSKNetwork
    public let height: UInt64
    public let difficulty: UInt256
    /// Unix seconds.
    public let time: UInt64
    public let uncles: UInt64
    /// Nil while the block is not mined.
    public let proof: RSKProof?
    public let rules: RSKRules

    private let fields: [RLP]
    private let mergedMiningRoot: [UInt8]?
    private let version: [UInt8]?
    private let edges: RLP?
    private let baseEvent: [UInt8]?

    public init(rlp bytes: [UInt8], network: RSKNetwork) throws(RSKReject) {
        guard case .list(let items) = RLP(bytes: bytes), items.count >= Self.fixedFields else { throw .blockHeader }
        func number(_ index: Int) throws(RSKReject) -> UInt64 {
            guard let string = items[index].string, string.count <= 8 else { throw .blockHeader }
            return UInt64(bigEndian: string)
        }
        guard let difficulty = items[7].string, difficulty.count <= 32 else { throw .blockHeader }
        self.difficulty = difficulty.reduce(UInt256.zero) { $0 << 8 &+ UInt256($1) }
        height = try number(8)
        time = try number(11)
        uncles = try number(15)
        self.network = network
        rules = network.rules(at: height)
        fields = Array(items.prefix(Self.fixedFields))

        var rest = items.dropFirst(Self.fixedFields)
        mergedMiningRoot = rules.mergedMiningRoot ? try Self.takeString(&rest) : nil
        let proofFields = rest.count >= 3 ? 3 : 0
        version = rules.headerVersion ? try Self.takeString(&rest) : nil
        edges = rules.headerVersion && rest.count > proofFields ? rest.popFirst() : nil
        baseEvent = rules.baseEvent ? (rest.count > proofFields ? try Self.takeString(&rest) : []) : nil
        switch rest.count {
        case 0: proof = nil
        case 3:
            let parts = rest.map(\.string)
            proof = RSKProof(header: parts[0], coinbase: parts[2], merkleProof: parts[1])
            // A node refuses another size while it decodes the block, before any other rule.
            if rules.exactHeader, height > 0, parts[0]?.count != 80 { throw .headerSize }
        default: throw .blockHeaderFields
        }
    }

    private static func takeString(_ items: inout ArraySlice<RLP>) throws(RSKReject) -> [UInt8] {
        guard let string = items.popFirst()?.string else { throw .blockHeader }
        return string
    }

    /// The RSK block id. Two solutions of one work have two ids.
    public var blockHash: [UInt8] {
        var items = hashedFields
        if let proof {
            items.append(.string(proof.header ?? []))
            if !rules.compactMerkleProof { items += [.string(proof.merkleProof ?? []), .string(proof.coinbase ?? [])] }
        }
        return Keccak256.hash(RLP.list(items).bytes)
    }

    /// Keccak-256 of the header without the merged-mining fields.
    public var baseHash: [UInt8] {
        let hash = Keccak256.hash(RLP.list(hashedFields).bytes)
        guard let mergedMiningRoot, !mergedMiningRoot.isEmpty else { return hash }
        return Keccak256.hash(hash.prefix(RSKForkData.prefixSize) + mergedMiningRoot)
    }

    /// The hash that the coinbase must commit to. With RSKIP110 its last 12 bytes are read back from the coinbase itself.
    public func miningHash() throws(RSKReject) -> RSKMiningHash {
        let base = baseHash
        guard rules.forkData else { return try Self.hash(base) }
        let prefix = Array(base.prefix(RSKForkData.prefixSize))
        guard let coinbase = proof?.coinbase, let at = coinbase.lastOffset(of: RSKTag.prefix + prefix) else { throw .forkDataNotFound }
        let data = coinbase.dropFirst(at + RSKTag.prefix.count + prefix.count).prefix(RSKForkData.byteCount)
        guard data.count == RSKForkData.byteCount else { throw .forkDataNotFound }
        return try Self.hash(prefix + data)
    }

    private static func hash(_ bytes: [UInt8]) throws(RSKReject) -> RSKMiningHash {
        guard let hash = RSKMiningHash(bytes: bytes) else { throw .blockHeader }
        return hash
    }

    public var target: Target { Target(rskDifficulty: difficulty) }

    /// The fields that every hash covers. RSKIP351 puts a digest of the extension in the place of the logs bloom.
    private var hashedFields: [RLP] {
        var items = fields
        if let version {
            items[6] = .string(RLP.list([.string(version), .string(extensionHash(version: version))]).bytes)
        }
        if let mergedMiningRoot { items.append(.string(mergedMiningRoot)) }
        return items
    }

    private func extensionHash(version: [UInt8]) -> [UInt8] {
        var items: [RLP] = [.string(Keccak256.hash(fields[6].string ?? []))]
        if version == [2] { items.append(.string(baseEvent ?? [])) }
        if let edges { items.append(edges) }
        return Keccak256.hash(RLP.list(items).bytes)
    }
}

extension RSKHeader {
    /// Judges the proof in this header as a node does while it validates the block's work.
    /// - Returns: the coinbase's txid.
    @discardableResult
    public func verify() throws(RSKReject) -> Hash256 {
        let worked = try (proof ?? RSKProof(header: nil, coinbase: nil, merkleProof: nil)).checkWork(target: target, rules: rules)
        return try worked.checkCommitment(to: miningHash(), rules: rules)
    }

    /// The rules that a node applies while connecting the block: the two times, and the fork-detection data that its ancestors demand.
    /// - Parameter ancestors: newest first, consecutive; nil leaves the data unjudged.
    public func verifyContext(ancestors: [RSKForkData.Ancestor]?) throws(RSKReject) {
        guard let parentTime = proof?.parentTime, rules.allows(parentTime: parentTime, blockTime: time) else { throw .parentTime }
        guard rules.forkData, let ancestors else { return }
        guard try RSKForkData.expected(after: ancestors) == miningHash().forkData else { throw .forkDataWrong }
    }
}
