import Hashing
import JSON
import Randomness
import Testing

@testable import Bitcoin

@Suite struct BlockTemplateTests {
    @Test func readsANodesTemplate() throws {
        let template = try BlockTemplate(json: Samples.template, chain: .regtest)
        #expect(template.height == 279)
        #expect(template.version == 0x2000_0000)
        #expect(template.previousHash.displayHex == "4155af347da8eb5c7f856d14c29e0538289266fd5c755e391d2a4613253d6798")
        #expect(template.bits.rawValue == 0x207f_ffff)
        #expect(template.time == 1_795_219_731)
        #expect(template.minimumTime == 1_795_219_667)
        #expect(template.coinbaseValue == Chain.regtest.subsidy(height: 279) + template.fees)
        #expect(template.longPollID == "4155af34")
        #expect(template.transactions.count == 1)
        #expect(template.branch.siblings == [template.transactions[0].txid])
    }

    @Test func versionsMayBeNegative() throws {
        let template = try BlockTemplate(json: Samples.template.replacing("version", with: -1), chain: .regtest)
        #expect(template.version == .max)
    }

    @Test func limitsAreNeverTakenAboveConsensus() throws {
        let json = Samples.template.replacing("weightlimit", with: 2_000_000_000).replacing("sigoplimit", with: 2_000_000_000)
        let template = try BlockTemplate(json: json, chain: .regtest)
        #expect(template.weightLimit == 4_000_000)
        #expect(template.signatureOperationLimit == 80_000)
    }

    @Test(
        arguments: [
            ("bits", "207fffff", "malformed"), ("bits", "1d00ffff", "target-mismatch"), ("target", "00", "malformed"), ("height", 0, "malformed"),
            ("height", 500_000_000, "malformed"), ("previousblockhash", "41", "malformed"), ("coinbasevalue", -1, "malformed"),
            ("coinbasevalue", 2_100_000_000_000_001, "malformed"), ("coinbasevalue", 25.5, "malformed"), ("mintime", 1_795_219_732, "times-crossed"),
            ("curtime", 4_294_967_296, "malformed"), ("version", 4_294_967_296, "malformed"), ("weightlimit", 100, "overweight"),
            ("sigoplimit", -1, "malformed"), ("transactions", [:], "malformed"), ("rules", ["!segwit", "!covenants"], "unknown-rule"),
            ("rules", "csv", "malformed"), ("signet_challenge", "51", "wrong-chain"), ("default_witness_commitment", .null, "no-witness-commitment"),
            ("default_witness_commitment", "6a24aa21a9ed00", "malformed"), ("longpollid", 5, "malformed"),
            ("default_witness_commitment", .string("6a24aa21a9ee" + String(repeating: "0", count: 64)), "malformed"),
            ("transactions", .array(Array(repeating: 1, count: 16_667)), "too-many-transactions"),
        ] as [(String, JSONValue, String)]
    )
    func refused(key: String, value: JSONValue, label: String) {
        let json = Samples.template.replacing(key, with: key == "bits" && value == "207fffff" ? .null : value)
        let error = #expect(throws: TemplateError.self) { try BlockTemplate(json: json, chain: .regtest) }
        #expect(error?.label == label)
    }

    @Test(
        arguments: [
            ("txid", "00", "malformed"), ("txid", nil, "malformed"), ("hash", 7, "malformed"), ("data", "0", "malformed"), ("data", nil, "malformed"),
            ("weight", 1, "malformed"), ("weight", 40_000, "malformed"), ("weight", nil, "malformed"), ("fee", -1, "malformed"),
            ("sigops", -1, "malformed"), ("data", #""]}"#, "malformed"), ("data", "", "malformed"),
        ] as [(String, JSONValue?, String)]
    )
    func transactionRefused(key: String, value: JSONValue?, label: String) throws {
        let error = #expect(throws: TemplateError.self) {
            try BlockTemplate(json: Samples.template.replacingInTransaction(key, with: value), chain: .regtest)
        }
        #expect(error?.label == label)
        #expect(try #require(error).description.contains("transactions[0]."))
    }

    @Test(arguments: [
        "version", "previousblockhash", "transactions", "coinbasevalue", "target", "mintime", "sigoplimit", "weightlimit", "curtime", "bits",
        "height",
    ])
    func missingMemberIsNamed(key: String) {
        let error = #expect(throws: TemplateError.self) { try BlockTemplate(json: Samples.template.replacing(key, with: nil), chain: .regtest) }
        #expect(error == .malformed(path: key, problem: "is missing"))
    }

    @Test(arguments: ["rules", "longpollid", "coinbaseaux", "mutable", "sizelimit"])
    func memberThatMayBeMissing(key: String) throws {
        _ = try BlockTemplate(json: Samples.template.replacing(key, with: nil), chain: .regtest)
    }

