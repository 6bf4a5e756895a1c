internal import CHashing

/// Looks for nonces that make one header meet a target.
///
/// The kernels compute the second hash only as far as its highest 32 bits and name the candidates these leave; each is then hashed whole, so
/// every answer is exact, for any target.
public struct HeaderScanner: Sendable {
    public let target: Target
    public let engine: HashEngine

    /// See `SCAN` in lanes.h for the order.
    private let words: [UInt32]
    private let midstate: SIMD8<UInt32>
    /// The header's bytes 64 to 75.
    private let tail: [UInt8]

    /// - Parameter header: 80 bytes, or 76 without the nonce; a nonce there is ignored.
    public init(header: some Collection<UInt8>, target: Target, engine: HashEngine) {
        precondition(header.count == 80 || header.count == 76, "a header has 80 bytes")
        let header = Array(header)
        self.target = target
        self.engine = engine
        tail = Array(header[64..<76])
        var sha = SHA256()
        sha.update(header[..<64])
        midstate = sha.state
        words = HeaderScanner.prepare(midstate: sha.state, tail: Words.of(block: tail))
    }

    private static func prepare(midstate: SIMD8<UInt32>, tail: [UInt32]) -> [UInt32] {
        let k = Words.roundConstants
        var state = RoundState(midstate)
        for round in 0..<3 { state.round(tail[round] &+ k[round]) }
        let behind = state
        state.round(k[3])
        // The nonce is an addend of round 3's new e and a, and of nothing else in it.
        let block = tail + [0, 0x8000_0000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 640]
        var known = (4..<16).map { k[$0] &+ block[$0] }
        known[0] &+= behind.g
        known[1] &+= behind.f
        known[2] &+= behind.e
        let w16 = block[0] &+ Words.sigma0(block[1])
        let w17 = block[1] &+ Words.sigma0(block[2]) &+ Words.sigma1(640)
        known += [k[16] &+ w16, k[17] &+ w17]
        let addends = [
            block[2] &+ Words.sigma1(w16),
            Words.sigma0(block[4]) &+ Words.sigma1(w17),
            640 &+ Words.sigma0(w16),
            w16 &+ Words.sigma0(w17),
        ]
        return (0..<8).map { midstate[$0] } + [state.a, state.e, state.b, state.c, state.d, state.f, state.g, state.h] + known + [w16, w17] + addends
            + tail
    }

    /// Tries every nonce of the range, which ends at 2^32 at most; `found` gets each that meets the target, the lowest first, with its hash,
    /// and says whether to go on.
    ///
    /// Returns how many nonces were tried, the last one found included.
    @discardableResult
    public func scan(_ nonces: Range<UInt64>, found: (_ nonce: UInt32, _ hash: Hash256) throws -> Bool) rethrows -> UInt64 {
        precondition(nonces.upperBound <= 1 << 32, "a nonce has 32 bits")
        let limit = UInt32(truncatingIfNeeded: target.value.high >> 96)
        let lanes = UInt64(engine.lanes)
        var nonce = nonces.lowerBound
        while nonce < nonces.upperBound {
            // The last batch may reach beyond the range; what it finds there is not looked at.
            let batches = (nonces.upperBound - nonce + lanes - 1) / lanes
            var candidates: UInt32 = 0
            nonce += lanes * engine.kernel.pointee.scan(words, UInt32(truncatingIfNeeded: nonce), batches, limit, &candidates)
            while candidates != 0 {
                let candidate = nonce + UInt64(candidates.trailingZeroBitCount)
                candidates &= candidates - 1
                guard candidate < nonces.upperBound else { break }
                let hash = hash(nonce: UInt32(candidate))
                guard target.isMet(by: hash) else { continue }
                guard try found(UInt32(candidate), hash) else { return candidate - nonces.lowerBound + 1 }
            }
            nonce += lanes
        }
        return nonces.upperBound - nonces.lowerBound
    }

    /// The header's hash with this nonce.
    public func hash(nonce: UInt32) -> Hash256 {
        var sha = SHA256(midstate: midstate, byteCount: 64)
        sha.update(tail)
        withUnsafeBytes(of: nonce.littleEndian) { sha.update($0) }
        return sha.digest().sha256
    }
}
