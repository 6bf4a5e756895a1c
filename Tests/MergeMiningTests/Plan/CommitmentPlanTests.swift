import Bitcoin
import Hashing
import JSON
import Randomness
import Testing

@testable import MergeMining

@Suite struct CommitmentPlanTests {
    @Test func withoutAuxiliariesItIsThePlainCoinbase() throws {
        var sample = SampleWorks(seed: 1)
        let parent = sample.parent()
        let plan = try CommitmentPlan(parent)
        let plain = try CoinbaseLayout(
            height: parent.height,
            runNumber: parent.runNumber,
            tag: parent.tag,
            extranonceSize: parent.extranonceSize,
            payouts: parent.payouts,
            witnessCommitment: parent.witnessCommitment
        )
        #expect(plan.layout.prefix == plain.prefix)
        #expect(plan.layout.suffix == plain.suffix)
        #expect(plan.works.isEmpty && plan.tree == nil && plan.dropped.isEmpty)
    }

    @Test func everyTagHasItsPlace() throws {
        var sample = SampleWorks(seed: 2)
        let works = try sample.all()
        let plan = try CommitmentPlan(sample.parent(), works: works)
        #expect(plan.dropped.isEmpty)
        #expect(plan.works == works.works)
        let tags = CoinbaseTags(try Transaction(parsing: try plan.layout.witnessless(extranonce: sample.random.bytes(13))))
        #expect(tags.purposes == [.payout, .witnessCommitment, .syscoin, .rsk])
        #expect(tags.bytesAfterRSKHash == 4)
        #expect(tags.auxPow?.size == 16)
        #expect(tags.auxPow?.nonce == 0)
        #expect(tags.scriptSig.count <= CoinbaseLayout.scriptSigLimit)
    }

    /// The pool tag gives way; the commitments stay whole.
    @Test(arguments: [0, 1, 20, 31, 32, 60, 200]) func tagGivesWay(length: Int) throws {
        var sample = SampleWorks(seed: 3)
        let plan = try CommitmentPlan(sample.parent(tag: String(repeating: "m", count: length)), works: sample.all())
        #expect(plan.layout.tag.utf8.count == min(length, 31))
        #expect(plan.layout.scriptSigCount <= 100)
        #expect(plan.dropped.isEmpty)
        #expect(plan.works.count == 5)
    }

