import Hashing
import Testing

/// A share captured on a test network, with every step between it and its hash written down.
@Suite struct GoldenShareTests {
    private let prefix =
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2d023c01000402b6786804209eec010c"
    private let suffix =
        "0a636b706f6f6c0a2f7032706f6f6c76322fffffffff030011102401000000160014274466e754a1c12d0a2d2cc34ceb70d8e017053a00e1f50500000000160014a248"
        + "cf2f99f449511b22bab1a3d001719f84cd090000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf900"
        + "000000"
    private let extranonce = "03b678680000000000000000"
    /// As `mining.notify` carries it: each word reversed.
    private let notifiedPreviousHash = "87f914a7745ea340051038babb56406514af8b63338ade65002bfbde00000000"
    private let root = "ec492993ea4e56b79ef91ba9e79e3d432871bc0634a95852d11c11cd46ab2820"
    private let header =
        "00c03a28a714f98740a35e74ba381005654056bb638baf1465de8a33defb2b0000000000ec492993ea4e56b79ef91ba9e79e3d432871bc0634a95852d11c11cd46ab28"
        + "2002b67868ae77031e7000f958"
    private let hash = "0000000000cdd305efb7cb9d86c7dc8eccf504a32fdf781ea053f87b6f5b3642"

    @Test func everyStepIsRight() throws {
        let coinbase = try #require(Hex.decode(prefix + extranonce + suffix))
        #expect(Hash256.sha256d(coinbase).internalBytes == Hex.decode(root))
        let found = Hash256.sha256d(try #require(Hex.decode(header)))
        #expect(found.displayHex == hash)
        #expect((found.difficulty * 100).rounded() == 31840)
        #expect(Target(difficulty: 318.40).isMet(by: found))
        #expect(!Target(difficulty: 318.41).isMet(by: found))
    }

    @Test(arguments: HashEngine.available)
    func everyEngineJudgesItRight(engine: HashEngine) throws {
        let words = try #require(Hex.decode(notifiedPreviousHash))
        let previous = stride(from: 0, to: 32, by: 4).flatMap { words[$0..<$0 + 4].reversed() }
        let plan = JudgePlan(
            coinbasePrefix: try #require(Hex.decode(prefix)),
            extranonceSize: 12,
            coinbaseSuffix: try #require(Hex.decode(suffix)),
            branch: [],
            previousHash: try #require(Hash256(internalBytes: previous)),
            bits: CompactBits(rawValue: 0x1e03_77ae)
        )
        // 20000000 with the version bits 083ac000 of the submit.
        let share = ShareInput(
            extranonce: try #require(Hex.decode(extranonce)),
            version: 0x283a_c000,
            time: 0x6878_b602,
            nonce: 0x58f9_0070
        )
        let shares = [ShareInput](repeating: share, count: engine.lanes)
        var hashes = [Hash256](repeating: .zero, count: engine.lanes)
        var places = hashes.mutableSpan
        ShareJudge(engine: engine).judge(shares.span, of: plan, into: &places)
        #expect(hashes.allSatisfy { $0.displayHex == hash })
    }

    @Test(arguments: HashEngine.available)
    func everyEngineScansItRight(engine: HashEngine) throws {
        let scanner = HeaderScanner(header: try #require(Hex.decode(header)), target: Target(difficulty: 318.40), engine: engine)
        var found: [UInt32: String] = [:]
        scanner.scan(0x58f9_0000..<0x58f9_1000) { nonce, hash in
            found[nonce] = hash.displayHex
            return true
        }
        #expect(found == [0x58f9_0070: hash])
    }
}
