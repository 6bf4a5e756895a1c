internal import CHashing

extension HashEngine {
    /// Whether every entry point of this engine agrees with SHA-256 as its standard writes it down: at every fill of the lanes, at odd
    /// addresses, with an extranonce that starts anywhere in a block.
    public func selfTest() -> Bool {
        judgesRight() && hashesNodesRight() && scansRight()
    }

    private func judgesRight() -> Bool {
        var noise = Noise(state: 1)
        // Field at a block's start, inside one, across two; coinbases of one block to four; branches of none to two.
        for (prefix, size, suffix, siblings) in [(0, 4, 20, 0), (41, 12, 100, 2), (57, 32, 23, 1), (127, 8, 64, 1)] {
            let plan = JudgePlan(
                coinbasePrefix: noise.bytes(prefix),
                extranonceSize: size,
                coinbaseSuffix: noise.bytes(suffix),
                branch: (0..<siblings).map { _ in noise.hash() },
                previousHash: noise.hash(),
                bits: CompactBits(rawValue: noise.word())
            )
            let shares = (0..<lanes).map { _ in
                ShareInput(extranonce: noise.bytes(32), version: noise.word(), time: noise.word(), nonce: noise.word())
            }
            let expected = shares.map { Reference.headerHash(of: $0, plan: plan) }
            for count in 1...lanes {
                var hashes = [Hash256](repeating: .zero, count: lanes)
                hashes.withUnsafeMutableBytes { output in
                    shares.withUnsafeBytes { input in
                        plan.withPrepared {
                            kernel.pointee.judge(
                                $0,
                                input.baseAddress?.assumingMemoryBound(to: hashing_share.self),
                                UInt32(count),
                                output.baseAddress
                            )
                        }
                    }
                }
                guard hashes[..<count] == expected[..<count], hashes[count...].allSatisfy({ $0 == .zero }) else { return false }
            }
        }
        return true
    }

    private func hashesNodesRight() -> Bool {
        var noise = Noise(state: 2)
        for shift in [0, 1, 7] {
            let bytes = noise.bytes(shift + 64 * lanes)
            var output = [UInt8](repeating: 0, count: shift + 32 * lanes)
            bytes.withUnsafeBytes { input in
                output.withUnsafeMutableBytes { output in
                    kernel.pointee.nodes(input.baseAddress.map { $0 + shift }, UInt32(lanes), output.baseAddress.map { $0 + shift })
                }
            }
            for lane in 0..<lanes {
                let expected = Reference.sha256d(bytes[(shift + 64 * lane)...].prefix(64))
                guard Hash256(internalBytes: output[(shift + 32 * lane)...].prefix(32)) == expected else { return false }
            }
        }
        return true
    }

    private func scansRight() -> Bool {
        var noise = Noise(state: 3)
        let header = noise.bytes(80)
        let first: UInt64 = 0x7fff_fff0
        let count = UInt64(4 * lanes + 3)
        // About every second hash meets it.
        let target = Target(value: .max >> 1)
        var found: [UInt32: Hash256] = [:]
        HeaderScanner(header: header, target: target, engine: self).scan(first..<first + count) { nonce, hash in
            found[nonce] = hash
            return true
        }
        for nonce in first..<first + count {
            let bytes = header[..<76] + (0..<4).map { UInt8(truncatingIfNeeded: nonce >> UInt64(8 * $0)) }
            let hash = Reference.sha256d(bytes)
            guard found[UInt32(nonce)] == (target.isMet(by: hash) ? hash : nil) else { return false }
        }
        return true
    }
}

extension SHA256 {
    /// Whether the one-stream code agrees with the standard, over one block and several, at odd addresses.
    static func passesSelfTest() -> Bool {
        var noise = Noise(state: 5)
        return [0, 1, 55, 56, 64, 119, 200, 321].allSatisfy { length in
            let bytes = noise.bytes(length + 3)
            return SHA256.hash(bytes[3...]) == Reference.sha256(bytes[3...])
        }
    }
}

/// SHA-256 without any kernel: the plain C of FIPS 180-4, one message at a time, whole messages only.
enum Reference {
    static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var message = Array(bytes) + [0x80]
        message += [UInt8](repeating: 0, count: (64 + 56 - message.count % 64) % 64)
        let bitCount = 8 * UInt64(bytes.count)
        message += (0..<8).map { UInt8(truncatingIfNeeded: bitCount >> UInt64(56 - 8 * $0)) }
        var state = (0..<8).map { SHA256.initialState[$0] }
        hashing_compress_reference(&state, message, message.count / 64)
        return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
    }

    static func sha256d(_ bytes: some Collection<UInt8>) -> Hash256 {
        Hash256(internalBytes: sha256(sha256(bytes))) ?? .zero
    }

    /// Builds the coinbase, folds it, builds the header, hashes it: as a node would.
    static func headerHash(of share: ShareInput, plan: JudgePlan) -> Hash256 {
        let extranonce = (0..<plan.extranonceSize).map { share.extranonce[$0] }
        var root = sha256d(plan.coinbasePrefix + extranonce + plan.coinbaseSuffix)
        for sibling in plan.branch { root = sha256d(root.internalBytes + sibling.internalBytes) }
        let number = { (value: UInt32) in (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) } }
        return sha256d(
            number(share.version) + plan.previousHash.internalBytes + root.internalBytes + number(share.time) + number(plan.bits.rawValue)
                + number(share.nonce)
        )
    }
}

/// Test data that is the same on every machine (xorshift64*).
struct Noise {
    var state: UInt64

    mutating func word() -> UInt32 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return UInt32(truncatingIfNeeded: (state &* 0x2545_f491_4f6c_dd1d) >> 32)
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: word()) } }

    mutating func hash() -> Hash256 { Hash256(internalBytes: bytes(32)) ?? .zero }
}
