import Bitcoin
import Embedded
import Hashing
import JSON
import RealNodes
import Testing

/// The embedded chain's verdicts beside those of a real Bitcoin Core.
@Suite(.enabled(if: RealNode.Kind.bitcoind.isAtHand, "BITCOIND names no bitcoind")) struct SameWordsTests {
    /// What bitcoind must say where the two differ on purpose.
    private func expected(_ bent: BentBlock, _ words: String?, hasTransactions: Bool) -> String? {
        // bitcoind adds a missing reserved value itself.
        let words = bent.name == "no reserved value" ? nil : words
        // It cannot know the made-up transactions, and looks for what they spend before it adds up fees.
        return hasTransactions && (words == nil || words == "bad-cb-amount") ? "bad-txns-inputs-missingorspent" : words
    }

    @Test(.timeLimit(.minutes(2))) func bothRefuseWithTheSameWords() async throws {
        let real = try await RealNode(options: ["-mocktime=\(testClock)"])
        var client = TestClient(url: real.url)
        client.credentials = RealNode.login

        var chain = newChain(depth: 0)
        for offset in 0..<11 {
            let block = chain.nextBlock(now: testClock - 1_005 + UInt32(offset))
            #expect(chain.submit(block, now: testClock) == .tip)
            #expect(try await client.call("submitblock", .string(Hex.encode(block.serialized))) == .null)
        }
        for depth in [0, 8] {
            chain.setDepth(depth)
            for (index, bent) in BentBlock.all.enumerated() where depth > 0 || !bent.needsTransactions {
                var ours = chain
                let template = ours.template(now: testClock)
                // The tag keeps two cases from being one block, which bitcoind would know already.
                let maker = BlockMaker(
                    template: template,
                    tag: UInt8(index + depth * 8),
                    fixesWitness: bent.fixesWitness,
                    fixesRoot: bent.fixesRoot,
                    mines: bent.mines
                )
                let block = maker.block(bent.bend)
                let words = ours.submit(block, now: testClock).words
                let answer = try await client.call("submitblock", .string(Hex.encode(block.serialized)))
                let wanted = expected(bent, words, hasTransactions: block.transactions.count > 1)
                #expect(answer == wanted.map(JSONValue.string) ?? .null, "\(bent.name) over \(depth) transactions")
                if answer == .null { try await client.call("invalidateblock", .string(block.header.hash.displayHex)) }
            }
        }
    }
}