    @Test func everyChainTakesItsProof() throws {
        var sample = SampleWorks(seed: 4)
        let plan = try CommitmentPlan(sample.parent(), works: sample.all())
        let (extranonce, branch) = (sample.random.bytes(13), sample.branch(12))
        let header = try sample.header(plan, extranonce: extranonce, branch: branch)
        var methods: [String: String] = [:]
        for index in plan.works.indices {
            let solution = try plan.solution(of: index, extranonce: extranonce, header: header, branch: branch, transactions: 4000)
            methods[solution.chain] = solution.method
            #expect(try AuxiliarySolution(JSONValue(parsing: solution.json.serialized())) == solution)
            #expect(solution.parentHash == header.hash.displayHex)
            guard case .auxPow(let work) = plan.works[index].content else { continue }
            let hex = solution.parameters[1]?.string ?? solution.parameters["auxpow"]?.string
            let proof = try AuxPow(parsing: try #require(hex.flatMap { Hex.decode($0) }), allowsWitness: false)
            #expect(throws: Never.self) { try proof.verifyCommitment(to: work.leaf, rules: work.rules) }
            #expect(proof.coinbaseIndex == 0)
            #expect(proof.parentHash == Hex.decode(header.hash.displayHex))
        }
        #expect(methods.count == 5)
        #expect(methods["rootstock"] == "mnr_submitBitcoinBlockPartialMerkle")
    }

    /// Elastos names its blocks in internal order and its parameters by name; the leaf is the reversed name all the same.
    @Test func elastosDialect() throws {
        var sample = SampleWorks(seed: 5)
        let work = try AuxPowWork(sample.reply(.elastos, .elastos), flavour: .elastos, chain: .elastos)
        #expect(work.height == 800_001)
        #expect(Hex.decode(work.blockID) == Hex.decode(work.name)?.reversed())
        #expect(Hex.encode(work.leaf.internalBytes.reversed()) == work.name)
        var reply = try #require(sample.reply(.elastos, .elastos).object)
        reply["bits"] = "f00ffff"
        #expect(try AuxPowWork(.object(reply), flavour: .elastos, chain: .elastos).bits.rawValue == 0x0f00_ffff)
    }

    /// The node hands the submission to its own steps and accepts it.
    @Test func rskNodeTakesTheParameters() throws {
        var sample = SampleWorks(seed: 6)
        let plan = try CommitmentPlan(sample.parent(), works: sample.all())
        let (extranonce, branch) = (sample.random.bytes(13), sample.branch(11))
        let header = try sample.header(plan, extranonce: extranonce, branch: branch)
        let found = plan.works.firstIndex { $0.isRSK }
        let index = try #require(found)
        guard case .rsk(let work) = plan.works[index].content else { return }
        let solution = try plan.solution(of: index, extranonce: extranonce, header: header, branch: branch, transactions: 2000)
        var server = RSKMinerServer(network: .main, bestParent: work.parent)
        server.add(.init(work, time: 1_700_000_000, height: 8_900_000))
        let submission = try RSKSubmission(.partialMerkle, try #require(solution.parameters.array))
        #expect(try server.submit(submission, now: 1_700_000_000_000).status == .best)
    }

    /// The promise is 736 bytes at 12 levels; this layout keeps to 612, wherever the tag falls in its block.
    @Test(arguments: 1...80) func rskProofSize(payoutBytes: Int) throws {
        var sample = SampleWorks(seed: UInt64(payoutBytes))
        let payout = Script(sample.random.bytes(payoutBytes))
        let plan = try CommitmentPlan(sample.parent(payouts: [payout]), works: sample.all())
        let coinbase = try plan.layout.witnessless(extranonce: sample.random.bytes(13))
        let sizes = [12, 13].map { RSKProof(header: [UInt8](repeating: 0, count: 80), coinbase: coinbase, branch: sample.branch($0)).size }
        #expect(sizes[0] <= 612)
        #expect(sizes[1] <= 644)
    }

    /// A miner who writes the magic into his extranonce spoils every AuxPoW chain, nothing else.
    @Test(arguments: [0, 5, 9]) func sabotage(offset: Int) throws {
        var sample = SampleWorks(seed: 7)
        let plan = try CommitmentPlan(sample.parent(), works: sample.all())
        var extranonce = [UInt8](repeating: 0, count: 13)
        extranonce.replaceSubrange(offset..<offset + 4, with: AuxPowCommitment.magic)
        let branch = sample.branch(3)
        let header = try sample.header(plan, extranonce: extranonce, branch: branch)
        for index in plan.works.indices {
            if plan.works[index].isRSK {
                #expect(throws: Never.self) {
                    try plan.solution(of: index, extranonce: extranonce, header: header, branch: branch, transactions: 9)
                }
            } else {
                #expect(throws: CommitmentViolation.auxPow(.multipleHeaders)) {
                    try plan.solution(of: index, extranonce: extranonce, header: header, branch: branch, transactions: 9)
                }
            }
        }
        #expect(CommitmentViolation.auxPow(.multipleHeaders).isSabotage)
        #expect(!CommitmentViolation.auxPow(.parentHasOurChainID).isSabotage)
    }

    /// BIP320 rolling can reach Fractal's id, and a version bit 8 is refused by two chains.
    @Test(arguments: zip([0x2024_0000, 0x2000_0100, 0x3fff_e000] as [UInt32], [["fractal"], ["namecoin", "fractal"], []] as [[String]]))
    func rolledVersions(version: UInt32, refusing: [String]) throws {
        var sample = SampleWorks(seed: 8)
        let plan = try CommitmentPlan(sample.parent(), works: sample.all())
        let (extranonce, branch) = (sample.random.bytes(13), sample.branch(3))
        let header = try sample.header(plan, extranonce: extranonce, branch: branch, version: version)
        let refused = plan.works.indices.filter {
            (try? plan.solution(of: $0, extranonce: extranonce, header: header, branch: branch, transactions: 9)) == nil
        }
        #expect(refused.map { plan.works[$0].chain } == refusing)
    }

