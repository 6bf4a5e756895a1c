import Hashing
import Randomness
import Testing

@Suite struct ShareJudgeTests {
    /// A header's hash by OpenSSL over bytes put together as a node does.
    private func expected(_ share: ShareInput, _ plan: JudgePlan) -> Hash256 {
        let extranonce = (0..<plan.extranonceSize).map { share.extranonce[$0] }
        var root = OpenSSL.sha256d(plan.coinbasePrefix + extranonce + plan.coinbaseSuffix)
        for sibling in plan.branch { root = OpenSSL.sha256d(root + sibling.internalBytes) }
        func bytes(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) } }
        let header =
            bytes(share.version) + plan.previousHash.internalBytes + root + bytes(share.time) + bytes(plan.bits.rawValue) + bytes(share.nonce)
        return Hash256(internalBytes: OpenSSL.sha256d(header)) ?? .zero
    }

    private func plan(prefix: Int, size: Int, suffix: Int, branch: Int, _ random: inout SeededGenerator) -> JudgePlan {
        JudgePlan(
            coinbasePrefix: random.bytes(prefix),
            extranonceSize: size,
            coinbaseSuffix: random.bytes(suffix),
            branch: (0..<branch).map { _ in random.hash() },
            previousHash: random.hash(),
            bits: CompactBits(rawValue: .random(in: .min ... .max, using: &random))
        )
    }

    private func shares(_ count: Int, _ random: inout SeededGenerator) -> [ShareInput] {
        (0..<count).map { _ in
            ShareInput(
                extranonce: random.bytes(32),
                version: .random(in: .min ... .max, using: &random),
                time: .random(in: .min ... .max, using: &random),
                nonce: .random(in: .min ... .max, using: &random)
            )
        }
    }

    private func judge(_ shares: [ShareInput], _ plan: JudgePlan, _ judge: ShareJudge) -> [Hash256] {
        var hashes = [Hash256](repeating: .zero, count: shares.count)
        var places = hashes.mutableSpan
        judge.judge(shares.span, of: plan, into: &places)
        return hashes
    }

    @Test(arguments: HashEngine.available)
    func everyCountAgreesWithOpenSSL(engine: HashEngine) {
        var random = SeededGenerator(seed: 30)
        let plan = plan(prefix: 57, size: 12, suffix: 150, branch: 12, &random)
        let shares = shares(40, &random)
        let expected = shares.map { self.expected($0, plan) }
        for helpers in [[], HashEngine.available] {
            let judge = ShareJudge(engine: engine, helpers: helpers)
            for count in 0...40 {
                #expect(self.judge(Array(shares[..<count]), plan, judge) == Array(expected[..<count]))
            }
        }
    }

    /// The field anywhere in a block, across two, at the very end; tails of none to several blocks.
    @Test(arguments: HashEngine.available)
    func everyPlaceOfTheExtranonceAgreesWithOpenSSL(engine: HashEngine) {
        var random = SeededGenerator(seed: 31)
        let judge = ShareJudge(engine: engine)
        for prefix in 0...130 {
            for size in [0, 1, 4, 12, 16, 31, 32] {
                let plan = plan(prefix: prefix, size: size, suffix: .random(in: 0...140, using: &random), branch: prefix % 3, &random)
                let shares = shares(2, &random)
                #expect(self.judge(shares, plan, judge) == shares.map { expected($0, plan) })
            }
        }
    }

    @Test(arguments: HashEngine.available)
    func everyCoinbaseLengthAgreesWithOpenSSL(engine: HashEngine) {
        var random = SeededGenerator(seed: 32)
        let judge = ShareJudge(engine: engine)
        for suffix in 0...130 {
            let plan = plan(prefix: 41, size: 8, suffix: suffix, branch: 0, &random)
            let shares = shares(1, &random)
            #expect(self.judge(shares, plan, judge) == shares.map { expected($0, plan) })
        }
    }

    @Test func everyShareIsTakenOnceAndFullLanesFirst() throws {
        for choice in try HashEngine.available.map({ try EngineChoice(override: $0.name) }) + [HashEngine.chosen()] {
            let judge = choice.makeJudge()
            for count in 0...70 {
                let calls = judge.calls(for: count)
                #expect(calls.map(\.shares).reduce(0, +) == count)
                #expect(calls.prefix(count / judge.engine.lanes).allSatisfy { $0.engine == judge.engine && $0.shares == judge.engine.lanes })
            }
        }
    }

    @Test func bytesBehindTheExtranonceDoNotMatter() {
        var random = SeededGenerator(seed: 33)
        let plan = plan(prefix: 60, size: 12, suffix: 80, branch: 1, &random)
        var share = shares(1, &random)[0]
        let judge = ShareJudge(engine: HashEngine.available[0])
        let hash = self.judge([share], plan, judge)
        for index in 12..<32 { share.extranonce[index] ^= 0xff }
        #expect(self.judge([share], plan, judge) == hash)
        share.extranonce[11] ^= 1
        #expect(self.judge([share], plan, judge) != hash)
    }
}
