import Bitcoin
import Embedded
import Hashing
import Testing

/// A block with one fault, and the words bitcoind has for it.
struct BentBlock: CustomTestStringConvertible, Sendable {
    let name: String
    let words: String?
    /// Whether it bends a transaction beside the coinbase.
    var needsTransactions = false
    var fixesWitness = true
    var fixesRoot = true
    var mines = true
    let bend: @Sendable (inout Block) -> Void

    var testDescription: String { name }

    static let all: [BentBlock] = [
        BentBlock(name: "honest", words: nil) { _ in },
        BentBlock(name: "no transactions but the coinbase", words: nil) { $0.dropTransactions() },
        BentBlock(name: "transactions in another order", words: nil, needsTransactions: true) { $0.transactions[1...].reverse() },
        BentBlock(name: "rolled version", words: nil) { $0.header.version |= 0x1fff_e000 },
        BentBlock(name: "less than the subsidy", words: nil) { $0.transactions[0].outputs[0].value -= 1 },
        BentBlock(name: "scriptSig of 100 bytes", words: nil) { $0.padScriptSig(to: 100) },

        // The header.
        BentBlock(name: "no work", words: "high-hash", mines: false) { block in
            block.header.merkleRoot = MerkleBranch.root(of: block.transactions.map(\.txid)) ?? .zero
            while Target(bits: easyBits)?.isMet(by: block.header.hash) == true { block.header.nonce &+= 1 }
        },
        BentBlock(name: "easier bits than the limit", words: "high-hash", mines: false) { $0.header.bits = CompactBits(rawValue: 0x2100_ffff) },
        BentBlock(name: "negative bits", words: "high-hash", mines: false) { $0.header.bits = CompactBits(rawValue: 0x2080_ffff) },
        BentBlock(name: "other bits", words: "bad-diffbits") { $0.header.bits = CompactBits(rawValue: 0x207f_fffe) },
        BentBlock(name: "time of the median", words: "time-too-old") { $0.header.time = testClock - 1_000 },
        BentBlock(name: "time above the median", words: nil) { $0.header.time = testClock - 999 },
        BentBlock(name: "two hours ahead", words: nil) { $0.header.time = testClock + 7_200 },
        BentBlock(name: "more than two hours ahead", words: "time-too-new") { $0.header.time = testClock + 7_201 },
        BentBlock(name: "version 3", words: "bad-version(0x00000003)") { $0.header.version = 3 },
        BentBlock(name: "negative version", words: "bad-version(0x80000004)") { $0.header.version = 0x8000_0004 },
        BentBlock(name: "unknown parent", words: "prev-blk-not-found") { $0.header.previousHash = Hash256(number: .one) },

        // The body.
        BentBlock(name: "wrong Merkle root", words: "bad-txnmrklroot", fixesRoot: false) { $0.header.merkleRoot = Hash256(number: .one) },
        BentBlock(name: "last transaction twice (CVE-2012-2459)", words: "bad-txns-duplicate", needsTransactions: true) { block in
            block.transactions = Array(block.transactions[0..<3])
            block.transactions.append(block.transactions[2])
        },
        BentBlock(name: "no transactions", words: "bad-blk-length") { $0.transactions = [] },
        BentBlock(name: "no coinbase", words: "bad-cb-missing", needsTransactions: true) { $0.transactions.removeFirst() },
        BentBlock(name: "two coinbases", words: "bad-cb-multiple") { block in
            var second = block.transactions[0]
            second.lockTime = 1
            block.transactions.append(second)
        },
        BentBlock(name: "scriptSig of 101 bytes", words: "bad-cb-length") { $0.padScriptSig(to: 101) },
        BentBlock(name: "scriptSig of one byte", words: "bad-cb-length") { $0.transactions[0].inputs[0].scriptSig = Script([0x52]) },
        BentBlock(name: "no outputs", words: "bad-txns-vout-empty") { $0.transactions[0].outputs = [] },
        BentBlock(name: "negative output", words: "bad-txns-vout-negative") { $0.transactions[0].outputs[0].value = -1 },
        BentBlock(name: "output above 21 million coins", words: "bad-txns-vout-toolarge") {
            $0.transactions[0].outputs[0].value = 2_100_000_000_000_001
        },
        BentBlock(name: "outputs together above 21 million coins", words: "bad-txns-txouttotal-toolarge") { block in
            block.transactions[0].outputs[0].value = 2_100_000_000_000_000
            block.transactions[0].outputs[1].value = 1
        },
        BentBlock(name: "an input twice", words: "bad-txns-inputs-duplicate", needsTransactions: true) {
            $0.transactions[1].inputs.append($0.transactions[1].inputs[0])
        },
        BentBlock(name: "null input beside another", words: "bad-txns-prevout-null", needsTransactions: true) {
            $0.transactions[1].inputs.append(TransactionInput(previousOutput: .null))
        },
        BentBlock(name: "20,001 signature operations", words: "bad-blk-sigops") { block in
            block.transactions[0].outputs.append(TransactionOutput(value: 0, script: Script([UInt8](repeating: 0xac, count: 20_001))))
        },

        // The body in its place.
        BentBlock(name: "coinbase locked until later", words: "bad-txns-nonfinal") { block in
            block.transactions[0].lockTime = 12
            block.transactions[0].inputs[0].sequence = 0xffff_fffe
        },
        BentBlock(name: "coinbase locked to the height before (BIP54)", words: nil) { block in
            block.transactions[0].lockTime = 11
            block.transactions[0].inputs[0].sequence = 0xffff_fffe
        },
        BentBlock(name: "other height", words: "bad-cb-height") { $0.transactions[0].inputs[0].scriptSig = Script([0x5d, 0x00, 0x00]) },
        BentBlock(name: "height not minimally pushed", words: "bad-cb-height") {
            $0.transactions[0].inputs[0].scriptSig = Script([0x01, 0x0c, 0x00])
        },
        BentBlock(name: "no reserved value", words: "bad-witness-nonce-size") { $0.transactions[0].inputs[0].witness = [] },
        BentBlock(name: "reserved value of 31 bytes", words: "bad-witness-nonce-size") {
            $0.transactions[0].inputs[0].witness = [[UInt8](repeating: 0, count: 31)]
        },
        BentBlock(name: "other reserved value", words: "bad-witness-merkle-match") {
            $0.transactions[0].inputs[0].witness = [[UInt8](repeating: 1, count: 32)]
        },
        BentBlock(name: "stale commitment", words: "bad-witness-merkle-match", needsTransactions: true, fixesWitness: false) {
            $0.transactions.removeLast()
        },
        BentBlock(name: "witnesses without commitment", words: "unexpected-witness", needsTransactions: true) {
            $0.transactions[0].outputs.remove(at: 1)
        },
        BentBlock(name: "neither witnesses nor commitment", words: nil) { block in
            block.dropTransactions()
            block.transactions[0].outputs.removeLast()
            block.transactions[0].inputs[0].witness = []
        },
        BentBlock(name: "too heavy", words: "bad-blk-weight") { $0.pad(toWitnesslessSize: 1_000_000) },
        BentBlock(name: "too long even without witness", words: "bad-blk-length") { $0.pad(toWitnesslessSize: 1_000_001) },

        // What only connecting shows.
        BentBlock(name: "a foreign transaction", words: "bad-txns-inputs-missingorspent", needsTransactions: true) {
            $0.transactions[1].inputs[0].previousOutput.index ^= 8
        },
        BentBlock(name: "a changed witness", words: "bad-txns-inputs-missingorspent", needsTransactions: true) { block in
            guard let index = block.transactions.indices.dropFirst().first(where: { block.transactions[$0].hasWitness }) else { return }
            block.transactions[index].inputs[0].witness[0][9] ^= 1
        },
        BentBlock(name: "a transaction twice, not at the end", words: "bad-txns-inputs-missingorspent", needsTransactions: true) {
            $0.transactions.insert($0.transactions[1], at: 3)
        },
        BentBlock(name: "a satoshi too much", words: "bad-cb-amount") { $0.transactions[0].outputs[0].value += 1 },
        BentBlock(name: "fees of a transaction left out", words: "bad-cb-amount", needsTransactions: true) { $0.transactions.removeLast() },
    ]
}

