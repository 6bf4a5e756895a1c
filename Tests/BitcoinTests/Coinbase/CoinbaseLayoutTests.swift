import Bitcoin
import Hashing
import Testing

@Suite struct CoinbaseLayoutTests {
    let payout = TransactionOutput(value: 5_000_000_000, script: Samples.payout)

    private func layout(
        height: UInt32 = 840_000,
        commitments: [[UInt8]] = [],
        tag: String = "/motherlode/",
        extranonceSize: Int = 12,
        commitment: WitnessCommitment? = WitnessCommitment(wtxids: []),
        furtherOutputs: [TransactionOutput] = []
    ) throws -> CoinbaseLayout {
        try CoinbaseLayout(
            height: height,
            commitments: commitments,
            runNumber: 0xaabb_ccdd,
            tag: tag,
            extranonceSize: extranonceSize,
            payouts: [payout],
            witnessCommitment: commitment,
            furtherOutputs: furtherOutputs
        )
    }

    @Test func bytesInOrder() throws {
        let tag = [UInt8](repeating: 0x77, count: 44)
        let rsk = TransactionOutput(value: 0, script: .dataCarrier([1, 2, 3]))
        let layout = try layout(commitments: [tag], furtherOutputs: [rsk])
        let extranonce: [UInt8] = Array(1...12)
        let coinbase = try Transaction(parsing: layout.serialized(extranonce: extranonce))
        #expect(coinbase.version == 2)
        #expect(coinbase.isCoinbase)
        #expect(coinbase.inputs[0].sequence == 0xffff_fffe)
        #expect(coinbase.lockTime == 839_999)
        let scriptSig = "0340d10c" + "2c" + Hex.encode(tag) + "04aabbccdd" + "0c" + Hex.encode("/motherlode/".utf8) + "0c" + Hex.encode(extranonce)
        #expect(Hex.encode(coinbase.inputs[0].scriptSig.bytes) == scriptSig)
        #expect(layout.scriptSigCount == 80)
        #expect(coinbase.outputs == [payout, WitnessCommitment(wtxids: []).output, rsk])
        #expect(coinbase.inputs[0].witness == [[UInt8](repeating: 0, count: 32)])
        #expect(coinbase.witnessless == (try layout.witnessless(extranonce: extranonce)))
        #expect(coinbase.weight == layout.weight)
    }

    @Test func withoutSegwitNoWitness() throws {
        let layout = try layout(commitment: nil)
        let extranonce = [UInt8](repeating: 3, count: 12)
        #expect(!layout.hasWitness)
        #expect(try layout.serialized(extranonce: extranonce) == layout.witnessless(extranonce: extranonce))
        #expect(try Transaction(parsing: layout.serialized(extranonce: extranonce)).weight == layout.weight)
    }

    /// 4 height + 45 commitment + 5 run number + 1 + 12 extranonce leave 33, one of them for the tag's push.
    @Test(arguments: [
        (12, String(repeating: "a", count: 32), String(repeating: "a", count: 32), 100),
        (12, String(repeating: "a", count: 33), String(repeating: "a", count: 32), 100),
        (12, String(repeating: "a", count: 31) + "é", String(repeating: "a", count: 31), 99),
        (12, "", "", 67), (44, "pool", "", 99), (45, "pool", "", 100), (43, "pool", "p", 100), (42, "pool", "po", 100), (20, "/pool/", "/pool/", 82),
    ])
    func tagGivesWay(extranonceSize: Int, tag: String, kept: String, scriptSigCount: Int) throws {
        let layout = try layout(commitments: [[UInt8](repeating: 1, count: 44)], tag: tag, extranonceSize: extranonceSize)
        #expect(layout.tag == kept)
        #expect(layout.scriptSigCount == scriptSigCount)
        let coinbase = try Transaction(parsing: layout.serialized(extranonce: [UInt8](repeating: 9, count: extranonceSize)))
        #expect(coinbase.inputs[0].scriptSig.bytes.count == scriptSigCount)
        #expect(coinbase.inputs[0].scriptSig.bytes.suffix(extranonceSize).allSatisfy { $0 == 9 })
    }

    /// One push opcode takes 75 bytes; a longer tag would need two.
    @Test func tagOfOnePush() throws {
        let layout = try layout(height: 1, tag: String(repeating: "x", count: 90), extranonceSize: 4)
        #expect(layout.tag.utf8.count == 75)
        #expect(layout.scriptSigCount == 1 + 5 + 76 + 5)
    }

    @Test func commitmentsNeverGiveWay() {
        #expect(throws: CoinbaseError.scriptSigTooLong(count: 101)) {
            try layout(commitments: [[UInt8](repeating: 1, count: 44)], extranonceSize: 46)
        }
        #expect(throws: CoinbaseError.scriptSigTooLong(count: 314)) { try layout(commitments: [[UInt8](repeating: 1, count: 289)]) }
    }

    /// Where the height is one opcode, the rest must make up the two bytes that consensus asks for.
    @Test(arguments: 0...20 as ClosedRange<UInt32>)
    func lowHeights(height: UInt32) throws {
        let layout = try layout(height: height, tag: "", extranonceSize: 1)
        let scriptSig = try Transaction(parsing: layout.serialized(extranonce: [0])).inputs[0].scriptSig.bytes
        #expect(scriptSig.starts(with: Script.height(height).bytes))
        #expect((2...100).contains(scriptSig.count))
    }

    @Test(arguments: [0, -1, 76])
    func extranonceFieldOutOfRange(size: Int) {
        #expect(throws: CoinbaseError.extranonceField(size: size)) { try layout(extranonceSize: size) }
    }

    @Test(arguments: [0, 11, 13])
    func extranonceOfAnotherSize(count: Int) throws {
        let layout = try layout()
        #expect(throws: CoinbaseError.extranonce(count: count, expected: 12)) {
            try layout.serialized(extranonce: [UInt8](repeating: 0, count: count))
        }
        #expect(throws: CoinbaseError.extranonce(count: count, expected: 12)) {
            try layout.witnessless(extranonce: [UInt8](repeating: 0, count: count))
        }
    }

    @Test func someoneMustBePaid() {
        #expect(throws: CoinbaseError.noOutputs) {
            try CoinbaseLayout(height: 9, runNumber: 1, tag: "", extranonceSize: 12, payouts: [], witnessCommitment: nil)
        }
    }

    /// Random bytes under pushes cost no signature operations.
    @Test func scriptSigCountsNoSignatures() throws {
        let layout = try layout(commitments: [[UInt8](repeating: 0xae, count: 44)], extranonceSize: 12)
        let coinbase = try Transaction(parsing: layout.serialized(extranonce: [UInt8](repeating: 0xae, count: 12)))
        #expect(coinbase.inputs[0].scriptSig.signatureOperations == 0)
    }
}
