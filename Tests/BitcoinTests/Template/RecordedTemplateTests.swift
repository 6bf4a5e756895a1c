import Hashing
import JSON
import Testing

@testable import Bitcoin

/// A real node's template with 500 segwit transactions, from JSON to a block.
@Suite(.enabled(if: Vectors.areThere, Vectors.absence))
struct RecordedTemplateTests {
    let template: BlockTemplate

    init() throws {
        let file = try Vectors.json("gbt-regtest.json")
        template = try BlockTemplate(json: try #require(file["result"]), chain: .regtest)
    }

    @Test func figures() {
        #expect(template.transactions.count == 500)
        #expect(template.height == 279)
        #expect(template.coinbaseValue == Chain.regtest.subsidy(height: 279) + template.fees)
    }

    @Test func everyTransactionIsWhatTheNodeSays() throws {
        for entry in template.transactions {
            let transaction = try Transaction(parsing: bytes(entry.hex))
            #expect(transaction.txid == entry.txid)
            #expect(transaction.wtxid == entry.wtxid)
            #expect(transaction.weight == entry.weight)
        }
    }

    @Test func commitmentIsTheHashOfTheWtxids() {
        #expect(WitnessCommitment(wtxids: template.transactions.map(\.wtxid)) == template.witnessCommitment)
    }

    @Test func becomesABlock() throws {
        let layout = try Samples.layout(for: template)
        #expect(CoinbaseAudit(template: template).violations(in: layout) == [])
        let extranonce: [UInt8] = [1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 9]
        let assembly = try BlockAssembly(
            template: template,
            layout: layout,
            extranonce: extranonce,
            version: 0x2000_e000,
            time: template.time + 1,
            nonce: 77
        )
        let request = try JSONValue(parsing: Array(assembly.submission.pieces.joined()))
        #expect(request["method"]?.string == "submitblock")
        let hex = try #require(request["params"]?[0]?.string)
        #expect(Array(hex.utf8) == assembly.hex)
        let block = try Block(parsing: bytes(hex))
        #expect(block.header == assembly.header)
        #expect(block.merkleRoot == block.header.merkleRoot)
        #expect(block.transactions.count == 501)
        #expect(block.transactions[0].isCoinbase)
        #expect(block.transactions[0].witnessless == (try layout.witnessless(extranonce: extranonce)))
        #expect(block.weight == template.weight(withCoinbase: layout.weight))
    }
}