    @Test func aChainThatIsDownMovesNoSlot() throws {
        var sample = SampleWorks(seed: 9)
        let works = try sample.all()
        let parent = sample.parent()
        let whole = try #require(try CommitmentPlan(parent, works: works).tree)
        for missing in works.works where !missing.isRSK {
            let rest = AuxiliaryWorks(shape: works.shape, works: works.works.filter { $0.chain != missing.chain })
            let tree = try #require(try CommitmentPlan(parent, works: rest).tree)
            #expect(tree.shape.slots == whole.shape.slots)
            #expect(tree.root != whole.root)
        }
        let plan = try CommitmentPlan(parent, works: AuxiliaryWorks(shape: works.shape, works: []))
        #expect(plan.tree != nil)
        #expect(CoinbaseTags(try Transaction(parsing: try plan.layout.witnessless(extranonce: [UInt8](repeating: 0, count: 13)))).auxPow != nil)
    }

    /// The letters "sys" in somebody's OP_RETURN cost Syscoin its leaf and no one else anything.
    @Test func strayLettersDropOneChain() throws {
        var sample = SampleWorks(seed: 10)
        let works = try sample.all()
        let payouts: [Script] = [.payToWitness(version: 0, program: sample.random.bytes(20)), .dataCarrier(Array("an ecosystem".utf8))]
        let plan = try CommitmentPlan(sample.parent(payouts: payouts), works: works)
        #expect(plan.dropped == [.init(chain: "syscoin", violation: .syscoin(.wrong))])
        #expect(plan.works.map(\.chain) == ["namecoin", "elastos", "fractal", "rootstock"])
    }

    @Test func strayTagsDropWhatTheySpoil() throws {
        var sample = SampleWorks(seed: 11)
        let works = try sample.all()
        let carrier = Script.dataCarrier(RSKTag.prefix + sample.random.bytes(32))
        let doubled = try CommitmentPlan(sample.parent(payouts: [carrier]), works: works)
        #expect(doubled.dropped == [.init(chain: "rootstock", violation: .strayRSKTag)])
        #expect(doubled.works.count == 4)
        var parent = sample.parent()
        parent.runNumber = 0xfabe_6d6d
        let magic = try CommitmentPlan(parent, works: works)
        #expect(magic.works.map(\.chain) == ["rootstock"])
        #expect(magic.tree == nil)
        #expect(Set(magic.dropped.map(\.violation.label)).contains("multiple-mm-headers"))
    }

    @Test func oneRSKWorkOnly() throws {
        var sample = SampleWorks(seed: 12)
        let first = sample.rsk()
        let other = sample.rsk()
        let second = AuxiliaryWork(chain: "another", node: "rskj", since: 0, content: other.content)
        let plan = try CommitmentPlan(sample.parent(), works: AuxiliaryWorks(shape: nil, works: [first, second]))
        #expect(plan.works == [first])
        #expect(plan.dropped == [.init(chain: "another", violation: .secondRSKWork)])
    }

    /// Two chains of one id cannot share a coinbase; that is an error of the configuration.
    @Test func sameIDIsRefused() {
        #expect(throws: AuxiliaryTreeError.sameID(1)) { try AuxiliaryTree.Shape(chains: [1, 16, 1]) }
        #expect(throws: AuxiliaryTreeError.sameSlot(1, 17, height: 4)) { try AuxiliaryTree.Shape(chains: [1, 17], height: 4, nonce: 0) }
        #expect(throws: AuxiliaryTreeError.heightOutOfRange(31)) { try AuxiliaryTree.Shape(chains: [1], height: 31, nonce: 0) }
    }

    @Test(arguments: ["hash", "chainid", "previousblockhash", "bits", "height"]) func repliesThatLackAPart(key: String) throws {
        var sample = SampleWorks(seed: 13)
        for spoiled: JSONValue? in [nil, "xyz", -1, 0.5] {
            var reply = try #require(sample.reply(.namecoin, .namecoin).object)
            reply[key] = spoiled
            #expect(throws: AuxiliaryReplyError.self) { try AuxPowWork(.object(reply), flavour: .namecoin, chain: .namecoin) }
        }
    }
}
