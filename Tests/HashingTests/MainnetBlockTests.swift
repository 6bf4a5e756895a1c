import Hashing
import Testing

/// Block 413567, when the folder of recorded blocks is at hand.
@Suite struct MainnetBlockTests {
    private func bytes(_ text: Any?) throws -> [UInt8] { try #require((text as? String).flatMap { Hex.decode($0) }) }

    private func hashes(_ list: Any?) throws -> [Hash256] {
        try #require(list as? [String]).map { text in
            let bytes = Hex.decode(text) ?? []
            return try #require(Hash256(internalBytes: bytes))
        }
    }

    @Test func branchRootAndHashAreTheBlocks() throws {
        guard let block = try Vectors.load("block413567.json") else { return }
        let header = try bytes(block["header"])
        let hash = Hash256.sha256d(header)
        #expect(hash.displayHex == block["blockhash_display"] as? String)

        let ids = try hashes(block["txids"])
        let branch = MerkleBranch(coinbaseBefore: ids.dropFirst())
        #expect(try branch.siblings == hashes(block["coinbase_merkle_branch"]))

        let coinbase = Hash256.sha256d(try bytes(block["coinbase"]))
        #expect(coinbase == ids[0])
        let root = Hex.encode(branch.root(coinbase: coinbase).internalBytes)
        #expect(root == block["merkle_root"] as? String)
        #expect(MerkleBranch.root(of: ids) == branch.root(coinbase: coinbase))

        let bits = header[72..<76].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        #expect(try #require(Target(bits: CompactBits(rawValue: bits))).isMet(by: hash))
    }

    /// The block as a share: its coinbase cut around eight bytes, judged by every engine.
    @Test(arguments: HashEngine.available)
    func everyEngineJudgesTheBlock(engine: HashEngine) throws {
        guard let block = try Vectors.load("block413567.json") else { return }
        let header = try bytes(block["header"])
        let coinbase = try bytes(block["coinbase"])
        let branch = try hashes(block["coinbase_merkle_branch"])
        func number(_ offset: Int) -> UInt32 { header[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        let plan = JudgePlan(
            coinbasePrefix: Array(coinbase[..<90]),
            extranonceSize: 8,
            coinbaseSuffix: Array(coinbase[98...]),
            branch: branch,
            previousHash: try #require(Hash256(internalBytes: header[4..<36])),
            bits: CompactBits(rawValue: number(72))
        )
        let share = ShareInput(extranonce: coinbase[90..<98], version: number(0), time: number(68), nonce: number(76))
        var hashes = [Hash256.zero]
        var places = hashes.mutableSpan
        ShareJudge(engine: engine).judge([share].span, of: plan, into: &places)
        #expect(hashes[0].displayHex == block["blockhash_display"] as? String)
    }
}