extension Block {
    /// Leaves the coinbase alone and takes no fees.
    fileprivate mutating func dropTransactions() {
        transactions = [transactions[0]]
        transactions[0].outputs[0].value = Chain.regtest.subsidy(height: 12)
    }

    fileprivate mutating func pad(toWitnesslessSize size: Int) {
        transactions[0].outputs.append(TransactionOutput(value: 0, script: Script([UInt8](repeating: 0x6a, count: 900_000))))
        let now = transactions.reduce(81) { $0 + $1.witnessless.count }
        transactions[0].outputs[2].script = Script([UInt8](repeating: 0x6a, count: 900_000 + size - now))
    }

    fileprivate mutating func padScriptSig(to count: Int) {
        let missing = count - transactions[0].inputs[0].scriptSig.bytes.count
        transactions[0].inputs[0].scriptSig.append(raw: [UInt8](repeating: 0x51, count: missing))
    }
}

@Suite struct BlockRulesTests {
    /// A chain of eleven blocks, so that the next one's median time past is known: testClock - 1,000.
    static let chain: EmbeddedChain = {
        var chain = newChain()
        for offset in 0..<11 { chain.mine(1, now: testClock - 1_005 + UInt32(offset)) }
        return chain
    }()

    @Test(arguments: BentBlock.all) func aFaultHasItsWords(_ bent: BentBlock) {
        var chain = Self.chain
        let template = chain.template(now: testClock)
        #expect(template.height == 12)
        let maker = BlockMaker(template: template, fixesWitness: bent.fixesWitness, fixesRoot: bent.fixesRoot, mines: bent.mines)
        let block = maker.block(bent.bend)
        #expect(chain.submit(block, now: testClock).words == bent.words)
        #expect(chain.height == (bent.words == nil ? 12 : 11))
    }

