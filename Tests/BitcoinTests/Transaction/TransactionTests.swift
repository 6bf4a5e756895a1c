import Bitcoin
import Hashing
import Randomness
import Testing

/// One input without a witness, in the form that announces one.
private let superfluousWitness = "01000000000101" + String(repeating: "00", count: 37) + "ffffffff000000000000"

@Suite struct TransactionTests {
    @Test func parsingUndoesSerialising() throws {
        var generator = SeededGenerator(seed: 2)
        for round in 0..<300 {
            let transaction = generator.transaction(withWitness: round.isMultiple(of: 2))
            #expect(try Transaction(parsing: transaction.serialized) == transaction)
            var stripped = transaction
            for index in stripped.inputs.indices { stripped.inputs[index].witness = [] }
            #expect(try Transaction(parsing: transaction.witnessless) == stripped)
            #expect(transaction.txid == stripped.wtxid)
            #expect(transaction.weight == 4 * transaction.witnessless.count + (transaction.serialized.count - transaction.witnessless.count))
        }
    }

    /// The first transaction of all, whose id everybody knows.
    @Test func genesisCoinbase() throws {
        let hex =
            "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d6573203033"
            + "2f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100"
            + "f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba"
            + "0b8d578a4c702b6bf11d5fac00000000"
        let transaction = try Transaction(parsing: try bytes(hex))
        #expect(transaction.txid.displayHex == "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b")
        #expect(transaction.isCoinbase)
        #expect(!transaction.hasWitness)
        #expect(transaction.outputs.map(\.value) == [5_000_000_000])
        let header = BlockHeader(
            version: 1,
            previousHash: .zero,
            merkleRoot: transaction.txid,
            time: 1_231_006_505,
            bits: CompactBits(rawValue: 0x1d00_ffff),
            nonce: 2_083_236_893
        )
        #expect(header.hash.displayHex == "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f")
        #expect(try BlockHeader(parsing: header.serialized) == header)
        let block = Block(header: header, transactions: [transaction])
        #expect(try Block(parsing: block.serialized) == block)
        #expect(block.merkleRoot == header.merkleRoot)
        #expect(block.weight == 4 * 285)
    }

    /// Every prefix of a valid transaction is refused, and by the error that says so.
    @Test func truncationsAreRefused() {
        var generator = SeededGenerator(seed: 3)
        for withWitness in [false, true] {
            let bytes = generator.transaction(withWitness: withWitness).serialized
            for count in 0..<bytes.count {
                #expect(throws: WireError.self) { try Transaction(parsing: Array(bytes[..<count])) }
            }
            #expect(throws: WireError.trailing(count: 1)) { try Transaction(parsing: bytes + [0]) }
        }
    }

    /// Flipped bits give another transaction or an error, never a crash; what is read writes itself back.
    @Test func mutationsNeverCrash() {
        var generator = SeededGenerator(seed: 4)
        for round in 0..<2_000 {
            var bytes = generator.transaction(withWitness: round.isMultiple(of: 2)).serialized
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if let transaction = try? Transaction(parsing: bytes) { #expect(transaction.serialized == bytes) }
        }
    }

    @Test(arguments: [
        ("0100000000020000", WireError.unknownTransactionFlag(2)),
        (superfluousWitness, .superfluousWitness),
        ("01000000feffffff00", .tooLarge(offset: 4, size: 0x00ff_ffff, limit: 0)),
    ])
    func refused(hex: String, error: WireError) throws {
        let raw = try bytes(hex)
        #expect(throws: error) { try Transaction(parsing: raw) }
    }

    @Test func legacyReaderTakesTheMarkerForAnEmptyInputList() throws {
        // No inputs, one output: what the BIP144 form begins with, read by a node that does not know it.
        var reader = try ByteReader(bytes("0100000000010a000000000000000000000000"))
        let transaction = try Transaction(from: &reader, allowsWitness: false)
        #expect(transaction.inputs.isEmpty)
        #expect(transaction.outputs == [TransactionOutput(value: 10, script: Script())])
    }

    @Test func transactionWithNothingIsReadAsNodesReadIt() throws {
        let raw = try bytes("01000000000000000000")
        let transaction = try Transaction(parsing: raw)
        #expect(transaction.inputs.isEmpty && transaction.outputs.isEmpty)
        #expect(transaction.serialized == raw)
    }
}
