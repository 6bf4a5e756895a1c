import Bitcoin
import Hashing
import JSON
import Randomness
import Testing

/// Layouts of every shape that a plan may ask for.
@Suite struct CoinbasePropertyTests {
    @Test func everyLayoutThatIsMadePassesTheAudit() throws {
        var generator = SeededGenerator(seed: 8)
        var made = 0
        for _ in 0..<400 {
            let height = UInt32.random(in: 1...(Bool.random(using: &generator) ? 20 : 8_400_000), using: &generator)
            let json = Samples.template.replacing("height", with: JSONValue(height))
            let template = try BlockTemplate(json: json, chain: .regtest)
            let payouts = try generator.split(template.coinbaseValue)
            let size = Int.random(in: 1...75, using: &generator)
            let commitments = (0..<Int.random(in: 0...2, using: &generator)).map { _ in generator.bytes(Int.random(in: 0...50, using: &generator)) }
            let layout: CoinbaseLayout
            do {
                layout = try CoinbaseLayout(
                    height: height,
                    commitments: commitments,
                    runNumber: UInt32.random(in: 0 ... .max, using: &generator),
                    tag: String(repeating: "ä", count: Int.random(in: 0...60, using: &generator)),
                    extranonceSize: size,
                    payouts: payouts,
                    witnessCommitment: template.witnessCommitment,
                    furtherOutputs: [TransactionOutput(value: 0, script: .dataCarrier(generator.bytes(41)))]
                )
            } catch {
                // Only a scriptSig that holds no more than was asked for may be too long.
                let least = commitments.reduce(1 + 5 + 1 + size) { $0 + 1 + $1.count }
                #expect(error.label == "script-sig-too-long" && least + 4 > CoinbaseLayout.scriptSigLimit)
                continue
            }
            made += 1
            #expect(CoinbaseAudit(template: template).violations(in: layout) == [])
            let extranonce = generator.bytes(size)
            let coinbase = try Transaction(parsing: layout.serialized(extranonce: extranonce))
            let scriptSig = coinbase.inputs[0].scriptSig.bytes
            #expect(scriptSig.count == layout.scriptSigCount)
            #expect(Array(scriptSig.suffix(size)) == extranonce)
            for commitment in commitments { #expect(scriptSig.firstRange(of: commitment) != nil || commitment.isEmpty) }
            #expect(coinbase.weight == layout.weight)
            #expect(coinbase.outputs == layout.outputs)
        }
        #expect(made > 100)
    }
}

extension SeededGenerator {
    /// One to five outputs that pay `total` together.
    fileprivate mutating func split(_ total: Int64) throws -> [TransactionOutput] {
        var left = total
        var outputs: [TransactionOutput] = []
        for _ in 0..<Int.random(in: 0...4, using: &self) {
            let value = Int64.random(in: 0...left, using: &self)
            outputs.append(TransactionOutput(value: value, script: .payToPublicKeyHash(bytes(20))))
            left -= value
        }
        return outputs + [TransactionOutput(value: left, script: Samples.payout)]
    }
}