    /// A proposal (BIP23) is judged alike, but its proof of work is not looked at.
    @Test(arguments: BentBlock.all) func aProposalIsJudgedAlike(_ bent: BentBlock) {
        var chain = Self.chain
        let template = chain.template(now: testClock)
        let maker = BlockMaker(template: template, fixesWitness: bent.fixesWitness, fixesRoot: bent.fixesRoot, mines: false)
        let block = maker.block(bent.bend)
        var words: String?
        do { try chain.check(proposal: block, now: testClock) } catch { words = error.words }
        switch bent.words {
        case "high-hash": #expect(words == nil || words == "bad-diffbits" || words == "bad-txnmrklroot")
        case "prev-blk-not-found": #expect(words == "inconclusive-not-best-prevblk")
        default: #expect(words == bent.words)
        }
        #expect(chain.height == 11)
    }

    @Test func aBlockIsTakenOnce() {
        var chain = Self.chain
        let block = chain.nextBlock()
        #expect(chain.submit(block, now: testClock) == .tip)
        #expect(chain.submit(block, now: testClock) == .refused(.duplicate))
        var greedy = BlockMaker(template: chain.template(now: testClock)).block { $0.transactions[0].outputs[0].value += 1 }
        #expect(chain.submit(greedy, now: testClock) == .refused(.coinbaseAmount))
        #expect(chain.submit(greedy, now: testClock) == .refused(.duplicateInvalid))
        greedy = BlockMaker(template: chain.template(now: testClock)).block { $0.header.previousHash = greedy.header.hash }
        #expect(chain.submit(greedy, now: testClock) == .refused(.parentInvalid))
    }
}
