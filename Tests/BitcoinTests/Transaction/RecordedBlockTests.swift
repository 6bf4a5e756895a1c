import Bitcoin
import Hashing
import JSON
import Testing

/// Mainnet block 413567.
@Suite(.enabled(if: Vectors.areThere, Vectors.absence))
struct RecordedBlockTests {
    @Test func headerCoinbaseAndBranch() throws {
        let file = try Vectors.json("block413567.json")
        let header = try BlockHeader(parsing: bytes(try #require(file["header"]?.string)))
        #expect(header.hash.displayHex == file["blockhash_display"]?.string)
        let coinbaseBytes = try bytes(try #require(file["coinbase"]?.string))
        let coinbase = try Transaction(parsing: coinbaseBytes)
        #expect(coinbase.isCoinbase)
        #expect(coinbase.serialized == coinbaseBytes)
        #expect(coinbase.inputs[0].scriptSig.bytes.starts(with: Script.height(413_567).bytes))
        let txids = try #require(file["txids"]?.array).compactMap { try Hash256(internalBytes: bytes($0.string ?? "")) }
        #expect(txids.count == 1_557)
        #expect(coinbase.txid == txids[0])
        let branch = MerkleBranch(coinbaseBefore: txids[1...])
        #expect(branch.root(coinbase: coinbase.txid) == header.merkleRoot)
        #expect(try #require(Target(bits: header.bits)).isMet(by: header.hash))
    }
}

/// A share captured from a testnet pool.
@Suite struct CapturedShareTests {
    static let front =
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2d023c01000402b6786804209eec010c"
    static let back =
        "0a636b706f6f6c0a2f7032706f6f6c76322fffffffff030011102401000000160014274466e754a1c12d0a2d2cc34ceb70d8e017053a00e1f505000000001600"
        + "14a248cf2f99f449511b22bab1a3d001719f84cd090000000000000000266a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd8"
        + "36974e8cf900000000"

    @Test func coinbaseAndHeader() throws {
        let coinbase = try Transaction(parsing: bytes(Self.front + "03b67868" + "0000000000000000" + Self.back))
        #expect(Hex.encode(coinbase.txid.internalBytes) == "ec492993ea4e56b79ef91ba9e79e3d432871bc0634a95852d11c11cd46ab2820")
        #expect(WitnessCommitment(script: coinbase.outputs[2].script) == WitnessCommitment(wtxids: []))
        let header = BlockHeader(
            version: 0x283a_c000,
            previousHash: try #require(Hash256(internalBytes: bytes("a714f98740a35e74ba381005654056bb638baf1465de8a33defb2b0000000000"))),
            merkleRoot: coinbase.txid,
            time: 0x6878_b602,
            bits: CompactBits(rawValue: 0x1e03_77ae),
            nonce: 0x58f9_0070
        )
        #expect(
            Hex.encode(header.serialized)
                == "00c03a28a714f98740a35e74ba381005654056bb638baf1465de8a33defb2b0000000000ec492993ea4e56b79ef91ba9e79e3d432871bc0634a95852"
                + "d11c11cd46ab282002b67868ae77031e7000f958"
        )
        #expect(header.hash.displayHex == "0000000000cdd305efb7cb9d86c7dc8eccf504a32fdf781ea053f87b6f5b3642")
    }
}
