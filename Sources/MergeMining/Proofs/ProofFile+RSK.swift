import Bitcoin
import Hashing
import JSON

extension ProofFile {
    func judgeRSKProof() throws(ProofFileError) -> ProofVerdict {
        let proof = RSKProof(
            header: try optionalBytes("btcHeader"),
            coinbase: try optionalBytes("coinbaseField"),
            merkleProof: try optionalBytes("merkleProof")
        )
        guard let hash = RSKMiningHash(bytes: try bytes("hashForMergedMining")) else { throw .wrongLength("hashForMergedMining") }
        let (target, rules) = (try target(), try network().rules(at: height()))
        return verdict(size: proof.size, proves: "the Bitcoin header's work counts for RSK block \(hash)", text: \.text) { () throws(RSKReject) in
            try proof.verify(hash: hash, target: target, rules: rules)
        }
    }

    func judgeRSKHeader() throws(ProofFileError) -> ProofVerdict {
        let (rlp, network) = (try bytes("rlp"), try network())
        let header = try? RSKHeader(rlp: rlp, network: network)
        let name = header.map { Hex.encode($0.blockHash) } ?? "?"
        return verdict(size: header?.proof?.size ?? rlp.count, proves: "RSK block \(name) is merged-mined", text: \.text) { () throws(RSKReject) in
            try RSKHeader(rlp: rlp, network: network).verify()
        }
    }

    func judgeRSKTime() throws(ProofFileError) -> ProofVerdict {
        let header = try bytes("btcHeader")
        let time = try required("timestamp", as: .integer)
        let rules = try network().rules(at: height())
        return verdict(size: header.count, proves: "the two times may stand together", text: \.text) { () throws(RSKReject) in
            guard let parentTime = RSKProof(header: header, coinbase: nil, merkleProof: nil).parentTime else { throw .headerSize }
            guard rules.allows(parentTime: parentTime, blockTime: UInt64(clamping: time)) else { throw .parentTime }
        }
    }

    // MARK: - Reading

    private func network() throws(ProofFileError) -> RSKNetwork {
        guard let name = try optional("net", as: .string) else { return .main }
        guard let network = RSKNetwork(rawValue: name) else { throw .unknownValue("net", name) }
        return network
    }

    private func height() throws(ProofFileError) -> UInt64 {
        return UInt64(clamping: try optional("height", as: .integer) ?? 10_000_000)
    }

    /// `target` in hex, or the decimal `difficulty` that it follows from.
    private func target() throws(ProofFileError) -> Target {
        if let text = try optional("target", as: .string) {
            guard let value = UInt256(hex: text.hasPrefix("0x") ? text.dropFirst(2) : text[...]) else { throw .notHex("target") }
            return Target(value: value)
        }
        let text = try required("difficulty", as: .string)
        guard let difficulty = UInt256(decimal: text) else { throw .unknownValue("difficulty", text) }
        return Target(rskDifficulty: difficulty)
    }
}

extension UInt256 {
    /// Reads decimal digits; nil for anything else, or for a number of more than 256 bits.
    init?(decimal text: some StringProtocol) {
        guard !text.isEmpty else { return nil }
        var value = UInt256.zero
        for digit in text.utf8 {
            guard (0x30...0x39).contains(digit), value <= UInt256.max.quotientAndRemainder(dividingBy: UInt256(10 as UInt8)).quotient else {
                return nil
            }
            let (next, overflow) = value.multipliedSaturating(by: 10).addingReportingOverflow(UInt256(digit - 0x30))
            guard !overflow else { return nil }
            value = next
        }
        self = value
    }
}