    /// Any member replaced by any kind of value gives a template or a typed error.
    @Test func nonsenseNeverCrashes() {
        let nonsense: [JSONValue] = [
            .null, true, 0, -1, .integer(.max), .integer(.min), 1e308, "", "ff", .string(String(repeating: "f", count: 64)), [], [[]], [:],
            ["data": ""],
        ]
        for value in nonsense {
            for key in Samples.template.object?.keys ?? [] {
                _ = try? BlockTemplate(json: Samples.template.replacing(key, with: value), chain: .regtest)
            }
            for key in ["data", "txid", "hash", "fee", "sigops", "weight"] {
                _ = try? BlockTemplate(json: Samples.template.replacingInTransaction(key, with: value), chain: .regtest)
            }
            #expect(throws: TemplateError.self) { try BlockTemplate(json: value, chain: .regtest) }
        }
    }

    @Test(arguments: [("51", nil), ("5121", "signet-challenge"), (nil, "wrong-chain")] as [(String?, String?)])
    func signet(challenge: String?, label: String?) throws {
        let json = Samples.template.replacing("signet_challenge", with: challenge.map { .string($0) }).replacing(
            "rules",
            with: ["!segwit", "!signet"]
        )
        do {
            let template = try BlockTemplate(json: json, chain: .signet)
            #expect(template.chain == .signet)
            #expect(label == nil)
        } catch {
            #expect(error.label == label)
        }
    }

    @Test func signetWantsACommitmentInEveryBlock() throws {
        let json = Samples.template.replacing("transactions", with: []).replacing("default_witness_commitment", with: nil)
        #expect(try BlockTemplate(json: json, chain: .regtest).witnessCommitment == nil)
        let onSignet = json.replacing("signet_challenge", with: "51")
        #expect(throws: TemplateError.noWitnessCommitment) { try BlockTemplate(json: onSignet, chain: .signet) }
    }

    @Test func hexIsJoinedInOrder() throws {
        var generator = SeededGenerator(seed: 7)
        let transactions = (0..<5).map { _ in TemplateTransaction(generator.transaction(), fee: 1, signatureOperations: 0) }
        let body = TemplateBody(transactions)
        #expect(String(decoding: body.joinedHex(), as: UTF8.self) == transactions.map(\.hex).joined())
        #expect(body.joinedHex() == body.joinedHex())
        #expect(try JSONValue(parsing: body.jsonArray()) == .array(transactions.map { .string($0.hex) }))
        #expect(TemplateBody([]).joinedHex().isEmpty)
        #expect(TemplateBody([]).jsonArray() == Array("[]".utf8))
    }
}

@Suite struct EmptyTemplateTests {
    static let tip = BlockHeader(
        version: 0x2000_0000,
        previousHash: .zero,
        merkleRoot: .zero,
        time: 1_700_000_000,
        bits: CompactBits(rawValue: 0x1d00_ffff),
        nonce: 5
    )

    @Test(
        arguments: [
            (Chain.main, 840_000, true), (.main, 840_672, false), (.main, 840_671, true), (.signet, 5, true), (.signet, 2_016, false),
            (.test, 5, false),
            (.testnet4, 5, false), (.regtest, 5, true), (.regtest, 2_016, false),
        ] as [(Chain, UInt32, Bool)]
    )
    func onlyWhereBitsAreKnown(chain: Chain, height: UInt32, exists: Bool) {
        let template = BlockTemplate.empty(on: Self.tip, height: height, chain: chain, version: 0x2000_0000, now: 1_700_000_500)
        #expect((template != nil) == exists)
    }

    @Test func followsTheTip() throws {
        let template = try #require(BlockTemplate.empty(on: Self.tip, height: 840_000, chain: .main, version: 0x2000_1000, now: 1_700_000_500))
        #expect(template.previousHash == Self.tip.hash)
        #expect(template.bits == Self.tip.bits)
        #expect(template.version == 0x2000_1000)
        #expect(template.coinbaseValue == 312_500_000)
        #expect(template.minimumTime == 1_700_000_001)
        #expect(template.time == 1_700_000_500)
        #expect(template.transactions.isEmpty && template.branch.siblings.isEmpty)
        // As in a captured coinbase of an empty block.
        #expect(
            template.witnessCommitment?.script.bytes
                == (try bytes("6a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9"))
        )
    }

    @Test func timeIsNeverBelowTheMinimum() throws {
        let behind = try #require(BlockTemplate.empty(on: Self.tip, height: 9, chain: .regtest, version: 4, now: 1_600_000_000))
        #expect(behind.time == 1_700_000_001)
        let known = try #require(
            BlockTemplate.empty(on: Self.tip, height: 9, chain: .regtest, version: 4, medianTimePast: 1_699_999_000, now: 1_600_000_000)
        )
        #expect(known.minimumTime == 1_699_999_001)
    }

    @Test func tipWithoutATargetGivesNone() {
        var tip = Self.tip
        tip.bits = CompactBits(rawValue: 0)
        #expect(BlockTemplate.empty(on: tip, height: 9, chain: .regtest, version: 4, now: 0) == nil)
    }
}
